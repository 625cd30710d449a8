import type { ClassTable } from "./classes.js";

/**
 * A record with one value per class, in the order of the table.
 *
 * It has no prototype, so that classes named `constructor` or `__proto__` are ordinary keys.
 */
export function recordByClass<Name extends string, Value>(
  classes: ClassTable<Name>,
  valueOf: (index: number, name: Name) => Value,
): Readonly<Record<Name, Value>> {
  // An object without prototype is typed `any` by the library; every name is set before it is handed out.
  const record = Object.create(null) as Record<Name, Value>;
  for (const [index, name] of classes.names.entries()) record[name] = valueOf(index, name);
  return Object.freeze(record);
}
