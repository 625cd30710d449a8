import type { Input } from "../wire/operation.js";
import { CborTime } from "./cbor.js";

/** Members of CloudWatch's answers that are times. */
const timeMembers = new Set(["Timestamp", "Timestamps"]);
/** Members of its requests that are numbers or truth values, which the Query form sends as text. */
const numberMembers = new Set(["Period", "MaxDatapoints", "Value", "Values", "Counts", "StorageResolution"]);
/** Lists; an empty one is sent as an empty text. */
const listMembers = new Set(["Dimensions", "Statistics", "ExtendedStatistics", "MetricDataQueries", "MetricData"]);
const timeInputs = new Set(["StartTime", "EndTime", "Timestamp"]);

/** Answers with their seconds turned into what a wire form has for times. */
export function timesOfAnswer(value: unknown, time: (seconds: number) => unknown, member = ""): unknown {
  if (typeof value === "number") return timeMembers.has(member) ? time(value) : value;
  if (Array.isArray(value)) return value.map((item) => timesOfAnswer(item, time, member));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, timesOfAnswer(item, time, key)]));
}

/** Members of CloudWatch's answers that are doubles: `5.0`, where some clients print what they read. */
const doubleMembers = new Set(["Values", "Average", "Sum", "SampleCount", "Minimum", "Maximum"]);

/** JSON whose doubles show as such. */
export function doublesAsJson(value: unknown, member = ""): string {
  if (typeof value === "number" && Number.isSafeInteger(value) && doubleMembers.has(member)) return `${value}.0`;
  if (Array.isArray(value)) return `[${value.map((item) => doublesAsJson(item, member)).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value ?? null);
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${doublesAsJson(item, key)}`).join(",")}}`;
}

/** CBOR requests with tagged times turned into seconds. */
export function timesOfRequest(value: object): Input {
  const plain = (item: unknown): unknown => {
    if (item instanceof CborTime) return item.seconds;
    if (Array.isArray(item)) return item.map(plain);
    if (typeof item !== "object" || item === null || item instanceof Uint8Array) return item;
    return Object.fromEntries(Object.entries(item).map(([key, part]) => [key, plain(part)]));
  };
  return plain(value) as Input;
}

/** Query requests with their texts turned into numbers, times, truth values and empty lists where the model has them. */
export function typedQuery(value: Input): Input {
  return typed(value, "") as Input;
}

function typed(value: unknown, member: string): unknown {
  if (value === "" && listMembers.has(member)) return [];
  // Names and values of dimensions are texts, whatever they look like.
  if (member === "Dimensions") return value;
  if (Array.isArray(value)) return value.map((item) => typed(item, member));
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, typed(item, key)]));
  }
  if (typeof value !== "string") return value;
  if (timeInputs.has(member)) return Date.parse(value) / 1000;
  if (member === "ReturnData") return value === "true";
  return numberMembers.has(member) && value.trim() !== "" && Number.isFinite(Number(value)) ? Number(value) : value;
}
