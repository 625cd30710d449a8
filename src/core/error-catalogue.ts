/**
 * Every error code of this package with the type of its `details`.
 *
 * Codes are dotted, `area.problem`, so that `SegmentationError.is(error, "codec")` takes a whole area.
 * Interfaces here hold plain data only: this file imports nothing.
 */
export interface ErrorDetails {
  // --- input of the caller -------------------------------------------------------------------------------------
  /** An argument is of the wrong kind or outside its range. `expected` says what would be right. */
  "input.invalid": { readonly parameter: string; readonly value?: unknown; readonly expected: string };
  /** A builder lacks required steps; `missing` names them (JavaScript users; TypeScript refuses to compile). */
  "builder.incomplete": { readonly builder: string; readonly missing: readonly string[] };
  /** A session setting (`role`, `workspace`, `region`) is needed by this step and was not given. */
  "session.missing": { readonly setting: string; readonly neededBy: string };
  /** A class table cannot be made from these names or colours. */
  "classes.invalid": { readonly name?: string; readonly index?: number; readonly expected: string };
  /** A class name is not in the table. */
  "classes.unknown": { readonly name: string; readonly known: readonly string[] };
  /** The feature is not offered in this region; `supported` lists where it is. */
  "region.unsupported": { readonly region: string; readonly feature: string; readonly supported: readonly string[] };
  /** An S3 URI cannot be used. */
  "s3.uri": { readonly uri: string; readonly expected: string };

  // --- bytes ---------------------------------------------------------------------------------------------------
  /** A PNG is damaged or not of a kind that can hold class indices. `offset` counts bytes from the start of the file. */
  "codec.png": { readonly offset: number; readonly chunk?: string; readonly expected?: string };
  /** A JPEG header is damaged or missing. */
  "codec.jpeg": { readonly offset: number; readonly expected?: string };
  /** A RecordIO stream is damaged or cut off. */
  "codec.recordio": { readonly offset: number; readonly expected?: string };
  /** A protobuf `Record` is damaged or has not the features of this algorithm. */
  "codec.record": { readonly offset: number; readonly field?: string; readonly expected?: string };
  /** The input would need more than the stated limit (pixels, bytes, records). */
  "codec.limit": { readonly what: string; readonly limit: number; readonly actual: number; readonly offset?: number };

  /** The worker threads of a mask decoder cannot be used; `reason` says why (closed, broken down, not there). */
  "decoder.failed": { readonly reason: string };

  // --- masks and manifests -------------------------------------------------------------------------------------
  /** Two pictures that belong together differ in size; sizes are `[width, height]`. */
  "mask.size": {
    readonly expected: readonly [number, number];
    readonly actual: readonly [number, number];
    readonly name?: string;
  };
  /** A mask holds an index that is no class and not the ignore index. */
  "mask.index": {
    readonly index: number;
    readonly x: number;
    readonly y: number;
    readonly classes: number;
    readonly name?: string;
  };
  /** A colour mask holds a colour that belongs to no class. */
  "mask.color": { readonly color: string; readonly x: number; readonly y: number; readonly name?: string };
  /** A label map cannot be applied or written. */
  "label-map.invalid": { readonly expected: string; readonly value?: unknown };
  /** A manifest line cannot be read; lines count from 1. */
  "manifest.line": { readonly line: number; readonly uri?: string; readonly expected: string };
  /** The manifest has no semantic segmentation labels (or not under this attribute); `found` lists what it has. */
  "manifest.attribute": { readonly attribute?: string; readonly found: readonly string[]; readonly expected: string };
  /** The colour map of a line does not fit its mask or the class table. */
  "manifest.color-map": { readonly uri?: string; readonly index?: number; readonly expected: string };

  // --- labeling ------------------------------------------------------------------------------------------------
  /** No image lies below the prefix. */
  "labeling.no-images": { readonly prefix: string; readonly found: number };
  /** A labeling request breaks a rule of Ground Truth (attribute name, price, classifiers, times). */
  "labeling.invalid": { readonly parameter: string; readonly value?: unknown; readonly expected: string };

  // --- dataset -------------------------------------------------------------------------------------------------
  /** There is nothing to make a channel of. */
  "dataset.empty": { readonly channel: string; readonly source: string };
  /** Images without mask or masks without image; at most ten of each are listed. */
  "dataset.unpaired": { readonly images: readonly string[]; readonly masks: readonly string[]; readonly total: number };
  /** Two sources would become the same object. */
  "dataset.duplicate": { readonly name: string; readonly sources: readonly string[] };
  /** An image is not of a kind that the algorithm trains on; `more` lists up to ten other problems of the same check. */
  "dataset.image": { readonly uri: string; readonly expected: string; readonly more?: readonly string[] };
  /** A mask is not usable; the cause is the codec's or mask's error. `more` as above. */
  "dataset.mask": { readonly uri: string; readonly expected: string; readonly more?: readonly string[] };
  /** The folder holds other objects already; at most ten are listed. Nothing was written. */
  "dataset.occupied": { readonly uri: string; readonly found: readonly string[]; readonly expected: string };
  /** No complete dataset lies in the folder, or it was made for other classes. */
  "dataset.receipt": { readonly uri: string; readonly expected: string };

