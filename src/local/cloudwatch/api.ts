import type { LocalWorld } from "../contracts.js";
import { ApiError } from "../wire/api-error.js";
import type { Input, Operation, Operations, Output } from "../wire/operation.js";
import type { MetricId, MetricStore } from "./metric-store.js";
import { invalidValue, readDimensions, readMetricData } from "./metric-input.js";
import type { Dimension } from "./metric-input.js";
import { periods, statistic } from "./statistics.js";

interface Metric {
  readonly Namespace?: string;
  readonly MetricName?: string;
  readonly Dimensions?: readonly Dimension[];
}

interface MetricDataQuery {
  readonly Id: string;
  readonly Label?: string;
  readonly ReturnData?: boolean;
  readonly Expression?: string;
  readonly MetricStat?: { readonly Metric: Metric; readonly Period: number; readonly Stat: string };
}

/** CloudWatch's operations, whatever the wire form; times in and out are seconds since 1970. */
export function cloudWatchOperations(world: LocalWorld, store: MetricStore): Operations {
  return new Map<string, Operation>([
    ["ListMetrics", (input) => listMetrics(store, input)],
    ["GetMetricData", (input) => getMetricData(store, input)],
    ["GetMetricStatistics", (input) => getMetricStatistics(store, input)],
    [
      "PutMetricData",
      (input) => {
        store.put(readMetricData(input, world.now()));
        return {};
      },
    ],
  ]);
}

function idOf(metric: Metric): MetricId {
  return {
    namespace: metric.Namespace ?? "",
    name: metric.MetricName ?? "",
    dimensions: Object.fromEntries((metric.Dimensions ?? []).map(({ Name, Value }) => [Name, Value ?? ""])),
  };
}

function listMetrics(store: MetricStore, input: Input): Output {
  const filter = { ...input, Dimensions: readDimensions(input["Dimensions"]) } as Metric;
  const found = store
    .metrics()
    .filter(
      (metric) =>
        (filter.Namespace ?? metric.namespace) === metric.namespace &&
        (filter.MetricName ?? metric.name) === metric.name &&
        (filter.Dimensions ?? []).every(
          ({ Name, Value }) =>
            Object.hasOwn(metric.dimensions, Name) && (Value === undefined || metric.dimensions[Name] === Value),
        ),
    );
  const page = 500;
  const start = Number(input["NextToken"] ?? 0);
  if (!Number.isInteger(start) || start < 0) throw invalidValue("The token is invalid.");
  return {
    Metrics: found.slice(start, start + page).map(({ namespace, name, dimensions }) => ({
      Namespace: namespace,
      MetricName: name,
      Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
    })),
    NextToken: start + page < found.length ? String(start + page) : undefined,
  };
}

/** Milliseconds of a range's ends; throws when it is empty. */
function range(input: Input): { readonly start: number; readonly end: number } {
  const start = Number(input["StartTime"]) * 1000;
  const end = Number(input["EndTime"]) * 1000;
  if (!Number.isFinite(start) || !Number.isFinite(end)) throw invalidValue("StartTime and EndTime must be times.");
  if (start >= end) throw invalidValue("The parameter StartTime must be less than the parameter EndTime.");
  return { start, end };
}

function getMetricData(store: MetricStore, input: Input): Output {
  const { start, end } = range(input);
  const queries = input["MetricDataQueries"] as readonly MetricDataQuery[];
  const ascending = input["ScanBy"] === "TimestampAscending";
  const results = queries.map((query) => {
    if (query.MetricStat === undefined) throw invalidValue("Metric math is not offered by the embedded backend.");
    const { Metric: metric, Period: period, Stat: stat } = query.MetricStat;
    const points = valuesOf(store, metric, start, end, checkedPeriod(period), stat);
    if (!ascending) points.reverse();
    return {
      Id: query.Id,
      Label: query.Label ?? metric.MetricName,
      Timestamps: points.map(([at]) => at / 1000),
      Values: points.map(([, value]) => value),
      StatusCode: "Complete",
    };
  });
  return { MetricDataResults: results.filter((_, index) => queries[index]?.ReturnData !== false), Messages: [] };
}

function valuesOf(
  store: MetricStore,
  metric: Metric,
  start: number,
  end: number,
  period: number,
  stat: string,
): [at: number, value: number][] {
  return periods(store.points(idOf(metric)), start, end, period).map(({ at, values }) => {
    const value = statistic(stat, values);
    if (value === undefined) throw invalidValue(`The value ${stat} for parameter Stat is not supported.`);
    return [at, value];
  });
}

function checkedPeriod(period: number): number {
  if (!Number.isInteger(period) || period < 1)
    throw invalidValue("The parameter Period must be a positive number of seconds.");
  return period;
}

function getMetricStatistics(store: MetricStore, input: Input): Output {
  const { start, end } = range(input);
  const wanted = (input["Statistics"] as readonly string[] | undefined) ?? [];
  const extended = (input["ExtendedStatistics"] as readonly string[] | undefined) ?? [];
  if (wanted.length + extended.length === 0) {
    throw new ApiError(
      "InvalidParameterCombination",
      "At least one of the parameters Statistics and ExtendedStatistics must be specified.",
    );
  }
  const buckets = periods(store.points(idOf(input)), start, end, checkedPeriod(Number(input["Period"])));
  return {
    Label: input["MetricName"],
    Datapoints: buckets.map(({ at, values }) => ({
      Timestamp: at / 1000,
      ...Object.fromEntries(wanted.map((name) => [name, statistic(name, values)])),
      ...(extended.length === 0
        ? {}
        : { ExtendedStatistics: Object.fromEntries(extended.map((name) => [name, statistic(name, values)])) }),
      Unit: "None",
    })),
  };
}
