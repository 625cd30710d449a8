/** How a tuning job walks through a range of numbers. */
export type TuningScale = "Auto" | "Linear" | "Logarithmic" | "ReverseLogarithmic";

/** A range of numbers. */
export interface NumberTuningRange {
  /** Lowest value. */
  readonly min: number;
  /** Highest value. */
  readonly max: number;
  /** How the range is walked through; default `Auto`. */
  readonly scale?: TuningScale;
}

/** A metric that a tuning job can go by. */
export type TuningObjectiveName = "validation:mIOU" | "validation:pixel_accuracy";

/** Metrics that a tuning job of this algorithm can go by (tuning page of the guide). */
export const tuningObjectives: readonly TuningObjectiveName[] = ["validation:mIOU", "validation:pixel_accuracy"];

/**
 * Parameters that the guide calls tunable, with the ranges that it recommends.
 *
 * The page misspells `optimizer` and lists `adadelta`, which the container refuses; both are set right here. Scales
 * follow from the ranges: the guide names none.
 */
export const recommendedTuningRanges = {
  learning_rate: { min: 0.0001, max: 0.1, scale: "Logarithmic" },
  mini_batch_size: { min: 1, max: 128 },
  momentum: { min: 0.9, max: 0.999, scale: "ReverseLogarithmic" },
  optimizer: ["sgd", "adam", "rmsprop", "adagrad", "nag"],
  weight_decay: { min: 0.00001, max: 0.001, scale: "Logarithmic" },
} as const satisfies Readonly<Record<string, NumberTuningRange | readonly string[]>>;
