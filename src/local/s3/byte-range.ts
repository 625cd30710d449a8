import { Refusal } from "../http/index.js";

/** A part of an object, in bytes. */
export interface ByteRange {
  readonly start: number;
  readonly length: number;
}

/**
 * Reads a Range header for an object of `size` bytes (RFC 9110 section 14.2). Several ranges or a header that makes no
 * sense are ignored, as S3 does: `undefined`, the whole object.
 *
 * @throws `InvalidRange` (416) when no byte of the object lies in it.
 */
export function readRange(text: string | undefined, size: number): ByteRange | undefined {
  const found = /^bytes=(\d*)-(\d*)$/.exec(text?.trim() ?? "");
  const [, first = "", last = ""] = found ?? [];
  if (found === null || (first === "" && last === "")) return undefined;
  if (first === "") {
    const length = Math.min(Number(last), size);
    if (length === 0) throw invalidRange(text ?? "", size);
    return { start: size - length, length };
  }
  const start = Number(first);
  const end = last === "" ? size - 1 : Math.min(Number(last), size - 1);
  if (last !== "" && Number(last) < start) return undefined;
  if (start >= size) throw invalidRange(text ?? "", size);
  return { start, length: end - start + 1 };
}

function invalidRange(text: string, size: number): Refusal {
  const details = { RangeRequested: text.slice(0, 200), ActualObjectSize: String(size) };
  const headers = { "content-range": `bytes */${size}` };
  return new Refusal(416, "InvalidRange", "The requested range is not satisfiable", details, headers);
}
