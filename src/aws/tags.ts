import { SegmentationError } from "../core/errors.js";

/** Tags of an AWS resource, value by key. */
export type Tags = Readonly<Record<string, string>>;

// API reference, Tag: at most 50; the `u` flag is needed, without it `\p{L}` means the letters p, {, L, }.
const tagText = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

/**
 * The tags as requests hold them, in the order given.
 *
 * @throws `input.invalid` for more than 50 tags, keys that are not 1 to 128 characters, values over 256 characters, and
 * characters other than letters, digits, blanks and `_ . : / = + - @`.
 */
export function tagList(tags: Tags): { Key: string; Value: string }[] {
  const entries = Object.entries(tags);
  if (entries.length > 50) throw invalid("tags", entries.length, "at most 50 tags");
  return entries.map(([Key, Value]) => {
    if (Key.length < 1 || Key.length > 128 || !tagText.test(Key)) {
      throw invalid("tags", Key, "keys of 1 to 128 letters, digits, blanks and _ . : / = + - @");
    }
    if (typeof Value !== "string" || Value.length > 256 || !tagText.test(Value)) {
      throw invalid(`tags["${Key}"]`, Value, "at most 256 letters, digits, blanks and _ . : / = + - @");
    }
    return { Key, Value };
  });
}

function invalid(parameter: string, value: unknown, expected: string): SegmentationError {
  return new SegmentationError("input.invalid", `${parameter} is not usable: expected ${expected}.`, {
    parameter,
    value,
    expected,
  });
}
