import { inflatePlainly } from "../plain-inflate.js";
import { nodeZlib } from "../zlib.js";
import { kernelBase64, kernelLength } from "./kernel-bytes.js";

/** The doors of the WebAssembly kernel (`assembly/index.ts`). Addresses and lengths are in bytes of `memory`. */
interface KernelExports {
  readonly memory: { readonly buffer: ArrayBuffer };

  resetInflate(): void;
  /** Inflates up to the address `limit` (and at most 257 bytes further); says why it stopped ({@link stops}). */
  inflate(limit: number, final: boolean): number;
  keepInput(): number;
  dropInput(): number;
  fed(length: number): void;
  outputEnd(): number;
  storedLeft(): number;
  storedWritten(length: number): void;
  slide(from: number): void;

  resetAdler(before: number): void;
  addAdler(from: number, bytes: number): void;
  adler(): number;

  /** From filtered rows at `from` to rows at `ROWS`; fewer than `rows` when a filter byte is none. */
  unfilter(from: number, rows: number, bytes: number, step: number): number;
  /** From rows of 1, 2 or 4 bits per pixel at `ROWS` to a byte per pixel at `INDICES`. */
  unpack(rows: number, bytes: number, width: number, depth: number): void;
  resetColors(transparent: number, unknown: number): void;
  addColor(color: number, index: number): void;
  /** From RGB or RGBA at `ROWS` to indices at `INDICES`; fewer than `pixels` when a colour is unknown. */
  mapColors(pixels: number, step: number): number;
  highest(from: number, bytes: number, except: number): number;

  resetDeflate(bytes: number): void;
  /** Takes rows from `ROWS`, for `findMatches` from the byte `start` on; it says where the block was full, or the end. */
  takeRows(rows: number): void;
  findMatches(start: number, rows: number): number;
  keepRow(rows: number): void;
  /** Writes a block to `INDICES`, and says how many bytes it has. */
  endBlock(last: boolean): number;

  /** From planes at `PLANES` to classes at `CLASSES` and values at `BEST`. */
  argmax(planes: number, pixels: number): void;
  /** Compares values at `PLANES` with those at `BEST`, and puts the index at `CLASSES` where they are higher. */
  raise(index: number, pixels: number): void;
}

const places = [
  "BEST",
  "CLASSES",
  "CLASSES_BYTES",
  "INDICES",
  "INDICES_BYTES",
  "INPUT",
  "INPUT_BYTES",
  "LONGEST_ROW",
  "PLANES",
  "PLANES_BYTES",
  "RAW",
  "RAW_BYTES",
  "ROWS",
  "ROWS_BYTES",
] as const;

/** The kernel with its memory. One thread has one; whoever uses it must be done before anyone else begins. */
export type Kernel = KernelExports & {
  readonly bytes: Uint8Array;
  /** The same memory as numbers of 32 bits. */
  readonly floats: Float32Array;
  /** Addresses and sizes, as `assembly/layout.ts` has them. */
  readonly at: Readonly<Record<(typeof places)[number], number>>;
};

/** Why `inflate` stopped. */
export const stops = { moreInput: 0, full: 1, done: 2, stored: 3, damaged: 4 } as const;

/** What is used of WebAssembly; the compiler's library for Node does not have it. */
interface WebAssemblyDoor {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => {
    readonly exports: KernelExports & Readonly<Record<string, { readonly value: number }>>;
  };
}

let loaded: Kernel | undefined;
let state: "new" | "ready" | "missing" | "off" = "new";

/**
 * The kernel, made at the first call; `undefined` where WebAssembly or its 128-bit instructions are missing or not
 * allowed (then the same work is done in JavaScript).
 */
export function kernel(): Kernel | undefined {
  if (state === "new") {
    loaded = instantiate();
    state = loaded === undefined ? "missing" : "ready";
  }
  return state === "ready" ? loaded : undefined;
}

/** Does some work without the kernel, as where there is no WebAssembly. For tests and measurements. */
export function withoutKernel<Result>(work: () => Result): Result {
  const before = state;
  state = "off";
  try {
    return work();
  } finally {
    state = before;
  }
}

function instantiate(): Kernel | undefined {
  const door = (globalThis as { readonly WebAssembly?: WebAssemblyDoor }).WebAssembly;
  // The kernel's memory is little-endian on every machine.
  const bigEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 0;
  if (door === undefined || bigEndian) return undefined;
  try {
    const { exports } = new door.Instance(new door.Module(kernelCode()));
    // Without SIMD the module is refused, and so it is by a page's content security policy.
    const at = Object.fromEntries(places.map((name) => [name, exports[name]!.value])) as Kernel["at"];
    const { buffer } = exports.memory;
    return { ...exports, bytes: new Uint8Array(buffer), floats: new Float32Array(buffer), at };
  } catch {
    return undefined;
  }
}

/** The compiled kernel. */
export function kernelCode(): Uint8Array {
  const packed = Uint8Array.from(atob(kernelBase64), (letter) => letter.charCodeAt(0));
  return nodeZlib()?.inflateSync(packed) ?? inflatePlainly([packed], kernelLength, 0);
}
