import type { ArrayType } from "./artifact.js";

/** The element types by their flag in the file, with their sizes (mshadow `TypeFlag`; MXNet 1.4 writes 0 to 6). */
const arrayTypes: readonly { readonly type: ArrayType; readonly size: number }[] = [
  { type: "float32", size: 4 },
  { type: "float64", size: 8 },
  { type: "float16", size: 2 },
  { type: "uint8", size: 1 },
  { type: "int32", size: 4 },
  { type: "int8", size: 1 },
  { type: "int64", size: 8 },
  { type: "bool", size: 1 },
  { type: "int16", size: 2 },
  { type: "uint16", size: 2 },
  { type: "uint32", size: 4 },
  { type: "uint64", size: 8 },
  { type: "bfloat16", size: 2 },
];

/** Type and size in bytes that a flag stands for. */
export function typeOfFlag(flag: number): { readonly type: ArrayType; readonly size: number } | undefined {
  return arrayTypes[flag];
}

/** The types that weights may have. */
export const weightTypes: ReadonlySet<ArrayType> = new Set(["float32", "float16", "float64", "bfloat16"]);
