import { Refusal } from "./refusal.js";

/** What a decoded aws-chunked body said behind its last chunk, by lower-case name. */
export type Trailer = ReadonlyMap<string, string>;

const maxLine = 1024; // a chunk header with signature has about 90 bytes
const maxTrailerLines = 16;

/**
 * Decodes an aws-chunked body (Amazon S3 API, "Signature calculations: transferring payload in multiple chunks"), with
 * or without chunk signatures, which are not checked: `5;chunk-signature=...\r\nhello\r\n0\r\nx-amz-checksum-crc32:...\r\n\r\n`.
 * Passes bytes on as they come. Ends only when the framing is whole and has exactly `decodedLength` bytes.
 *
 * @param onTrailer - Called once, before the end.
 */
export async function* decodeAwsChunked(
  source: AsyncIterable<Uint8Array>,
  decodedLength: number,
  onTrailer: (trailer: Trailer) => void,
): AsyncGenerator<Uint8Array> {
  const lines = new LineReader();
  const trailer = new Map<string, string>();
  let state: "size" | "data" | "data-end" | "trailer" | "end" = "size";
  let left = 0; // bytes of this chunk that are to come
  let missing = decodedLength;
  for await (const piece of source) {
    for (let at = 0; at < piece.length;) {
      if (state === "end") throw incomplete();
      if (state === "data") {
        const take = Math.min(left, piece.length - at);
        yield piece.subarray(at, at + take);
        at += take;
        left -= take;
        if (left === 0) state = "data-end";
        continue;
      }
      const step = lines.read(piece, at);
      at = step.next;
      if (step.line === undefined) continue;
      if (state === "data-end") {
        if (step.line !== "") throw incomplete();
        state = "size";
      } else if (state === "size") {
        left = chunkSize(step.line);
        if (left > missing) throw incomplete();
        missing -= left;
        state = left === 0 ? "trailer" : "data";
      } else if (step.line === "") {
        state = "end";
      } else {
        addTrailer(trailer, step.line);
      }
    }
  }
  // Some clients leave out the last empty line, so lines behind the last chunk may also end with the body.
  if ((state !== "end" && (state !== "trailer" || lines.pending)) || missing !== 0) throw incomplete();
  onTrailer(trailer);
}

/** Collects one line over as many pieces as it takes, up to a limit. */
class LineReader {
  private text = "";

  get pending(): boolean {
    return this.text !== "";
  }

  read(piece: Uint8Array, at: number): { readonly next: number; readonly line: string | undefined } {
    const end = piece.indexOf(0x0a, at);
    const stop = end === -1 ? piece.length : end + 1;
    if (this.text.length + stop - at > maxLine) throw incomplete();
    this.text += Buffer.from(piece.buffer, piece.byteOffset + at, stop - at).toString("latin1");
    if (end === -1) return { next: stop, line: undefined };
    if (!this.text.endsWith("\r\n")) throw incomplete();
    const line = this.text.slice(0, -2);
    this.text = "";
    return { next: stop, line };
  }
}

function chunkSize(line: string): number {
  const size = /^([0-9a-fA-F]{1,10})(;[!-~ ]*)?$/.exec(line)?.[1];
  if (size === undefined) throw incomplete();
  return Number.parseInt(size, 16);
}

function addTrailer(trailer: Map<string, string>, line: string): void {
  const colon = line.indexOf(":");
  if (colon < 1 || trailer.size >= maxTrailerLines) {
    throw new Refusal(400, "MalformedTrailerError", "The request contained trailing data that was not well-formed.");
  }
  trailer.set(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim());
}

function incomplete(): Refusal {
  return new Refusal(400, "IncompleteBody", "The request body terminated unexpectedly.");
}
