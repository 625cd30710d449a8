import { isPlainObject, ownCopy } from "./own-copy.js";

/**
 * A part of a request, at any depth: every member optional, lists only as a whole.
 *
 * Typed from the AWS client's own input, so that a member AWS adds tomorrow can be used without a new version of
 * this package.
 */
export type RequestOverride<Request> = Request extends readonly unknown[]
  ? Request
  : Request extends object
    ? { readonly [Key in keyof Request]?: RequestOverride<Request[Key]> | undefined }
    : Request;

/**
 * Lays an override over a request: objects are merged, everything else (lists too) replaces what was there, and
 * `undefined` takes a member away. Neither argument is changed.
 */
export function mergeOverride<Request extends object>(
  request: Request,
  override: RequestOverride<NoInfer<Request>> | undefined,
): Request {
  // The types of both sides are one mapped type; the merge itself only moves members.
  return override === undefined ? request : (merge(request, override) as Request);
}

function merge(base: unknown, override: unknown): unknown {
  if (!isPlainObject(override)) return ownCopy(override);
  const merged = new Map<string, unknown>(isPlainObject(base) ? Object.entries(base) : []);
  for (const [key, value] of Object.entries(override)) {
    if (value === undefined) merged.delete(key);
    else merged.set(key, merge(merged.get(key), value));
  }
  // `fromEntries` defines members, so a key such as `__proto__` stays an ordinary member.
  return Object.fromEntries(merged);
}
