import { TextDecoder } from "node:util";
import { SegmentationError } from "../core/errors.js";

/** One line of a manifest. */
export interface ManifestLine {
  /** Line number, from 1; blank lines count. */
  readonly number: number;
  /** Where the line begins, in bytes from the start of the file. */
  readonly offset: number;
  readonly text: string;
  /** Whether the file ends in the line, without a line feed. */
  readonly last: boolean;
}

/** Options of {@link readLines}. */
export interface ReadLinesOptions {
  /** Address for error messages. */
  readonly uri?: string;
  /** Longest line in characters; default 100,000 (guide, sms-input-data-input-manifest). */
  readonly maxLength?: number;
  /** Gets the error of a line that cannot be read, and reading goes on with the next; default: the error is thrown. */
  readonly onBadLine?: (error: SegmentationError<"manifest.line">) => void;
  readonly signal?: AbortSignal;
}

/** Longest line of an input manifest in characters (guide, sms-input-data-input-manifest). */
export const maxLineLength = 100_000;

const newline = 0x0a;
const byteOrderMark = [0xef, 0xbb, 0xbf];

/**
 * Reads JSON Lines as they arrive: UTF-8, `\n` or `\r\n`, with or without byte order mark; blank lines are passed over.
 *
 * Holds one line at most, and of a line above the limit no more than the limit. Lines are cut as bytes, so characters may
 * be split between chunks anywhere.
 *
 * @throws `manifest.line` for a line that is too long or not UTF-8.
 */
export async function* readLines(
  chunks: AsyncIterable<Uint8Array>,
  { uri, maxLength = maxLineLength, onBadLine, signal }: ReadLinesOptions = {},
): AsyncGenerator<ManifestLine, void, void> {
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  let number = 1;
  let offset = 0;
  let parts: Uint8Array[] = [];
  let held = 0;
  let length = 0;
  let refused = false;

  const fail = (expected: string, cause?: unknown): void => {
    const error = lineError({ number, offset, uri }, expected, cause);
    if (onBadLine === undefined) throw error;
    onBadLine(error);
    refused = true;
    parts = [];
  };
  const hold = (part: Uint8Array, copied: boolean): void => {
    length += part.length;
    if (refused || part.length === 0) return;
    held += part.length;
    // UTF-8 has at most three bytes for each UTF-16 unit that `length` counts.
    if (held > 3 * maxLength + 4) fail(`at most ${maxLength} characters`);
    else parts.push(copied ? new Uint8Array(part) : part);
  };
  const line = (last: boolean): ManifestLine | undefined => {
    let text: string | undefined;
    try {
      if (!refused) text = decode(decoder, parts, number === 1);
    } catch (cause) {
      fail("UTF-8 text", cause);
    }
    if (text !== undefined && text.length > maxLength) {
      fail(`at most ${maxLength} characters, not ${text.length}`);
      text = undefined;
    }
    const found = text === undefined || text.trim() === "" ? undefined : { number, offset, text, last };
    number++;
    offset += length + 1;
    parts = [];
    held = 0;
    length = 0;
    refused = false;
    return found;
  };

  for await (const chunk of chunks) {
    signal?.throwIfAborted();
    let start = 0;
    for (let end = chunk.indexOf(newline); end >= 0; end = chunk.indexOf(newline, start)) {
      hold(chunk.subarray(start, end), false);
      start = end + 1;
      const found = line(false);
      if (found !== undefined) yield found;
    }
    // A copy (`slice` of a Buffer is none): whoever made the chunk may use its memory again. Most lines end in their
    // chunk and need none, and of a refused line copies would only be garbage, as large as the file.
    hold(chunk.subarray(start), true);
  }
  if (length > 0) {
    const found = line(true);
    if (found !== undefined) yield found;
  }
}

/** The text of a line without byte order mark and carriage return. Throws a `TypeError` when it is not UTF-8. */
function decode(decoder: TextDecoder, parts: readonly Uint8Array[], first: boolean): string {
  let bytes: Uint8Array = parts.length === 1 ? parts[0]! : Buffer.concat(parts);
  if (first && byteOrderMark.every((byte, at) => bytes[at] === byte)) bytes = bytes.subarray(3);
  if (bytes.at(-1) === 0x0d) bytes = bytes.subarray(0, -1);
  return decoder.decode(bytes);
}

/** The error for a line that cannot be read. */
export function lineError(
  where: { readonly number: number; readonly offset?: number; readonly uri?: string | undefined },
  expected: string,
  cause?: unknown,
): SegmentationError<"manifest.line"> {
  const { number, offset, uri } = where;
  const place = offset === undefined ? "" : ` (byte ${offset})`;
  return new SegmentationError(
    "manifest.line",
    `Line ${number}${place} of ${uri === undefined ? "the manifest" : uri} cannot be read: expected ${expected}.`,
    {
      line: number,
      expected,
      ...(offset === undefined ? {} : { offset }),
      ...(uri === undefined ? {} : { uri }),
    },
    cause === undefined ? undefined : { cause },
  );
}
