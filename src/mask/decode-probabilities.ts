import { readPackedProbabilities, readProbabilities, writeProbabilities } from "../codec/record/probabilities.js";
import type {
  Probabilities,
  ReadProbabilitiesOptions,
  WriteProbabilitiesOptions,
} from "../codec/record/probabilities.js";
import { SegmentationError } from "../core/errors.js";
import { checkBytes } from "../core/bytes.js";
import type { AnyClassTable, ClassTable } from "./classes.js";
import { packedProbabilityMap } from "./probability-map-value.js";
import type { ProbabilityMap } from "./probability-map.js";

/**
 * Reads the algorithm's probability answer: one protobuf `Record` with the features `target` and `shape`, in RecordIO
 * or bare (the bytes themselves tell, whatever the content type says).
 *
 * The values are a view on `bytes` where they lie on a multiple of 4, else one copy, made when `data`, a plane or a
 * value is asked for; the mask needs none.
 *
 * @param options - With `classes` the result is a {@link ProbabilityMap} of these classes; and the limits, whose
 * defaults any answer of the algorithm keeps.
 * @throws `codec.recordio` and `codec.record` for damaged or unfit answers, also when the number of classes differs;
 * `codec.limit` above `maxPixels`, `maxEntries` or `maxIntegers`; `input.invalid` for what is no byte array.
 */
export function decodeProbabilities<Name extends string>(
  bytes: Uint8Array,
  options: ReadProbabilitiesOptions & { readonly classes: ClassTable<Name> },
): ProbabilityMap<Name>;
export function decodeProbabilities(bytes: Uint8Array, options?: ReadProbabilitiesOptions): Probabilities;
export function decodeProbabilities<Name extends string>(
  bytes: Uint8Array,
  options: ReadProbabilitiesOptions & { readonly classes?: ClassTable<Name> } = {},
): ProbabilityMap<Name> | Probabilities {
  const { classes } = options;
  checkBytes("bytes", bytes);
  if (classes === undefined) return readProbabilities(bytes, options);
  const { shape, packed } = readPackedProbabilities(bytes, options);
  if (shape[0] !== classes.count) throw otherClasses(shape[0], classes);
  return packedProbabilityMap(shape[2], shape[1], packed, classes);
}

/** The error of an answer with another number of classes. */
export function otherClasses(found: number, classes: AnyClassTable): SegmentationError<"codec.record"> {
  const expected = `${classes.count} classes: ${classes.names.join(", ")}`;
  return new SegmentationError(
    "codec.record",
    `The answer has ${found} classes. Expected ${expected}. The model was trained with other classes.`,
    { offset: 0, field: "feature shape", expected },
  );
}

/**
 * Writes probabilities as the algorithm answers them, RecordIO-protobuf; the inverse of {@link decodeProbabilities}.
 *
 * @throws `input.invalid` when the shape is none or shape and data differ, `codec.limit` above 2^29 bytes.
 */
export function encodeProbabilities(
  probabilities: Pick<Probabilities, "shape" | "data">,
  options: WriteProbabilitiesOptions = {},
): Uint8Array {
  return writeProbabilities(probabilities, options);
}
