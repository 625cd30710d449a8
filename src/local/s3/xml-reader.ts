import { s3Error } from "./s3-errors.js";

/** An element: its name without prefix, its text as it stands, its children. */
export interface XmlElement {
  readonly name: string;
  readonly text: string;
  readonly children: readonly XmlElement[];
}

interface OpenElement extends XmlElement {
  text: string;
  readonly children: XmlElement[];
}

const maxDepth = 16;
const maxElements = 80_000; // a completion of 10,000 parts with checksums has 40,000

const entities = new Map([
  ["amp", "&"],
  ["lt", "<"],
  ["gt", ">"],
  ["quot", '"'],
  ["apos", "'"],
]);

/**
 * Reads a small XML document: elements, text, CDATA, comments, the five entities and character references. A document
 * type is refused, and with it every other entity.
 *
 * @throws `MalformedXML` for everything else.
 */
export function readXml(bytes: Uint8Array): XmlElement {
  const source = decodeText(bytes);
  const root: OpenElement = { name: "", text: "", children: [] };
  const open: OpenElement[] = [root];
  let count = 0;
  let at = source.startsWith("\ufeff") ? 1 : 0;
  while (at < source.length) {
    const current = open.at(-1) ?? root;
    const next = source.indexOf("<", at);
    const text = source.slice(at, next === -1 ? source.length : next);
    if (current === root) {
      if (text.trim() !== "") throw s3Error.malformedXml();
    } else {
      current.text += decodeEntities(text);
    }
    if (next === -1) break;
    at = next;
    if (source.startsWith("<!--", at)) at = behind(source, "-->", at + 4);
    else if (source.startsWith("<?", at)) at = behind(source, "?>", at + 2);
    else if (source.startsWith("<![CDATA[", at)) {
      if (current === root) throw s3Error.malformedXml();
      const end = behind(source, "]]>", at + 9);
      current.text += source.slice(at + 9, end - 3);
      at = end;
    } else {
      const end = tagEnd(source, at);
      const tag = readTag(source.slice(at, end));
      at = end;
      if (tag.kind === "end") {
        if (open.length === 1 || open.pop()?.name !== tag.name) throw s3Error.malformedXml();
        continue;
      }
      if (++count > maxElements || open.length > maxDepth) throw s3Error.malformedXml();
      const element: OpenElement = { name: tag.name, text: "", children: [] };
      current.children.push(element);
      if (tag.kind === "begin") open.push(element);
    }
  }
  const [only] = root.children;
  if (open.length !== 1 || root.children.length !== 1 || only === undefined) throw s3Error.malformedXml();
  return only;
}

/** The text of the first child of that name. */
export function childText(element: XmlElement, name: string): string | undefined {
  return element.children.find((child) => child.name === name)?.text;
}

/** The texts of all children of that name. */
export function childTexts(element: XmlElement, name: string): readonly string[] {
  return element.children.filter((child) => child.name === name).map((child) => child.text);
}

function decodeText(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw s3Error.malformedXml();
  }
}

function behind(source: string, mark: string, from: number): number {
  const at = source.indexOf(mark, from);
  if (at === -1) throw s3Error.malformedXml();
  return at + mark.length;
}

/** Behind the `>` of a tag; one inside a quoted attribute value does not count. */
function tagEnd(source: string, begin: number): number {
  let quote = "";
  for (let at = begin + 1; at < source.length; at++) {
    const character = source[at];
    if (quote !== "") {
      if (character === quote) quote = "";
    } else if (character === '"' || character === "'") quote = character;
    else if (character === ">") return at + 1;
    else if (character === "<") break;
  }
  throw s3Error.malformedXml();
}

function readTag(tag: string): { readonly kind: "begin" | "end" | "empty"; readonly name: string } {
  const found = /^<(\/?)(?:[A-Za-z_][\w.-]*:)?([A-Za-z_][\w.-]*)(\s[^]*?)?(\/?)>$/.exec(tag);
  const [, slash, name, attributes, empty] = found ?? [];
  if (name === undefined || (slash === "/" && (empty === "/" || (attributes ?? "").trim() !== ""))) {
    throw s3Error.malformedXml();
  }
  return { kind: slash === "/" ? "end" : empty === "/" ? "empty" : "begin", name };
}

function decodeEntities(text: string): string {
  if (!text.includes("&")) return text;
  return text.replace(/&([^;&]{0,12});|&/g, (_, body: string | undefined) => {
    const named = entities.get(body ?? "");
    if (named !== undefined) return named;
    const digits = /^#(?:x([0-9a-fA-F]{1,6})|([0-9]{1,7}))$/.exec(body ?? "");
    if (digits === null) throw s3Error.malformedXml();
    const code = digits[1] === undefined ? Number(digits[2]) : Number.parseInt(digits[1], 16);
    if (code === 0 || code > 0x10ffff || (code >= 0xd800 && code < 0xe000)) throw s3Error.malformedXml();
    return String.fromCodePoint(code);
  });
}
