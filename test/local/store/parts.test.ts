import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { startChecksum } from "../../../src/local/store/checksums.js";
import { foldPath, spellKey, spellSegment } from "../../../src/local/store/file-names.js";
import { KeyIndex } from "../../../src/local/store/key-index.js";
import { compareKeys } from "../../../src/local/store/key-order.js";

describe("checksums", () => {
  // Check values of the CRC catalogue (reveng.sourceforge.io) for "123456789".
  it.each([
    ["CRC32", "cbf43926"],
    ["CRC32C", "e3069283"],
    ["CRC64NVME", "ae8b14860a799888"],
  ] as const)("%s of 123456789 is %s, in one piece or two", (algorithm, expected) => {
    for (const cut of [0, 4, 9]) {
      const checksum = startChecksum(algorithm);
      checksum.update(Buffer.from("123456789").subarray(0, cut));
      checksum.update(Buffer.from("123456789").subarray(cut));
      expect(checksum.digest().toString("hex")).toBe(expected);
    }
  });
});

describe("spellKey", () => {
  it.each([
    ["photos/cat.jpg", "photos/cat.jpg"],
    ["ü/日本語 (1).png", "ü/日本語 (1).png"],
    ["output/0_2020-10-20T21:37:29.760855.png", "output/0_2020-10-20T21%3A37%3A29.760855.png"],
    ["../x", ".%2E/x"],
    [".", "%2E"],
    ["a//b", "a/%_/b"],
    ["a/", "a/%_"],
    ["/a", "%_/a"],
    ["%_", "%25_"],
    ["CON/nul.txt", "%43ON/%6Eul.txt"],
    ["end. ", "end.%20"],
    ["a\\b\u0007", "a%5Cb%07"],
  ])("%j is the file %j", (key, file) => {
    expect(spellKey(key)).toBe(file);
  });

  it("has no name for what file systems cannot hold", () => {
    expect(spellKey("s".repeat(201))).toBeUndefined();
    expect(spellKey(Array.from({ length: 100 }, () => "d".repeat(9)).join("/"))).toBeUndefined();
  });

  it("spells different segments differently, and never as a path of its own", () => {
    const segment = fc.string({ unit: fc.constantFrom("a", "A", ".", "%", "_", "2", "E", ":", " ", "\\", "con") });
    fc.assert(
      fc.property(segment, segment, (a, b) => {
        expect(spellSegment(a) === spellSegment(b)).toBe(a === b);
        expect(spellSegment(a)).not.toMatch(/^\.{0,2}$|[/\\:]/);
      }),
    );
  });

  it("folds what Windows or macOS take for one file", () => {
    expect(foldPath("Cat.JPG")).toBe(foldPath("cat.jpg"));
    expect(foldPath("\u00fc")).toBe(foldPath("u\u0308"));
  });
});

describe("KeyIndex", () => {
  const key = fc.string({ unit: fc.constantFrom("a", "b", "/", "-", "é", "\uffff", "😀", "\u0001"), minLength: 1 });

  it("compares as UTF-8 bytes do", () => {
    fc.assert(
      fc.property(key, key, (a, b) => {
        expect(Math.sign(compareKeys(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)));
      }),
    );
  });

  /** The definition of ListObjects, written the slow way. */
  function expected(keys: readonly string[], prefix: string, delimiter: string, after: string): string[] {
    const sorted = [...new Set(keys)].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
    const names = sorted
      .filter((k) => k.startsWith(prefix) && Buffer.compare(Buffer.from(k), Buffer.from(after)) > 0)
      .map((k) => {
        const end = delimiter === "" ? -1 : k.indexOf(delimiter, prefix.length);
        return end === -1 ? k : `${k.slice(0, end + delimiter.length)} (prefix)`;
      });
    return [...new Set(names)];
  }

  it("lists by pages what the definition says, after any order of writes and deletes", () => {
    fc.assert(
      fc.property(
        fc.array(key, { maxLength: 25 }),
        fc.array(key, { maxLength: 5 }),
        fc.constantFrom("", "a", "a/", "é"),
        fc.constantFrom("", "/", "-"),
        fc.constantFrom("", "a", "b/"),
        fc.integer({ min: 1, max: 4 }),
        (keys, deleted, prefix, delimiter, after, limit) => {
          const index = new KeyIndex<number>();
          keys.forEach((k, i) => index.set(k, i));
          for (const k of deleted) index.delete(k);
          const left = keys.filter((k) => !deleted.includes(k));
          const names: string[] = [];
          let from: { after?: string; afterPrefix?: string } = after === "" ? {} : { after };
          for (;;) {
            const page = index.list({ prefix, delimiter, limit, ...from });
            for (const e of page.entries) names.push(e.kind === "key" ? e.key : `${e.prefix} (prefix)`);
            const last = page.entries.at(-1);
            if (!page.truncated || last === undefined) break;
            from = last.kind === "key" ? { after: last.key } : { afterPrefix: last.prefix };
          }
          expect(names).toEqual(expected(left, prefix, delimiter, after));
        },
      ),
    );
  });
});
