import { TextDecoder } from "node:util";
import { SegmentationError } from "../core/errors.js";

/** One line of a manifest. */
export interface ManifestLine {
  /** Line number, from 1; blank lines count. */
  readonly number: number;
  readonly text: string;
}

/** Options of {@link readLines}. */
export interface ReadLinesOptions {
  /** Address for error messages. */
  readonly uri?: string;
  /** Longest line in characters; default 100,000 (guide, sms-input-data-input-manifest). */
  readonly maxLength?: number;
  readonly signal?: AbortSignal;
}

/** Longest line of an input manifest in characters (guide, sms-input-data-input-manifest). */
export const maxLineLength = 100_000;

const newline = 0x0a;
const byteOrderMark = [0xef, 0xbb, 0xbf];

/**
 * Reads JSON Lines as they arrive: UTF-8, `\n` or `\r\n`, with or without byte order mark; blank lines are passed over.
 *
 * Holds one line at most. Lines are cut as bytes, so characters may be split between chunks anywhere.
 *
 * @throws `manifest.line` for a line that is too long or not UTF-8.
 */
export async function* readLines(
  chunks: AsyncIterable<Uint8Array>,
  { uri, maxLength = maxLineLength, signal }: ReadLinesOptions = {},
): AsyncGenerator<ManifestLine, void, void> {
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  let number = 1;
  let parts: Uint8Array[] = [];
  let held = 0;

  const fail = (expected: string, cause?: unknown): SegmentationError => lineError({ number, uri }, expected, cause);
  const hold = (part: Uint8Array): void => {
    held += part.length;
    // UTF-8 has at most three bytes for each UTF-16 unit that `length` counts.
    if (held > 3 * maxLength + 4) throw fail(`at most ${maxLength} characters`);
    // A copy: whoever made the chunk may use its memory again.
    if (part.length > 0) parts.push(part.slice());
  };
  const line = (): ManifestLine | undefined => {
    const text = decode(decoder, parts, number === 1, fail);
    if (text.length > maxLength) throw fail(`at most ${maxLength} characters, not ${text.length}`);
    const found = text.trim() === "" ? undefined : { number, text };
    number++;
    parts = [];
    held = 0;
    return found;
  };

  for await (const chunk of chunks) {
    signal?.throwIfAborted();
    let start = 0;
    for (let end = chunk.indexOf(newline); end >= 0; end = chunk.indexOf(newline, start)) {
      hold(chunk.subarray(start, end));
      start = end + 1;
      const found = line();
      if (found !== undefined) yield found;
    }
    hold(chunk.subarray(start));
  }
  if (held > 0) {
    const found = line();
    if (found !== undefined) yield found;
  }
}

function decode(
  decoder: TextDecoder,
  parts: readonly Uint8Array[],
  first: boolean,
  fail: (expected: string, cause?: unknown) => SegmentationError,
): string {
  let bytes: Uint8Array = parts.length === 1 ? parts[0]! : Buffer.concat(parts);
  if (first && byteOrderMark.every((byte, at) => bytes[at] === byte)) bytes = bytes.subarray(3);
  if (bytes.at(-1) === 0x0d) bytes = bytes.subarray(0, -1);
  try {
    return decoder.decode(bytes);
  } catch (cause) {
    throw fail("UTF-8 text", cause);
  }
}

/** The error for a line that cannot be read. */
export function lineError(
  where: { readonly number: number; readonly uri?: string | undefined },
  expected: string,
  cause?: unknown,
): SegmentationError<"manifest.line"> {
  const { number, uri } = where;
  return new SegmentationError(
    "manifest.line",
    `Line ${number} of ${uri === undefined ? "the manifest" : uri} cannot be read: expected ${expected}.`,
    { line: number, expected, ...(uri === undefined ? {} : { uri }) },
    cause === undefined ? undefined : { cause },
  );
}
