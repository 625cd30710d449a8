import { ApiError } from "../wire/api-error.js";
import type { Input } from "../wire/operation.js";
import type { MetricId, MetricPoint } from "./metric-store.js";

/** One dimension as it stands in requests. */
export interface Dimension {
  readonly Name: string;
  readonly Value?: string;
}

// API reference, PutMetricData and MetricDatum.
const mostData = 1_000;
const mostValues = 150;
const mostDimensions = 30;
/** Each value is kept as often as it counts, up to this: statistics here are made from values, not from sets of them. */
const mostCopies = 1_000;
const mostCopiesOfAll = 100_000;

/**
 * Reads the data of PutMetricData, which the package's part of the service model does not hold.
 *
 * @throws `InvalidParameterValue`
 */
export function readMetricData(input: Input, now: number): (MetricId & MetricPoint)[] {
  const { Namespace: namespace, MetricData: data } = input;
  if (typeof namespace !== "string" || !/^[^:][\s\S]{0,254}$/.test(namespace) || namespace.startsWith("AWS/")) {
    throw invalidValue("Namespace must be a name that does not begin with AWS/.");
  }
  if (!Array.isArray(data) || data.length > mostData) {
    throw invalidValue(`MetricData must be a list of at most ${mostData} items.`);
  }
  let copies = 0;
  return data.flatMap((item: unknown) => {
    const datum = asRecord(item, "MetricData");
    const name = datum["MetricName"];
    if (typeof name !== "string" || name === "" || name.length > 255) {
      throw invalidValue("MetricName must be a text of 1 to 255 characters.");
    }
    const dimensions = Object.fromEntries(
      readDimensions(datum["Dimensions"]).map(({ Name, Value = "" }) => [Name, Value] as const),
    );
    const time = datum["Timestamp"] ?? now / 1000;
    if (typeof time !== "number" || !Number.isFinite(time)) throw invalidValue("Timestamp must be a time.");
    const values = readNumbers(datum, "Values") ?? (datum["Value"] === undefined ? [] : [datum["Value"]]);
    const counts = readNumbers(datum, "Counts") ?? [];
    return values.flatMap((value, index) => {
      if (typeof value !== "number") throw invalidValue("Value must be a number.");
      const count = Math.min(mostCopies, Math.max(1, Math.round(counts[index] ?? 1)));
      copies += count;
      if (copies > mostCopiesOfAll) throw invalidValue(`More than ${mostCopiesOfAll} values in one request.`);
      return Array.from({ length: count }, () => ({ namespace, name, dimensions, at: time * 1000, value }));
    });
  });
}

/** Reads dimensions; none when there are none. @throws `InvalidParameterValue` */
export function readDimensions(value: unknown): readonly Dimension[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value) || value.length > mostDimensions) {
    throw invalidValue(`Dimensions must be a list of at most ${mostDimensions} items.`);
  }
  return value.map((item: unknown) => {
    const { Name, Value } = asRecord(item, "Dimensions");
    if (typeof Name !== "string" || (Value !== undefined && Value !== null && typeof Value !== "string")) {
      throw invalidValue("A dimension needs a Name and a Value.");
    }
    return typeof Value === "string" ? { Name, Value } : { Name };
  });
}

function readNumbers(datum: Readonly<Record<string, unknown>>, member: string): readonly number[] | undefined {
  const value = datum[member];
  if (value === undefined || value === null) return undefined;
  if (Array.isArray(value) && value.length <= mostValues && value.every((item) => typeof item === "number")) {
    return value;
  }
  throw invalidValue(`${member} must be a list of at most ${mostValues} numbers.`);
}

function asRecord(value: unknown, member: string): Readonly<Record<string, unknown>> {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw invalidValue(`${member} must hold structures.`);
}

/** CloudWatch's refusal of a value. */
export function invalidValue(message: string): ApiError {
  return new ApiError("InvalidParameterValue", message);
}
