import type { ParameterArray } from "./artifact.js";
import { halfToSingle } from "./half-floats.js";

/** Elements that are looked at in one go where they must be copied first. */
const blockElements = 65_536;

/** Numbers of an array, in blocks of its order: views where type and alignment allow it, else copies in scratch memory. */
export function* valueBlocks(array: ParameterArray): Generator<Float32Array | Float64Array, void, undefined> {
  if (array.type === "float32" && isAligned(array.bytes, 4)) {
    yield float32View(array.bytes);
    return;
  }
  const size = elementSize(array);
  const scratch = new Float64Array(Math.min(blockElements, array.bytes.length / size));
  const view = new DataView(array.bytes.buffer, array.bytes.byteOffset, array.bytes.byteLength);
  const read = readers[array.type];
  for (let at = 0; at < array.bytes.length; at += blockElements * size) {
    const count = Math.min(blockElements, (array.bytes.length - at) / size);
    for (let index = 0; index < count; index++) scratch[index] = read(view, at + index * size);
    yield scratch.subarray(0, count);
  }
}

/**
 * The elements of an array as float32: a view where type and alignment allow it, else a copy. Values that float32 cannot
 * hold are rounded.
 */
export function float32Values(array: ParameterArray): Float32Array {
  const { bytes, type } = array;
  if (type === "float32") {
    return isAligned(bytes, 4) ? float32View(bytes) : float32View(Uint8Array.from(bytes));
  }
  const values = new Float32Array(bytes.length / elementSize(array));
  let at = 0;
  for (const block of valueBlocks(array)) {
    values.set(block, at);
    at += block.length;
  }
  return values;
}

/** Number of elements. */
export function elementCount({ shape }: ParameterArray): number {
  return shape.reduce((product, size) => product * size, 1);
}

type Reader = (view: DataView, at: number) => number;

const readers: Readonly<Record<ParameterArray["type"], Reader>> = {
  float32: (view, at) => view.getFloat32(at, true),
  float64: (view, at) => view.getFloat64(at, true),
  float16: (view, at) => halfToSingle(view.getUint16(at, true)),
  bfloat16: (view, at) => bfloatToSingle(view.getUint16(at, true)),
  uint8: (view, at) => view.getUint8(at),
  bool: (view, at) => view.getUint8(at),
  int8: (view, at) => view.getInt8(at),
  int16: (view, at) => view.getInt16(at, true),
  uint16: (view, at) => view.getUint16(at, true),
  int32: (view, at) => view.getInt32(at, true),
  uint32: (view, at) => view.getUint32(at, true),
  int64: (view, at) => Number(view.getBigInt64(at, true)),
  uint64: (view, at) => Number(view.getBigUint64(at, true)),
};

function elementSize(array: ParameterArray): number {
  const count = elementCount(array);
  return count === 0 ? 1 : array.bytes.length / count;
}

function isAligned({ byteOffset }: Uint8Array, size: number): boolean {
  return byteOffset % size === 0;
}

function float32View({ buffer, byteOffset, byteLength }: Uint8Array): Float32Array {
  return new Float32Array(buffer, byteOffset, byteLength / 4);
}

const bits = new Uint32Array(1);
const single = new Float32Array(bits.buffer);

/** The upper half of a float32. */
function bfloatToSingle(value: number): number {
  bits[0] = value << 16;
  return single[0]!;
}
