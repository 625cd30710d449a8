import { randomUUID } from "node:crypto";
import type { LabelingJobRecord } from "../state/record-types.js";
import type { SageMaker } from "./context.js";

/** Most lines that a streaming job takes, as many as an input manifest may have. */
const mostLines = 20_000;
const longestLine = 100_000;
const idName = "dataset-objectid-attribute-name";

/** Gives a message to the streaming jobs that listen to its topic. What is no manifest line is dropped, as a queue does. */
export function deliverMessage(sagemaker: SageMaker, topic: string, message: string): void {
  for (const job of sagemaker.state.labelingJobs.all()) {
    if (job.status !== "Initializing" && job.status !== "InProgress") continue;
    if (job.request.InputConfig.DataSource.SnsDataSource?.SnsTopicArn !== topic) continue;
    for (const line of linesOf(message)) take(sagemaker, job, line);
  }
}

function take(sagemaker: SageMaker, job: LabelingJobRecord, line: Readonly<Record<string, unknown>>): void {
  const received = (job.received ??= []);
  if (received.length >= mostLines) return;
  const key = line[idName];
  const id = typeof key === "string" ? line[key] : undefined;
  // Guide, sms-streaming-labeling-job: an image that is sent again under the same id is labeled once.
  const isKnown = (text: string): boolean => {
    const earlier = JSON.parse(text) as Record<string, unknown>;
    return earlier[idName] === key && earlier[String(key)] === id;
  };
  if (id !== undefined && received.some(isKnown)) return;
  const own = `$${job.request.LabelAttributeName}-object-id`;
  const text = JSON.stringify(id === undefined ? { ...line, [idName]: own, [own]: randomUUID() } : line);
  if (text.length > longestLine) return;
  received.push(text);
  sagemaker.state.labelingJobs.save(job);
}

/** Lines of a message: a manifest line, or the objects that an event of S3 names. */
function linesOf(message: string): readonly Readonly<Record<string, unknown>>[] {
  let value: unknown;
  try {
    value = JSON.parse(message);
  } catch {
    return [];
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) return [];
  const line = value as Record<string, unknown>;
  if (typeof line["source-ref"] === "string") return [line];
  const records: unknown = line["Records"];
  return Array.isArray(records) ? records.flatMap(eventLine) : [];
}

/** An object-created event of S3; its keys are encoded as in a form. */
function eventLine(record: unknown): readonly Readonly<Record<string, unknown>>[] {
  const { eventName, s3 } = (record ?? {}) as {
    eventName?: unknown;
    s3?: { bucket?: { name?: unknown }; object?: { key?: unknown; sequencer?: unknown } };
  };
  const [bucket, key] = [s3?.bucket?.name, s3?.object?.key];
  if (typeof eventName !== "string" || !eventName.startsWith("ObjectCreated")) return [];
  if (typeof bucket !== "string" || typeof key !== "string") return [];
  const name = new URLSearchParams(`key=${key}`).get("key") ?? key;
  return [{ "source-ref": `s3://${bucket}/${name}`, $sequencer: s3?.object?.sequencer }];
}
