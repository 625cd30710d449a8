import { SegmentationError } from "../core/errors.js";
import { recommendedTuningRanges } from "../facts/tuning-ranges.js";
import type { NumberTuningRange, TuningScale } from "../facts/tuning-ranges.js";
import type { TrainingFinding } from "./finding.js";
import { factOf } from "./hyperparameters.js";
import { plainDecimal, wireValue } from "./wire-value.js";

/** Ranges by hyperparameter: numbers from `min` to `max`, or a list of values to choose from. */
export interface TuningRanges {
  /** Learning rate; recommended 0.0001 to 0.1, logarithmic. */
  readonly learning_rate?: NumberTuningRange;
  /** Batch size; recommended 1 to 128. It should not exceed the number of training images. */
  readonly mini_batch_size?: NumberTuningRange;
  /** Momentum of `sgd`; recommended 0.9 to 0.999. */
  readonly momentum?: NumberTuningRange;
  /** Optimizers to choose from. */
  readonly optimizer?: readonly ("adam" | "adagrad" | "nag" | "rmsprop" | "sgd")[];
  /** Weight decay of `sgd`; recommended 0.00001 to 0.001. */
  readonly weight_decay?: NumberTuningRange;
  /** Others are not documented as tunable; some were reported to be refused. */
  readonly [hyperparameter: string]: NumberTuningRange | readonly (string | number | boolean)[] | undefined;
}

/** Ranges as requests hold them: all three lists are always there. */
export interface RangeLists {
  readonly ContinuousParameterRanges: readonly WireRange[];
  readonly IntegerParameterRanges: readonly WireRange[];
  readonly CategoricalParameterRanges: readonly { readonly Name: string; readonly Values: readonly string[] }[];
}

interface WireRange {
  readonly Name: string;
  readonly MinValue: string;
  readonly MaxValue: string;
  readonly ScalingType: TuningScale;
}

const scales: readonly TuningScale[] = ["Auto", "Linear", "Logarithmic", "ReverseLogarithmic"];
/** What decides about the network or follows from the data is no matter of tuning. */
const fixed = ["num_classes", "num_training_samples"];

/** The guide's ranges; the batch goes up to the number of training images only. */
export function readyRanges(trainingSamples: number): TuningRanges {
  const { mini_batch_size: batch, ...others } = recommendedTuningRanges;
  const max = Math.min(batch.max, trainingSamples);
  return { ...others, ...(max > batch.min ? { mini_batch_size: { min: batch.min, max } } : {}) };
}

/**
 * Checks ranges and writes them for the wire.
 *
 * @throws `hyperparameter.invalid` for unknown names, values out of range, and scales that do not fit.
 */
export function compileRanges(ranges: TuningRanges): RangeLists {
  const lists = {
    ContinuousParameterRanges: [] as WireRange[],
    IntegerParameterRanges: [] as WireRange[],
    CategoricalParameterRanges: [] as { Name: string; Values: string[] }[],
  };
  for (const [name, range] of Object.entries(ranges)) {
    if (range === undefined) continue;
    const fact = factOf(name);
    if (fact === undefined || fixed.includes(name)) {
      throw invalid(name, range, "a hyperparameter that can be tuned, e.g. learning_rate");
    }
    const write = (value: unknown): string => {
      const result = wireValue(fact, value);
      if ("wire" in result) return result.wire;
      throw invalid(name, value, result.expected);
    };
    if (isList(range)) {
      const values = range.map(write);
      if (values.length === 0 || values.length > 30 || new Set(values).size < values.length) {
        throw invalid(name, range.join(", "), "1 to 30 different values");
      }
      lists.CategoricalParameterRanges.push({ Name: name, Values: values });
      continue;
    }
    const { min, max, scale = "Auto" } = range;
    if (fact.kind !== "integer" && fact.kind !== "float") throw invalid(name, range, "a list of values");
    if (!(min < max)) throw invalid(name, `${min} to ${max}`, "a minimum below the maximum");
    if (!scales.includes(scale)) throw invalid(name, scale, `a scale: ${scales.join(", ")}`);
    // Service model, HyperParameterScalingType.
    if (scale === "Logarithmic" && min <= 0) throw invalid(name, min, "values above 0 for a logarithmic scale");
    if (scale === "ReverseLogarithmic" && (fact.kind === "integer" || min < 0 || max >= 1)) {
      throw invalid(name, `${min} to ${max}`, "fractions from 0 to below 1 for a reverse logarithmic scale");
    }
    write(min);
    write(max);
    const list = fact.kind === "integer" ? lists.IntegerParameterRanges : lists.ContinuousParameterRanges;
    list.push({ Name: name, MinValue: plainDecimal(min), MaxValue: plainDecimal(max), ScalingType: scale });
  }
  if (Object.values(lists).every(({ length }) => length === 0))
    throw invalid("ranges", undefined, "at least one range");
  return lists;
}

/** What is odd about ranges that are allowed. */
export function rangeFindings(
  ranges: TuningRanges,
  settled: Readonly<Record<string, string>>,
): readonly TrainingFinding[] {
  const found: TrainingFinding[] = [];
  const names = Object.keys(ranges).filter((name) => ranges[name] !== undefined);
  for (const name of names.filter((one) => !Object.hasOwn(recommendedTuningRanges, one))) {
    found.push({
      code: "tuning.undocumented",
      severity: "warning",
      parameter: name,
      message: `${name} is not documented as tunable; the service was reported to refuse some such parameters.`,
      remedy: `Tune ${Object.keys(recommendedTuningRanges).join(", ")}.`,
    });
  }
  const samples = Number(settled["num_training_samples"]);
  const batch = ranges.mini_batch_size;
  if (batch !== undefined && !isList(batch) && batch.max > samples) {
    found.push({
      code: "batch.too-large",
      severity: "warning",
      parameter: "mini_batch_size",
      message: `Batches of up to ${batch.max} may be tried, and there are ${samples} training images: such jobs cannot train.`,
      remedy: `End the range at ${samples}.`,
    });
  }
  return found;
}

function isList(
  range: NumberTuningRange | readonly (string | number | boolean)[],
): range is readonly (string | number | boolean)[] {
  return Array.isArray(range);
}

function invalid(parameter: string, value: unknown, expected: string): SegmentationError {
  const problem = { parameter, ...(value === undefined ? {} : { value }), expected };
  const shown = typeof value === "string" || typeof value === "number" ? ` ${value}` : "";
  return new SegmentationError(
    "hyperparameter.invalid",
    `The range of ${parameter} cannot be${shown}: expected ${expected}.`,
    { ...problem, problems: [problem] },
  );
}
