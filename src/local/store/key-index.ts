import { compareKeys } from "./key-order.js";

/** What to list. */
export interface ListOptions {
  readonly prefix?: string;
  /** Only keys behind this one. */
  readonly after?: string;
  /** Only keys behind all that begin with this common prefix. */
  readonly afterPrefix?: string;
  /** Keys that share the text up to this, behind the prefix, become one common prefix. */
  readonly delimiter?: string;
  /** Keys and common prefixes together. */
  readonly limit: number;
}

/** One page of a listing, in UTF-8 byte order. */
export interface ListPage<Value> {
  readonly entries: readonly (
    | { readonly kind: "key"; readonly key: string; readonly value: Value }
    | { readonly kind: "prefix"; readonly prefix: string }
  )[];
  readonly truncated: boolean;
}

/** Values by key, listed in UTF-8 byte order. */
export class KeyIndex<Value> {
  private readonly values = new Map<string, Value>();
  private readonly sorted: string[] = [];

  get size(): number {
    return this.values.size;
  }

  get(key: string): Value | undefined {
    return this.values.get(key);
  }

  set(key: string, value: Value): void {
    if (!this.values.has(key)) {
      const last = this.sorted.at(-1);
      if (last === undefined || compareKeys(last, key) < 0) this.sorted.push(key);
      else this.sorted.splice(this.firstAt(key), 0, key);
    }
    this.values.set(key, value);
  }

  delete(key: string): void {
    if (this.values.delete(key)) this.sorted.splice(this.firstAt(key), 1);
  }

  all(): IterableIterator<Value> {
    return this.values.values();
  }

  list(options: ListOptions): ListPage<Value> {
    const { prefix = "", after, afterPrefix, delimiter = "", limit } = options;
    let at = this.firstAt(prefix);
    if (after !== undefined) at = Math.max(at, this.firstAt(after) + (this.values.has(after) ? 1 : 0));
    if (afterPrefix !== undefined) at = Math.max(at, this.firstBehind(afterPrefix));
    const entries: ListPage<Value>["entries"][number][] = [];
    for (;;) {
      const key = this.sorted[at];
      if (key === undefined || !key.startsWith(prefix)) return { entries, truncated: false };
      // S3 says of a page without room that nothing is left.
      if (entries.length >= limit) return { entries, truncated: limit > 0 };
      const end = delimiter === "" ? -1 : key.indexOf(delimiter, prefix.length);
      if (end === -1) {
        entries.push({ kind: "key", key, value: this.values.get(key)! });
        at++;
      } else {
        const common = key.slice(0, end + delimiter.length);
        entries.push({ kind: "prefix", prefix: common });
        at = this.firstBehind(common);
      }
    }
  }

  /** Position of the first key that is not before `key`. */
  private firstAt(key: string): number {
    return this.search((other) => compareKeys(other, key) < 0);
  }

  /** Position of the first key behind all that begin with `prefix`. */
  private firstBehind(prefix: string): number {
    return this.search((other) => compareKeys(other, prefix) < 0 || other.startsWith(prefix));
  }

  private search(isBefore: (key: string) => boolean): number {
    let low = 0;
    let high = this.sorted.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (isBefore(this.sorted[middle]!)) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
