import { describe, expect, it } from "vitest";
import { Refusal } from "../../../src/local/http/index.js";
import { childText, childTexts, readXml } from "../../../src/local/s3/xml-reader.js";

const read = (text: string): ReturnType<typeof readXml> => readXml(Buffer.from(text));
const refused = (bytes: string | Uint8Array): boolean => {
  try {
    readXml(typeof bytes === "string" ? Buffer.from(bytes) : bytes);
    return false;
  } catch (error) {
    return error instanceof Refusal && error.code === "MalformedXML";
  }
};

describe("readXml", () => {
  it("reads elements, text, entities, references, CDATA and comments", () => {
    const root = read(
      '<?xml version="1.0"?><!-- hi --><s3:Delete xmlns:s3="x" note=">">\n' +
        "<Object><Key> a &amp; &lt;b&gt; &#xe9;&#128512; <![CDATA[<&>]]></Key></Object><Quiet/><Key>1</Key><Key>2</Key></s3:Delete>",
    );
    expect(root.name).toBe("Delete");
    expect(childText(root.children[0]!, "Key")).toBe(" a & <b> é😀 <&>");
    expect(childText(root, "Quiet")).toBe("");
    expect(childTexts(root, "Key")).toEqual(["1", "2"]);
  });

  it.each([
    ["a document type", '<!DOCTYPE d [<!ENTITY x "boom">]><d>&x;</d>'],
    ["an entity of its own", "<d>&x;</d>"],
    ["a bare ampersand", "<d>a & b</d>"],
    ["NUL by reference", "<d>&#0;</d>"],
    ["a surrogate by reference", "<d>&#xd800;</d>"],
    ["nothing", ""],
    ["no element", "{}"],
    ["two roots", "<a/><b/>"],
    ["text behind the root", "<a/>b"],
    ["an open element", "<a><b></b>"],
    ["crossed elements", "<a><b></a></b>"],
    ["an end without beginning", "</a>"],
    ["a cut-off tag", "<a"],
    ["a cut-off comment", "<!-- <a></a>"],
    ["50,000 levels", "<a>".repeat(50_000) + "</a>".repeat(50_000)],
    ["100,000 elements", `<a>${"<b/>".repeat(100_000)}</a>`],
  ])("refuses %s", (_, text) => {
    expect(refused(text)).toBe(true);
  });

  it("refuses what is not UTF-8", () => {
    expect(refused(Buffer.from([0x3c, 0x61, 0x3e, 0xff, 0x3c, 0x2f, 0x61, 0x3e]))).toBe(true);
  });
});
