import type { ArrayType } from "./artifact.js";
import { typeOfFlag } from "./array-types.js";
import type { ParamsCursor } from "./params-cursor.js";

/** An array before its name is known: names stand at the end of the file. */
export type ParamsRecord =
  | {
      readonly kind: "dense";
      readonly shape: readonly number[];
      readonly type: ArrayType;
      readonly offset: number;
      readonly bytes: Uint8Array;
    }
  /** Well formed, but nothing that a model can hold. */
  | { readonly kind: "refused"; readonly found: string; readonly offset: number };

// First words of a record by version; older files have the number of dimensions there.
const version1 = 0xf993fac8;
const version2 = 0xf993fac9;
const version3 = 0xf993faca;

/** Storage types with the number of further arrays that they have. */
const sparse: ReadonlyMap<number, { readonly name: string; readonly further: number }> = new Map([
  [1, { name: "row_sparse", further: 1 }],
  [2, { name: "csr", further: 2 }],
]);

const largestDimension = 2 ** 31 - 1;

/** Reads one record of a weights file, of any version of MXNet (`NDArray::Load`, `LegacyLoad`). */
export function readRecord(cursor: ParamsCursor): ParamsRecord {
  const start = cursor.at;
  const first = cursor.u32("the start of a record");
  if (first === version2 || first === version3) return readCurrent(cursor, start, first === version3);
  const shape = first === version1 ? readShape(cursor, false) : readSmallShape(cursor, first, start);
  if (shape === undefined)
    return { kind: "refused", found: 'an array that was never allocated ("None")', offset: start };
  return readDense(cursor, shape);
}

function readCurrent(cursor: ParamsCursor, start: number, numpy: boolean): ParamsRecord {
  const at = cursor.at;
  const storage = cursor.i32("a storage type");
  const kind = sparse.get(storage);
  if (storage !== 0 && (numpy || kind === undefined)) {
    throw cursor.damaged(numpy ? "storage type 0" : "storage type 0, 1 or 2", at, String(storage));
  }
  const storageShape = kind === undefined ? undefined : readShape(cursor, numpy);
  const shape = readShape(cursor, numpy);
  // The record of such an array ends here.
  if (shape === undefined)
    return { kind: "refused", found: 'an array that was never allocated ("None")', offset: start };
  if (kind === undefined) return readDense(cursor, shape);
  skipSparse(cursor, storageShape ?? [], kind.further);
  return { kind: "refused", found: `a sparse array (${kind.name})`, offset: start };
}

/** Passes over the body of a sparse array, so that the names behind it can be read. */
function skipSparse(cursor: ParamsCursor, shape: readonly number[], further: number): void {
  cursor.take(8, "a context");
  const parts = [{ size: readType(cursor).size, shape }];
  for (let index = 0; index < further; index++) {
    parts.push({ size: readType(cursor).size, shape: readShape(cursor, false) ?? [0] });
  }
  for (const part of parts) cursor.take(byteLength(cursor, part.shape, part.size), "the data of a sparse array");
}

function readDense(cursor: ParamsCursor, shape: readonly number[]): ParamsRecord {
  // Where the array was, CPU or GPU and which: means nothing for a file.
  cursor.take(8, "a context");
  const { type, size } = readType(cursor);
  const length = byteLength(cursor, shape, size);
  const offset = cursor.at;
  return { kind: "dense", shape, type, offset, bytes: cursor.take(length, `the data of [${shape.join(", ")}]`) };
}

function readType(cursor: ParamsCursor): { readonly type: ArrayType; readonly size: number } {
  const at = cursor.at;
  const flag = cursor.i32("an element type");
  const known = typeOfFlag(flag);
  if (known === undefined) throw cursor.damaged("an element type from 0 to 12", at, String(flag));
  return known;
}

/** A shape with 64-bit sizes; `undefined` where it is unknown. */
function readShape(cursor: ParamsCursor, numpy: boolean): readonly number[] | undefined {
  const at = cursor.at;
  const dimensions = cursor.i32("a number of dimensions");
  if (dimensions === (numpy ? -1 : 0)) return undefined;
  if (dimensions < 0) throw cursor.damaged("a number of dimensions of at least 0", at, String(dimensions));
  cursor.within("dimensions", dimensions, at);
  const shape = Array.from({ length: dimensions }, () => {
    const size = cursor.i64("a dimension");
    checkDimension(cursor, size, numpy ? -1 : 1, 8);
    return size;
  });
  // Sizes may be 0 in these, and -1 where they are unknown.
  return shape.includes(-1) ? undefined : shape;
}

/** A shape of the time before version 1: its length stands in place of the version, sizes have 32 bits. */
function readSmallShape(cursor: ParamsCursor, dimensions: number, at: number): readonly number[] | undefined {
  if (dimensions === 0) return undefined;
  if (dimensions > cursor.limits.dimensions) {
    const expected = "the start of a record (f993fac8, f993fac9, f993faca or a number of dimensions)";
    throw cursor.damaged(expected, at, dimensions.toString(16));
  }
  return Array.from({ length: dimensions }, () => {
    const size = cursor.u32("a dimension");
    checkDimension(cursor, size, 1, 4);
    return size;
  });
}

function checkDimension(cursor: ParamsCursor, size: number, least: number, width: number): void {
  if (size >= least && size <= largestDimension) return;
  throw cursor.damaged(`a dimension from ${least} to ${largestDimension}`, cursor.at - width, String(size));
}

function byteLength(cursor: ParamsCursor, shape: readonly number[], size: number): number {
  // Exact as long as it is below 2^53, and never below the true product.
  const length = shape.reduce((product, dimension) => product * dimension, size);
  if (length > cursor.left) {
    const found = `[${shape.join(", ")}], which takes ${length} bytes where ${cursor.left} are left`;
    throw cursor.damaged("a shape whose data fit into the file", cursor.at, found);
  }
  return length;
}
