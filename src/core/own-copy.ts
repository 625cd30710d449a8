/**
 * A copy whose plain objects and lists nobody else holds; everything else in it (dates, bytes, clients) stays the same.
 *
 * Builders keep such copies of what they are given, so that later changes by the caller have no effect.
 */
export function ownCopy<Value>(value: Value): Value {
  // Objects and lists come out with the members that they had.
  return copy(value) as Value;
}

/** Whether a value is an object literal or its like, and no list or instance of a class. */
export function isPlainObject(value: unknown): value is object {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function copy(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copy);
  if (!isPlainObject(value)) return value;
  // `fromEntries` defines members, so a key such as `__proto__` stays an ordinary member.
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, copy(member)]));
}
