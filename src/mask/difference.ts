import { SegmentationError } from "../core/errors.js";
import { withLegend } from "./legend.js";
import type { Mask } from "./mask.js";
import type { Rgb } from "./palette.js";
import { createPicture, packColor } from "./picture.js";
import type { Picture } from "./picture.js";

/** The colours of {@link difference}; they stay apart for colour-blind eyes. */
export interface DifferenceColors {
  /** Both say background; default `#e6e9ed`, a light gray. */
  readonly background: Rgb;
  /** Both say the same other class; default `#0072b2`, blue. */
  readonly correct: Rgb;
  /** They differ; default `#d55e00`, red-orange. */
  readonly wrong: Rgb;
  /** The truth is ignored there; default `#9a9a9a`, gray. */
  readonly ignored: Rgb;
}

/** Default colours of {@link difference}. */
export const differenceColors: DifferenceColors = Object.freeze<DifferenceColors>({
  background: [230, 233, 237],
  correct: [0, 114, 178],
  wrong: [213, 94, 0],
  ignored: [154, 154, 154],
});

/** Options of {@link difference}. */
export interface DifferenceOptions {
  /** Other colours. */
  readonly colors?: Partial<DifferenceColors>;
  /** Whether a strip that explains the colours is drawn below; default false. */
  readonly legend?: boolean;
}

/**
 * Draws where a prediction is right and wrong.
 *
 * Pixels that the truth ignores count for nothing and are drawn as ignored; a prediction of "ignored" elsewhere is wrong.
 *
 * @throws `mask.size` when the sizes differ, `input.invalid` when the masks have different classes.
 */
export function difference<Name extends string>(
  truth: Mask<Name>,
  prediction: Mask<Name>,
  options: DifferenceOptions = {},
): Picture {
  if (truth.width !== prediction.width || truth.height !== prediction.height) {
    throw new SegmentationError(
      "mask.size",
      `The truth is ${truth.width} x ${truth.height} pixels, the prediction ${prediction.width} x ${prediction.height}.`,
      { expected: [truth.width, truth.height], actual: [prediction.width, prediction.height] },
    );
  }
  const names = truth.classes.names;
  if (names.length !== prediction.classes.count || names.some((name, at) => name !== prediction.classes.names[at])) {
    throw new SegmentationError("input.invalid", "The masks have different classes. Expected the same class table.", {
      parameter: "prediction",
      value: prediction.classes.names,
      expected: `the classes ${names.join(", ")}`,
    });
  }
  const colors = { ...differenceColors, ...options.colors };
  const data = paintDifference(truth.data, prediction.data, truth.classes.ignoreIndex, colors);
  const picture = createPicture(truth.width, truth.height, data, [
    { label: "correct", color: colors.correct },
    { label: "wrong", color: colors.wrong },
    { label: "correct background", color: colors.background },
    { label: "ignored", color: colors.ignored },
  ]);
  return options.legend === true ? withLegend(picture) : picture;
}

function paintDifference(
  truth: Uint8Array,
  prediction: Uint8Array,
  ignoreIndex: number,
  colors: DifferenceColors,
): Uint8Array {
  const words = new Uint32Array(truth.length);
  const [ignored, wrong] = [packColor(colors.ignored), packColor(colors.wrong)];
  const agreed = new Uint32Array(256).fill(packColor(colors.correct));
  agreed[0] = packColor(colors.background);
  agreed[ignoreIndex] = ignored;
  for (let pixel = 0; pixel < words.length; pixel++) {
    const is = truth[pixel]!;
    words[pixel] = is === prediction[pixel] ? agreed[is]! : is === ignoreIndex ? ignored : wrong;
  }
  return new Uint8Array(words.buffer);
}
