import { SegmentationError } from "../core/errors.js";
import { evaluate } from "../evaluation/evaluate.js";
import type { EvaluateOptions } from "../evaluation/evaluate.js";
import type { MaskPredictor } from "../evaluation/sample.js";
import { sameClasses } from "../evaluation/same-classes.js";
import type { ClassTable } from "../mask/classes.js";
import type { LabeledImage } from "../mask/labeled-image.js";
import { createComparisonReport } from "./comparison-report.js";
import type { ComparisonReport } from "./comparison-report.js";

/** An image to compare predictions of; samples of a dataset are such. */
export interface ComparedImage {
  /** Name of the image, for the report. */
  readonly name: string;
  /** Image file, JPEG or PNG bytes, or what reads it. */
  readonly image: Uint8Array | ((signal?: AbortSignal) => Promise<Uint8Array>);
}

/** Options of {@link compare}. */
export interface CompareOptions extends Omit<EvaluateOptions, "boundary"> {
  /** What the two are called in the report; default `["first", "second"]`. */
  readonly names?: readonly [first: string, second: string];
}

/**
 * Predicts every image with both and says where the masks differ: to see that a converted model answers as the endpoint
 * that it comes from, or what a smaller form of it costs.
 *
 * @param first - Anything with `mask(image)`, e.g. `endpoint.predictor()`; the reference, as far as there is one.
 * @param second - Likewise, e.g. a local predictor.
 * @throws `evaluation.empty` when there were no images, `mask.size` when the two masks of an image differ in size (one of
 * them turns pictures by their EXIF orientation), `input.invalid` for options out of range and other classes, and what the
 * predictors throw.
 *
 * @example
 * ```ts
 * import { createSession, defineClasses } from "sagemaker-semseg";
 * import { compare, createLocalPredictor } from "sagemaker-semseg/onnx";
 *
 * async function prove(images: { name: string; image: Uint8Array }[]) {
 *   const classes = defineClasses(["background", "sea turtle"]);
 *   const endpoint = createSession().endpoint("turtles", classes).predictor();
 *   await using local = await createLocalPredictor("turtles.onnx", { classes });
 *   const report = await compare(endpoint, local, images, { names: ["endpoint", "turtles.onnx"] });
 *   console.log(report.pixelAgreement, report.perClass["sea turtle"].iou);
 *   await report.writeHtml("comparison.html");
 * }
 * ```
 */
export async function compare<Name extends string>(
  first: MaskPredictor<Name>,
  second: MaskPredictor<Name>,
  images: Iterable<ComparedImage> | AsyncIterable<ComparedImage>,
  options: CompareOptions = {},
): Promise<ComparisonReport<Name>> {
  const { names = ["first", "second"], ...rest } = options;
  let classes: ClassTable<Name> | undefined;
  const other: MaskPredictor<Name> = {
    async mask(image, settings) {
      const mask = await second.mask(image, settings);
      classes ??= mask.classes;
      return mask;
    },
  };
  const reference: MaskPredictor<Name> = {
    async mask(image, settings) {
      const mask = await first.mask(image, settings);
      if (classes !== undefined && !sameClasses(mask.classes.names, classes.names)) {
        throw otherClasses(names, mask.classes.names, classes.names);
      }
      return mask;
    },
  };
  return createComparisonReport(await evaluate(other, labelled(reference, images), rest), names);
}

function otherClasses(
  [first, second]: readonly [string, string],
  its: readonly string[],
  others: readonly string[],
): SegmentationError<"input.invalid"> {
  const expected = `the classes of ${second}: ${others.join(", ")}`;
  return new SegmentationError(
    "input.invalid",
    `The classes of ${first} are ${its.join(", ")}. Expected ${expected}.`,
    { parameter: "first", value: its, expected },
  );
}

/** The images with the masks of the first predictor in place of the truth. */
async function* labelled<Name extends string>(
  first: MaskPredictor<Name>,
  images: Iterable<ComparedImage> | AsyncIterable<ComparedImage>,
): AsyncGenerator<LabeledImage<Name>, void, undefined> {
  for await (const { name, image } of images) {
    // Read once for both.
    let bytes: Promise<Uint8Array> | undefined;
    const read = (signal?: AbortSignal): Promise<Uint8Array> => {
      bytes ??= typeof image === "function" ? image(signal) : Promise.resolve(image);
      return bytes;
    };
    yield {
      name,
      image: read,
      mask: async (signal) => first.mask(await read(signal), signal === undefined ? {} : { signal }),
    };
  }
}
