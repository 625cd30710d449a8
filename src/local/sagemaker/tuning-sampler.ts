import { seededRandom } from "../../core/random.js";
import type { Random } from "../../core/random.js";
import type { NumberRange, ParameterRanges } from "./requests.js";

/** A training job's chosen values and what came of it. */
export interface Trial {
  readonly values: Readonly<Record<string, string>>;
  /** The objective, larger is better; `undefined` while it runs or when it failed. */
  readonly score: number | undefined;
}

/** First jobs of a Bayesian search, chosen by chance. */
const warmUp = 3;

/** The values that trials can have when all ranges are lists, in order: what a grid search goes through. */
export function gridOf(ranges: ParameterRanges): Record<string, string>[] {
  let grid: Record<string, string>[] = [{}];
  for (const { Name, Values } of ranges.CategoricalParameterRanges ?? []) {
    grid = grid.flatMap((point) => Values.map((value) => ({ ...point, [Name]: value })));
  }
  return grid;
}

/**
 * Chooses the values of the next job. The same seed, ranges and trials give the same values.
 *
 * `Bayesian` is played by sampling near the better third of the trials; `Random` and `Hyperband` choose evenly over the
 * range on its own scale; `Grid` goes through all combinations.
 */
export function nextValues(
  strategy: string,
  ranges: ParameterRanges,
  trials: readonly Trial[],
  number: number,
  seed: string,
): Record<string, string> | undefined {
  if (strategy === "Grid") return gridOf(ranges)[number];
  const random = seededRandom(`${seed} ${number}`);
  const scored = trials.filter((trial): trial is Trial & { readonly score: number } => trial.score !== undefined);
  const good = [...scored].sort((a, b) => b.score - a.score).slice(0, Math.max(1, Math.ceil(scored.length / 3)));
  const near =
    strategy === "Bayesian" && scored.length >= warmUp ? good[Math.floor(random() * good.length)] : undefined;
  const values: Record<string, string> = {};
  for (const range of ranges.ContinuousParameterRanges ?? []) values[range.Name] = number6(place(range, near, random));
  for (const range of ranges.IntegerParameterRanges ?? []) {
    values[range.Name] = String(Math.round(place(range, near, random)));
  }
  for (const { Name, Values } of ranges.CategoricalParameterRanges ?? []) {
    const kept = near?.values[Name];
    const pick = Values[Math.floor(random() * Values.length)] ?? "";
    values[Name] = kept !== undefined && random() < 0.7 ? kept : pick;
  }
  return values;
}

function place(range: NumberRange, near: Trial | undefined, random: Random): number {
  const { to, from } = scaleOf(range);
  const [low, high] = [to(Number(range.MinValue)), to(Number(range.MaxValue))];
  const center = near?.values[range.Name];
  let at = low + (high - low) * random();
  if (center !== undefined) {
    // Twelve even numbers make a normal one (Irwin and Hall); a sixth of the range wide.
    let sum = -6;
    for (let count = 0; count < 12; count++) sum += random();
    at = to(Number(center)) + (sum * (high - low)) / 6;
  }
  return Math.min(Number(range.MaxValue), Math.max(Number(range.MinValue), from(Math.min(high, Math.max(low, at)))));
}

/** `Auto` is logarithmic where the range covers more than two powers of ten. */
function scaleOf({ MinValue, MaxValue, ScalingType = "Auto" }: NumberRange): {
  readonly to: (value: number) => number;
  readonly from: (value: number) => number;
} {
  const [low, high] = [Number(MinValue), Number(MaxValue)];
  const type = ScalingType === "Auto" ? (low > 0 && high / low >= 100 ? "Logarithmic" : "Linear") : ScalingType;
  if (type === "Logarithmic") return { to: Math.log, from: Math.exp };
  if (type === "ReverseLogarithmic")
    return { to: (value) => Math.log(1 - value), from: (value) => 1 - Math.exp(value) };
  return { to: (value) => value, from: (value) => value };
}

/** Without exponent, as the container's checks want numbers. */
function number6(value: number): string {
  const digits = Math.max(0, 6 - Math.ceil(Math.log10(Math.abs(value) || 1)));
  return value
    .toFixed(Math.min(20, digits))
    .replace(/(\.\d*?)0+$/, "$1")
    .replace(/\.$/, "");
}
