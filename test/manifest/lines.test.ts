import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readLines } from "../../src/manifest/lines.js";
import type { ReadLinesOptions } from "../../src/manifest/lines.js";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

async function* pieces(body: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < body.length; at += size) yield await Promise.resolve(body.subarray(at, at + size));
}

async function lines(body: Uint8Array, size = 3, options?: ReadLinesOptions): Promise<[number, string][]> {
  const found: [number, string][] = [];
  for await (const { number, text } of readLines(pieces(body, size), options)) found.push([number, text]);
  return found;
}

describe("readLines", () => {
  it("takes byte order mark, CRLF, blank lines and a last line without end; blank lines count", async () => {
    const text = '\uFEFF{"a":1}\r\n\r\n   \n{"b":2}\n{"c":3}';
    for (const size of [1, 2, 5, 1000]) {
      expect(await lines(bytes(text), size)).toEqual([
        [1, '{"a":1}'],
        [4, '{"b":2}'],
        [5, '{"c":3}'],
      ]);
    }
  });

  it("keeps characters whole that are cut between chunks, wherever the cut is", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.string({ unit: "grapheme", minLength: 1 })),
        fc.integer({ min: 1, max: 9 }),
        async (texts, size) => {
          const clean = texts.map((text) => `x${text.replace(/[\r\n]/g, "")}x`);
          const found = await lines(bytes(clean.join("\n")), size);
          expect(found).toEqual(clean.map((text, at) => [at + 1, text]));
        },
      ),
      { numRuns: 100 },
    );
  });

  it("keeps the beginning of a line although the memory of its chunk is used again", async () => {
    async function* reused(): AsyncGenerator<Uint8Array> {
      // A Buffer: its `slice` is a view and no copy.
      const buffer = Buffer.alloc(4);
      for (const piece of ["ab\nc", "def\n", "gh"]) {
        buffer.write(piece);
        yield await Promise.resolve(buffer.subarray(0, piece.length));
      }
    }
    const found: string[] = [];
    for await (const { text, offset } of readLines(reused())) found.push(`${offset} ${text}`);
    expect(found).toEqual(["0 ab", "3 cdef", "8 gh"]);
  });

  it("refuses a line over the limit before it is whole, by number", async () => {
    async function* endless(): AsyncGenerator<Uint8Array> {
      yield bytes("ok\n");
      for (;;) yield await Promise.resolve(bytes("x".repeat(65536)));
    }
    const read = async (): Promise<void> => {
      for await (const line of readLines(endless(), { uri: "s3://bucket/out.manifest" })) expect(line.text).toBe("ok");
    };
    await expect(read()).rejects.toMatchObject({
      code: "manifest.line",
      details: { line: 2, uri: "s3://bucket/out.manifest", expected: "at most 100000 characters" },
    });
    expect(await lines(bytes("é".repeat(10)), 3, { maxLength: 10 })).toHaveLength(1);
    await expect(lines(bytes("é".repeat(11)), 3, { maxLength: 10 })).rejects.toMatchObject({ code: "manifest.line" });
  });

  it("refuses bytes that are not UTF-8, by line number", async () => {
    const body = Buffer.concat([bytes("good\n"), Buffer.from([0xc3, 0x28]), bytes("\n")]);
    await expect(lines(body)).rejects.toMatchObject({
      code: "manifest.line",
      details: { line: 2, expected: "UTF-8 text" },
    });
  });

  it("ends with the signal's own reason", async () => {
    const reason = new RangeError("enough");
    await expect(lines(bytes("a\nb"), 1, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });
});