  // --- training ------------------------------------------------------------------------------------------------
  /** A hyperparameter is unknown, missing or outside its range. */
  "hyperparameter.invalid": {
    readonly parameter: string;
    readonly value?: unknown;
    readonly expected: string;
    /** Further problems of the same set. */
    readonly others?: readonly { readonly parameter: string; readonly value?: unknown; readonly expected: string }[];
  };
  /** A training request breaks a rule of the algorithm (instance, channels, spot times). */
  "training.invalid": { readonly parameter: string; readonly value?: unknown; readonly expected: string };

  // --- hosting and prediction ----------------------------------------------------------------------------------
  /** A deployment setting breaks a rule. */
  "hosting.invalid": { readonly parameter: string; readonly value?: unknown; readonly expected: string };
  /** Creating or updating an endpoint failed; `removed` lists what was rolled back, `remaining` what could not be. */
  "endpoint.failed": {
    readonly endpoint: string;
    readonly reason: string;
    readonly removed: readonly string[];
    readonly remaining: readonly string[];
  };
  /** Deleting left something behind. */
  "endpoint.remaining": { readonly endpoint: string; readonly remaining: readonly string[] };
  /** The body to send is not an image that the container reads, or too large. */
  "prediction.body": { readonly bytes: number; readonly found?: string; readonly expected: string };
  /** The container answered with an error (`ModelError`, HTTP 424). */
  "prediction.model": {
    readonly endpoint: string;
    readonly originalStatus?: number;
    readonly originalMessage?: string;
    readonly logs?: string;
  };
  /** The answer is not what was asked for. */
  "prediction.answer": { readonly endpoint: string; readonly contentType?: string; readonly expected: string };

  // --- jobs ----------------------------------------------------------------------------------------------------
  /** A job ended as failed; `reason` is AWS's own. */
  "job.failed": {
    readonly kind: string;
    readonly job: string;
    readonly status: string;
    readonly reason: string;
    readonly hint?: string;
  };
  /** A job was stopped, by us or by somebody else; it has no complete result. */
  "job.stopped": { readonly kind: string; readonly job: string; readonly status: string; readonly reason?: string };
  /** Our own waiting time ran out (milliseconds); the job goes on. */
  "job.timeout": { readonly kind: string; readonly job: string; readonly waited: number };

  // --- AWS calls -----------------------------------------------------------------------------------------------
  /** AWS refused the request as invalid. */
  "aws.validation": AwsErrorDetails;
  /** The thing asked for does not exist. */
  "aws.not-found": AwsErrorDetails;
  /** The name is taken, or the thing is in use. */
  "aws.conflict": AwsErrorDetails;
  /** A quota or capacity limit. */
  "aws.limit": AwsErrorDetails;
  /** Not allowed. */
  "aws.access-denied": AwsErrorDetails;
  /** No credentials, or they are expired or invalid. */
  "aws.credentials": AwsErrorDetails;
  /** Throttled beyond the client's own retries. */
  "aws.throttled": AwsErrorDetails;
  /** A failure on AWS's side, beyond the client's own retries. */
  "aws.server": AwsErrorDetails;
  /** No answer: connection, name or time-out. */
  "aws.network": AwsErrorDetails;

  // --- evaluation ----------------------------------------------------------------------------------------------
  /** Nothing to score. */
  "evaluation.empty": { readonly samples: number };

  // --- embedded backend ----------------------------------------------------------------------------------------
  /** The embedded backend cannot start or go on. */
  "local.start": { readonly what: string; readonly expected: string };
  /** A file of the embedded backend is damaged. */
  "local.state": { readonly file: string; readonly expected: string };
}

/** What is known of a failed AWS call. Never holds credentials or bodies. */
export interface AwsErrorDetails {
  /** Operation name, e.g. `CreateTrainingJob`. */
  readonly operation: string;
  /** AWS's own error name, e.g. `ValidationException`. */
  readonly name: string;
  /** HTTP status, when there was an answer. */
  readonly status?: number;
  readonly requestId?: string;
  /** Whether sending the same request later may succeed. */
  readonly retryable: boolean;
}

/** A code of this package's errors. */
export type ErrorCode = keyof ErrorDetails;
