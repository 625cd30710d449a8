import type { ParameterArray } from "./artifact.js";

/** The elements of an array as float32: a view where type and alignment allow it, else a copy. */
export function float32Values(array: ParameterArray): Float32Array {
  throw new Error(`not there yet: ${array.name}`);
}
