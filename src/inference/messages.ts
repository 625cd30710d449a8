import type { ArtifactLimits } from "../artifact/limits.js";
import type { SentError } from "../mask/decoder/messages.js";
import type { JpegDecoder } from "./decode-jpeg.js";
import type { RuntimeName } from "./onnx-runtime.js";
import type { RgbPicture } from "./rgb-picture.js";

/** What a model can be asked for. */
export type Wanted = "mask" | "probabilities";

/** A file on the disk, or its bytes. */
export type ModelFile = { readonly path: string } | { readonly bytes: Uint8Array };

/** How an artifact becomes a graph; without meaning for files that are ONNX already. */
export interface Conversion {
  readonly outputs: readonly Wanted[];
  readonly bins?: readonly number[];
  readonly weights?: string;
  readonly limits?: Partial<ArtifactLimits>;
}

/** Load a model; from then on it answers to `key`. */
export interface OpenRequest {
  readonly kind: "open";
  readonly key: Wanted;
  readonly model: ModelFile;
  readonly conversion: Conversion;
  readonly runtime: RuntimeName | undefined;
  readonly threads: number;
}

/** What a loaded model says of itself. */
export interface OpenAnswer {
  readonly runtime: RuntimeName;
  /** Whether it can be asked for probabilities as well. */
  readonly outputs: readonly Wanted[];
  /** Number of classes, where the file tells. */
  readonly classes: number | undefined;
  readonly metadata: Readonly<Record<string, string>>;
  /** Whether the file was an artifact, which can be converted again with other outputs. */
  readonly converted: boolean;
}

/** Predict one picture. */
export interface RunRequest {
  readonly kind: "run";
  readonly key: Wanted;
  readonly wanted: Wanted;
  /** The bytes of an image file, or pixels. */
  readonly picture: Uint8Array | RgbPicture;
  readonly maxPixels: number;
  readonly orient: "ignore" | "apply";
  readonly jpeg: JpegDecoder;
}

/** Class indices, or `[classes, height, width]` probabilities. */
export interface RunAnswer {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array | Float32Array;
}

/** Run one picture through a model that tells what reaches its batch normalizations. */
export interface StatisticsRequest extends Omit<RunRequest, "kind" | "wanted"> {
  readonly kind: "statistics";
}

/** Mean and variance of each channel, by batch normalization. */
export interface StatisticsAnswer {
  readonly layers: ReadonlyMap<string, { readonly mean: Float32Array; readonly variance: Float32Array }>;
}

/** Free all models; the last request. */
export interface CloseRequest {
  readonly kind: "close";
}

export type Request = OpenRequest | RunRequest | StatisticsRequest | CloseRequest;
export type Answer = OpenAnswer | RunAnswer | StatisticsAnswer | "closed";

/** The only answer to the only request that is on its way. */
export type Reply =
  { readonly answer: Answer; readonly error?: undefined } | { readonly answer?: undefined; readonly error: SentError };
