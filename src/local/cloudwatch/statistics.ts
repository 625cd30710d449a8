import type { MetricPoint } from "./metric-store.js";

/** The values of one period. */
export interface Bucket {
  /** Begin of the period, milliseconds since 1970. */
  readonly at: number;
  readonly values: readonly number[];
}

/** Sorts the points of a time range into periods that begin at multiples of the period, oldest first. */
export function periods(points: readonly MetricPoint[], start: number, end: number, seconds: number): Bucket[] {
  const length = seconds * 1000;
  const buckets = new Map<number, number[]>();
  for (const { at, value } of points) {
    const begin = Math.floor(at / length) * length;
    if (at < Math.floor(start / length) * length || at >= end) continue;
    const values = buckets.get(begin);
    if (values === undefined) buckets.set(begin, [value]);
    else values.push(value);
  }
  return [...buckets].sort(([a], [b]) => a - b).map(([at, values]) => ({ at, values }));
}

/** A statistic by its CloudWatch name; `undefined` for unknown names. Percentiles are `p0` to `p100`. */
export function statistic(name: string, values: readonly number[]): number | undefined {
  const sum = values.reduce((total, value) => total + value, 0);
  switch (name) {
    case "Sum":
      return sum;
    case "SampleCount":
      return values.length;
    case "Average":
      return sum / values.length;
    case "Minimum":
      return values.reduce((least, value) => Math.min(least, value), Infinity);
    case "Maximum":
      return values.reduce((most, value) => Math.max(most, value), -Infinity);
  }
  const percent = /^p(\d{1,2}(?:\.\d{1,10})?|100)$/.exec(name)?.[1];
  if (percent === undefined) return undefined;
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil((Number(percent) / 100) * sorted.length) - 1)];
}
