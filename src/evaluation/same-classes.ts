/** Whether two lists of class names are the same, in the same order. */
export function sameClasses(one: readonly string[], other: readonly string[]): boolean {
  return Array.isArray(one) && one.length === other.length && one.every((name, index) => name === other[index]);
}
