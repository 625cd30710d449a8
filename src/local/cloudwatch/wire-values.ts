import type { Input } from "../wire/operation.js";
import { CborTime } from "./cbor.js";

/** Members of CloudWatch's answers that are times. */
const timeMembers = new Set(["Timestamp", "Timestamps"]);
/** Members of its requests that are numbers or truth values, which the Query form sends as text. */
const numberMembers = new Set(["Period", "MaxDatapoints", "Value", "Values", "Counts", "StorageResolution"]);
const timeInputs = new Set(["StartTime", "EndTime", "Timestamp"]);

/** Answers with their seconds turned into what a wire form has for times. */
export function timesOfAnswer(value: unknown, time: (seconds: number) => unknown, member = ""): unknown {
  if (typeof value === "number") return timeMembers.has(member) ? time(value) : value;
  if (Array.isArray(value)) return value.map((item) => timesOfAnswer(item, time, member));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, timesOfAnswer(item, time, key)]));
}

/** CBOR requests with tagged times turned into seconds. */
export function timesOfRequest(value: object): Input {
  const plain = (item: unknown): unknown => {
    if (item instanceof CborTime) return item.seconds;
    if (Array.isArray(item)) return item.map(plain);
    if (typeof item !== "object" || item === null) return item;
    return Object.fromEntries(Object.entries(item).map(([key, part]) => [key, plain(part)]));
  };
  return plain(value) as Input;
}

/** Query requests with their texts turned into numbers, times and truth values where the model has them. */
export function numbersOfQuery(value: Input): Input {
  const typed = (item: unknown, member: string): unknown => {
    if (Array.isArray(item)) return item.map((part) => typed(part, member));
    if (typeof item === "object" && item !== null) {
      return Object.fromEntries(Object.entries(item).map(([key, part]) => [key, typed(part, key)]));
    }
    if (typeof item !== "string") return item;
    if (timeInputs.has(member)) return Date.parse(item) / 1000;
    if (numberMembers.has(member) && item.trim() !== "" && Number.isFinite(Number(item))) {
      // A dimension's Value is a text, whatever it looks like; metric data have theirs beside MetricName.
      return Number(item);
    }
    if (member === "ReturnData") return item === "true";
    return item;
  };
  return keepDimensions(value, typed) as Input;
}

function keepDimensions(value: unknown, typed: (item: unknown, member: string) => unknown, member = ""): unknown {
  if (member === "Dimensions") return value;
  if (Array.isArray(value)) return value.map((item) => keepDimensions(item, typed, member));
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, keepDimensions(item, typed, key)]));
  }
  return typed(value, member);
}
