import { SegmentationError } from "../core/errors.js";
import type { ClassTable } from "../mask/classes.js";
import { decodeMask } from "../mask/decode-mask.js";
import type { LabeledImage } from "../mask/labeled-image.js";
import type { Mask } from "../mask/mask.js";
import { sameClasses } from "./same-classes.js";

/** Anything that makes masks of images: an endpoint's predictor, a local model, a function of yours. */
export interface MaskPredictor<in out Name extends string> {
  /** Predicts the mask of an image file; it must have the image's stored size. */
  mask(image: Uint8Array, options?: { readonly signal?: AbortSignal }): Promise<Mask<Name>>;
}

/** An image with its true mask in memory; the mask may be PNG bytes that hold class indices. */
export interface SampleInMemory<in out Name extends string> {
  /** Name of the image, for the report. */
  readonly name: string;
  /** Image file, JPEG or PNG bytes. */
  readonly image: Uint8Array;
  /** The true mask, of the image's stored size. */
  readonly mask: Mask<Name> | Uint8Array;
}

/** What `evaluate` takes: images of a dataset, read one by one, or pairs in memory. */
export type EvaluationSample<Name extends string> = LabeledImage<Name> | SampleInMemory<Name>;

/** Reads the image of a sample. */
export async function readImage<Name extends string>(
  sample: EvaluationSample<Name>,
  signal: AbortSignal | undefined,
): Promise<Uint8Array> {
  return isInMemory(sample) ? sample.image : sample.image(signal);
}

/** Reads the true mask of a sample into the classes of the prediction. Throws `input.invalid` when they are others. */
export async function readTruth<Name extends string>(
  sample: EvaluationSample<Name>,
  classes: ClassTable<Name>,
  signal: AbortSignal | undefined,
): Promise<Mask<Name>> {
  const truth = isInMemory(sample) ? sample.mask : await sample.mask(signal);
  if (truth instanceof Uint8Array) return decodeMask(truth, { classes, name: sample.name });
  if (sameClasses(truth.classes.names, classes.names)) return truth;
  const expected = `the classes of the prediction: ${classes.names.join(", ")}`;
  throw new SegmentationError(
    "input.invalid",
    `The true mask of ${sample.name} has other classes. Expected ${expected}.`,
    { parameter: "samples", value: truth.classes.names, expected },
  );
}

function isInMemory<Name extends string>(sample: EvaluationSample<Name>): sample is SampleInMemory<Name> {
  return typeof sample.image !== "function";
}
