import type { DatasetWarning } from "./dataset.js";

/** Collects warnings; of each code only the first ones are kept in full, so that 100,000 images cannot drown a person. */
export interface WarningList {
  add(code: DatasetWarning["code"], message: string, uri?: string): void;
  /** In a fixed order, whatever order they came in. */
  list(): readonly DatasetWarning[];
}

const keptOfEachCode = 10;

/** Makes an empty list. */
export function createWarningList(): WarningList {
  const byCode = new Map<DatasetWarning["code"], DatasetWarning[]>();
  return {
    add(code, message, uri) {
      const warnings = byCode.get(code) ?? [];
      byCode.set(code, warnings);
      warnings.push({ code, message, ...(uri === undefined ? {} : { uri }) });
    },
    list() {
      // Images are checked several at a time; sorting makes equal inputs give equal lists.
      const sortKey = (warning: DatasetWarning): string => `${warning.uri ?? ""} ${warning.message}`;
      return [...byCode.keys()].sort().flatMap((code) => {
        const all = [...(byCode.get(code) ?? [])].sort((a, b) => compareText(sortKey(a), sortKey(b)));
        const more = all.length - keptOfEachCode;
        const kept = all.slice(0, keptOfEachCode);
        return more > 0 ? [...kept, { code, message: `... and ${more} more of this kind.` }] : kept;
      });
    },
  };
}

/** Compares texts by their code units, the same on every machine. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
