import { SegmentationError } from "./errors.js";

/** Refuses what is no byte array, e.g. an `ArrayBuffer` or a path, whose error would be far from its cause. */
export function checkBytes(parameter: string, value: unknown): void {
  // By its tag: test runners and frames have a `Uint8Array` of their own.
  if (ArrayBuffer.isView(value) && Object.prototype.toString.call(value) === "[object Uint8Array]") return;
  const expected = "bytes as a Uint8Array, e.g. new Uint8Array(await response.arrayBuffer())";
  const found = value instanceof ArrayBuffer ? "an ArrayBuffer" : typeof value;
  throw new SegmentationError("input.invalid", `${parameter} is ${found}. Expected ${expected}.`, {
    parameter,
    value: found,
    expected,
  });
}
