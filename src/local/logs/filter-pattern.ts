import { ApiError } from "../wire/api-error.js";

/**
 * A filter pattern of terms: all `term` and `"quoted term"` must occur, none of `-term`, and one of `?term` where there
 * are any. Patterns on JSON and on columns are not offered.
 */
export function compileFilterPattern(pattern: string): (message: string) => boolean {
  if (/^\s*[{[]/.test(pattern)) {
    throw new ApiError("InvalidParameterException", "Invalid filter pattern: the embedded backend takes terms only.");
  }
  const all: string[] = [];
  const none: string[] = [];
  const some: string[] = [];
  for (const [, sign, quoted, plain] of pattern.matchAll(/([-?]?)(?:"((?:[^"\\]|\\.)*)"|(\S+))/g)) {
    const term = quoted === undefined ? (plain ?? "") : quoted.replace(/\\(.)/g, "$1");
    (sign === "-" ? none : sign === "?" ? some : all).push(term);
  }
  return (message) =>
    all.every((term) => message.includes(term)) &&
    !none.some((term) => message.includes(term)) &&
    (some.length === 0 || some.some((term) => message.includes(term)));
}
