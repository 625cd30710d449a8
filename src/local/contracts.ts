/**
 * The seams of the embedded backend: what its rooms (http, store, services, learner) know of each other.
 */

/** One HTTP request, head read and guarded (Host, Authorization), body not yet read. */
export interface LocalRequest {
  readonly method: string;
  /** Path as on the request line, still percent-encoded, without the query. */
  readonly path: string;
  /** Query pairs in order, decoded; `?uploads` gives `["uploads", ""]`. */
  readonly query: readonly (readonly [name: string, value: string])[];
  /** Header values by lower-case name (no prototype). */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** Region and service of the credential scope, e.g. `us-east-1`, `s3`; the backend's region when there is none. */
  readonly region: string;
  readonly service: string | undefined;
  /** The whole body; refuses with 413 above `limit` bytes before reading, and a cut-off body never resolves. */
  body(limit: number): Promise<Uint8Array>;
  /** The body as chunks; ends only when it was whole. */
  stream(): AsyncIterable<Uint8Array>;
}

/** One HTTP answer. */
export interface LocalResponse {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | string | AsyncIterable<Uint8Array>;
}

/** One AWS service behind the common port. */
export interface LocalService {
  /** Whether the request is for this service (target header, path, credential scope). */
  accepts(request: LocalRequest): boolean;
  handle(request: LocalRequest): Promise<LocalResponse>;
  /** Answers a browser's preflight (`OPTIONS`, never authorized). Without this method every page is told no. */
  preflight?(request: LocalRequest): Promise<LocalResponse>;
  /** Whether a page of another site may send this presigned request that changes something; without it: no. */
  allowsPage?(request: LocalRequest): Promise<boolean>;
  /** Ends what runs in the background; the server calls it when it closes, once. */
  close?(): Promise<void>;
}

/** An object as the backend stores it. */
export interface LocalObject {
  readonly bucket: string;
  readonly key: string;
  readonly size: number;
  /** Hex MD5 (with `-parts` for multipart uploads), without quotes. */
  readonly etag: string;
  readonly lastModified: Date;
  readonly contentType: string;
}

/** The backend's object storage: plain files below its directory, written atomically. */
export interface LocalObjects {
  hasBucket(bucket: string): Promise<boolean>;
  createBucket(bucket: string, region?: string): Promise<void>;
  put(bucket: string, key: string, body: Uint8Array, options?: { readonly contentType?: string }): Promise<LocalObject>;
  head(bucket: string, key: string): Promise<LocalObject | undefined>;
  /** The whole object; `undefined` when there is none. */
  read(bucket: string, key: string): Promise<Uint8Array | undefined>;
  /** Objects below a string prefix in UTF-8 byte order of their keys. */
  list(
    bucket: string,
    options?: { readonly prefix?: string; readonly after?: string; readonly limit?: number },
  ): Promise<readonly LocalObject[]>;
  delete(bucket: string, key: string): Promise<void>;
}

/** Time and chance of one backend, so that the same seed gives the same bytes. */
export interface LocalWorld {
  readonly region: string;
  /** Twelve digits. */
  readonly account: string;
  readonly seed: number;
  /** Divides every simulated waiting time; default 1. */
  readonly speed: number;
  /** Milliseconds since 1970. */
  now(): number;
  /** Waits `ms` simulated milliseconds, divided by `speed`. */
  pause(ms: number, signal?: AbortSignal): Promise<void>;
}

/** One image with its mask, as file bytes. */
export interface TrainingSample {
  readonly name: string;
  /** JPEG (or PNG) file. */
  readonly image: Uint8Array;
  /** PNG file whose samples are class indices (or pixel values that the label map turns into them). */
  readonly mask: Uint8Array;
}

/** What the learner gets. */
export interface TrainingRun {
  readonly train: readonly TrainingSample[];
  readonly validation: readonly TrainingSample[];
  /** Pixel value to class index; the identity when absent. */
  readonly trainLabelMap?: (pixel: number) => number;
  readonly validationLabelMap?: (pixel: number) => number;
  /** `model.tar.gz` of an earlier job to go on from (channel `model`). */
  readonly earlier?: Uint8Array;
  /** As on the wire; checked by the learner as the container does. */
  readonly hyperparameters: Readonly<Record<string, string>>;
  readonly seed: number;
  /** Milliseconds since 1970, for the log lines. */
  now(): number;
  /** One container log line, without time stamp of the log service. */
  log(line: string): void;
  /** One metric value, as the service would find it in the log lines. */
  metric(name: string, value: number, epoch: number): void;
  readonly signal?: AbortSignal;
}

/** A trained model, ready to answer. */
export interface LocalModel {
  readonly classes: number;
  /** Decodes a JPEG (or PNG) and gives probabilities as `[classes, height, width]`. */
  predict(
    image: Uint8Array,
  ): Promise<{ readonly width: number; readonly height: number; readonly probabilities: Float32Array }>;
  /** The most probable class of each pixel, where that is cheaper to have than the probabilities. */
  mask?(image: Uint8Array): Promise<{ readonly width: number; readonly height: number; readonly data: Uint8Array }>;
  /** Frees what the model holds beside memory. */
  close?(): Promise<void>;
}

/** The learner's two doors; `local/learner/index.ts` exports an object of this shape. */
export interface Learner {
  /**
   * Trains and returns the bytes of `model.tar.gz`. Rejects with a {@link ContainerError} for bad data or settings, and
   * with the signal's reason on abort. Gives the event loop a turn at least every 20 ms.
   */
  train(run: TrainingRun): Promise<Uint8Array>;
  /**
   * Opens a `model.tar.gz` that {@link train} wrote. Rejects with a {@link ForeignArtifact} for what may be one of the real
   * algorithm, with another {@link ContainerError} for anything else.
   */
  open(artifact: Uint8Array): Promise<LocalModel>;
}

/** A failure as the container reports it: `FailureReason` begins with `ClientError:` or `AlgorithmError:`. */
export class ContainerError extends Error {
  override readonly name = "ContainerError";
  constructor(
    /** Whose fault it is. */
    readonly kind: "ClientError" | "AlgorithmError",
    message: string,
  ) {
    super(message);
  }

  /** The text as `FailureReason` has it. */
  get reason(): string {
    return `${this.kind}: ${this.message}`;
  }
}

/** The refusal of an artifact that the learner did not write, but perhaps the real algorithm. */
export class ForeignArtifact extends ContainerError {
  constructor(message: string) {
    super("ClientError", message);
  }
}
