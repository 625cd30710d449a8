import type * as Zlib from "node:zlib";

let zlib: typeof Zlib | undefined;
let allowed = true;

/**
 * Node's zlib, where there is one; a browser has none.
 *
 * Not imported: bundlers for browsers refuse the name, and a program that reads no compressed file need not load it.
 */
export function nodeZlib(): typeof Zlib | undefined {
  if (!allowed) return undefined;
  zlib ??= (globalThis as { readonly process?: Partial<NodeJS.Process> }).process?.getBuiltinModule?.("node:zlib");
  return zlib;
}

/** Does some work without zlib, as in a browser. For tests. */
export function withoutZlib<Result>(work: () => Result): Result {
  allowed = false;
  try {
    return work();
  } finally {
    allowed = true;
  }
}
