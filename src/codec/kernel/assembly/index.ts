// The doors of the kernel; `../kernel.ts` has their types.
export {
  BEST,
  CLASSES,
  CLASSES_BYTES,
  INDICES,
  INDICES_BYTES,
  INPUT,
  INPUT_BYTES,
  LONGEST_ROW,
  PLANES,
  PLANES_BYTES,
  RAW,
  RAW_BYTES,
  ROWS,
  ROWS_BYTES,
} from "./layout";
export { addAdler, adler, resetAdler } from "./checksum";
export { argmax, raise } from "./argmax";
export { endBlock, findMatches, keepRow, resetDeflate, takeRows } from "./deflate";
export {
  dropInput,
  fed,
  inflate,
  keepInput,
  outputEnd,
  resetInflate,
  slide,
  storedLeft,
  storedWritten,
} from "./inflate";
export { addColor, mapColors, resetColors } from "./map-colors";
export { highest } from "./scan";
export { unfilter } from "./unfilter";
export { unpack } from "./unpack";
