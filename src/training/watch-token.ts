import { Buffer } from "node:buffer";
import { SegmentationError } from "../core/errors.js";
import type { CurveStart, EpochMetrics } from "./curve.js";
import type { LogPosition } from "./log-reader.js";
import type { StatusPosition } from "./training-events.js";

/** How far a job was watched. */
export interface WatchPosition {
  readonly job: string;
  readonly status: StatusPosition;
  readonly logs: ReadonlyMap<string, LogPosition>;
  readonly curve: CurveStart;
  /** Of the next line in this stream so many events were told already; one line can be several events. */
  readonly part: { readonly stream: string; readonly events: number } | undefined;
}

const longest = 100_000;
const metrics = ["trainLoss", "trainThroughput", "pixelAccuracy", "mIoU", "validationThroughput"] as const;

/** Writes a position as text, for a file or a database. */
export function encodeToken({ job, status, logs, curve, part }: WatchPosition): string {
  const epochs = curve.epochs.map((epoch) => [epoch.epoch, ...metrics.map((name) => numberText(epoch[name]))]);
  const streams = [...logs].map(([stream, { at, count }]) => [stream, at, count]);
  const value = {
    v: 1,
    job,
    steps: status.steps,
    print: status.print,
    streams,
    epochs,
    planned: curve.plannedEpochs,
    part: part && [part.stream, part.events],
  };
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}

/** Reads a token back. Throws `input.invalid` for anything that no watching of this job gave. */
export function decodeToken(token: string, job: string): WatchPosition {
  const value = parse(token);
  if (value?.["v"] !== 1) throw invalid(token, "the token of an earlier watching");
  if (value["job"] !== job) throw invalid(token, `a token of the job "${job}"`);
  const { steps, print, planned, part = [] } = value;
  const streams = list(value["streams"]);
  const epochs = list(value["epochs"]);
  const fits =
    isCount(steps) &&
    Array.isArray(part) &&
    (part.length === 0 || (typeof part[0] === "string" && isCount(part[1]))) &&
    (print === undefined || typeof print === "string") &&
    (planned === undefined || isCount(planned)) &&
    streams?.every(([name, at, count]) => typeof name === "string" && isCount(at) && isCount(count)) === true &&
    epochs?.every(([epoch]) => isCount(epoch)) === true;
  if (!fits) throw invalid(token, "a whole token of an earlier watching");
  return {
    job,
    status: { steps, print },
    logs: new Map(streams.map(([name, at, count]) => [String(name), { at: Number(at), count: Number(count) }])),
    curve: { epochs: epochs.map(readEpoch), plannedEpochs: planned },
    part: part.length === 0 ? undefined : { stream: String(part[0]), events: Number(part[1]) },
  };
}

function readEpoch([epoch, ...values]: readonly unknown[]): EpochMetrics {
  const known = metrics.flatMap((name, index) => {
    const value = values[index];
    return typeof value === "string" ? [[name, Number(value)] as const] : [];
  });
  return { epoch: Number(epoch), ...Object.fromEntries(known) };
}

/** JSON has no NaN, and logs have. */
function numberText(value: number | undefined): string | null {
  return value === undefined ? null : String(value);
}

function parse(token: string): Readonly<Record<string, unknown>> | undefined {
  if (typeof token !== "string" || token.length > longest) return undefined;
  try {
    const value: unknown = JSON.parse(Buffer.from(token, "base64url").toString("utf8"));
    return typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>) : undefined;
  } catch {
    return undefined;
  }
}

function list(value: unknown): readonly (readonly unknown[])[] | undefined {
  return Array.isArray(value) && value.every((item) => Array.isArray(item)) ? value : undefined;
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function invalid(token: string, expected: string): SegmentationError {
  const value = token.slice(0, 100);
  return new SegmentationError("input.invalid", `The token to watch from cannot be used: expected ${expected}.`, {
    parameter: "from",
    value,
    expected,
  });
}
