import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeAwsChunked, Refusal, type Trailer } from "../../../src/local/http/index.js";

async function* pieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield await Promise.resolve(bytes.subarray(at, at + size));
}

async function decode(
  text: string | Uint8Array,
  length: number,
  size = 7,
): Promise<{ body: string; trailer: Trailer }> {
  let trailer: Trailer = new Map();
  const parts: Uint8Array[] = [];
  const bytes = typeof text === "string" ? Buffer.from(text) : text;
  for await (const part of decodeAwsChunked(pieces(bytes, size), length, (found) => (trailer = found)))
    parts.push(part);
  return { body: Buffer.concat(parts).toString("latin1"), trailer };
}

const refused = async (text: string, length: number): Promise<string> => {
  const error: unknown = await decode(text, length).catch((reason: unknown) => reason);
  return error instanceof Refusal ? error.code : `not refused: ${JSON.stringify(error)}`;
};

describe("decodeAwsChunked", () => {
  // As captured from the JavaScript client: CRC32 of "abc" in the trailer.
  it("reads the unsigned form with its trailer", async () => {
    const { body, trailer } = await decode("3\r\nabc\r\n0\r\nx-amz-checksum-crc32:NSRBwg==\r\n\r\n", 3);
    expect(body).toBe("abc");
    expect([...trailer]).toEqual([["x-amz-checksum-crc32", "NSRBwg=="]]);
  });

  it("reads the signed form, with signatures of chunks and trailer", async () => {
    const signature = "a".repeat(64);
    const text =
      `5;chunk-signature=${signature}\r\nhello\r\n0;chunk-signature=${signature}\r\n` +
      `x-amz-checksum-crc32:NhCmhg==\r\nx-amz-trailer-signature:${signature}\r\n\r\n`;
    expect((await decode(text, 5)).body).toBe("hello");
  });

  it.each([
    ["no framing", "hello", 5],
    ["no number", "zz\r\nhello\r\n0\r\n\r\n", 5],
    ["a negative size", "-5\r\nhello\r\n0\r\n\r\n", 5],
    ["a size beyond the announced length", "ffffffffff\r\nhello\r\n0\r\n\r\n", 5],
    ["no last chunk", "5\r\nhello\r\n", 5],
    ["a cut-off chunk", "5\r\nhel", 5],
    ["a chunk without its end", "5\r\nhelloXX0\r\n\r\n", 5],
    ["fewer bytes than announced", "5\r\nhello\r\n0\r\n\r\n", 6],
    ["more bytes than announced", "5\r\nhello\r\n0\r\n\r\n", 4],
    ["bytes behind the end", "5\r\nhello\r\n0\r\n\r\nmore", 5],
    ["a bare line feed", "5\nhello\r\n0\r\n\r\n", 5],
    ["a cut-off trailer", "5\r\nhello\r\n0\r\nx-amz-che", 5],
    ["a size line without end", "5".repeat(5000), 5],
    ["nothing", "", 5],
  ])("refuses %s", async (_, text, length) => {
    expect(await refused(text, length)).toBe("IncompleteBody");
  });

  it("refuses a trailer line without a name", async () => {
    expect(await refused("0\r\nno colon\r\n\r\n", 0)).toBe("MalformedTrailerError");
  });

  it("gives back what was framed, however it is cut", async () => {
    const chunk = fc.uint8Array({ minLength: 1, maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(fc.array(chunk, { maxLength: 6 }), fc.integer({ min: 1, max: 50 }), async (chunks, size) => {
        const framed = Buffer.concat([
          ...chunks.flatMap((c) => [Buffer.from(`${c.length.toString(16)}\r\n`), c, Buffer.from("\r\n")]),
          Buffer.from("0\r\n\r\n"),
        ]);
        const whole = Buffer.concat(chunks);
        expect((await decode(framed, whole.length, size)).body).toBe(whole.toString("latin1"));
      }),
    );
  });
});
