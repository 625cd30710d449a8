import type { ObjectStore } from "../core/object-store.js";
import type { WorkOptions } from "../core/progress.js";

import type { ArtifactLimits } from "./limits.js";

/** Element type of an array in a weights file. */
export type ArrayType =
  | "float32"
  | "float64"
  | "float16"
  | "uint8"
  | "int32"
  | "int8"
  | "int64"
  | "bool"
  | "int16"
  | "uint16"
  | "uint32"
  | "uint64"
  | "bfloat16";

/** One array of a weights file. */
export interface ParameterArray {
  /** Its name, the path of the layer with dots, e.g. `layer1.0.conv1.weight`. */
  readonly name: string;
  /** Sizes of its dimensions, outermost first; empty for a scalar. Convolutions are output, input, row, column. */
  readonly shape: readonly number[];
  /** Element type. */
  readonly type: ArrayType;
  /** Where its elements start, in bytes from the start of the weights file. */
  readonly offset: number;
  /** The elements, little-endian, last dimension fastest: a view of the file, at any alignment. Do not write to it. */
  readonly bytes: Uint8Array;
}

/** Which of the algorithm's networks a model is. */
export interface ModelVariant {
  /** The head, as the hyperparameter `algorithm` names it. */
  readonly algorithm: "fcn" | "psp" | "deeplab";
  /** The body, as the hyperparameter `backbone` names it. */
  readonly backbone: "resnet-50" | "resnet-101";
  /** Number of classes, the length of the classifier's bias. */
  readonly classes: number;
  /** Whether the auxiliary head of training is in the file; predictions do not need it. */
  readonly aux: boolean;
  /** Element type of the convolutions: `float16` after a training job with `precision_dtype` float16. */
  readonly type: "float32" | "float16";
}

/** A file of a model artifact. */
export interface ArtifactFile {
  /** Name as the archive has it, without a leading `./`. Only ever compared and shown, never used as a path. */
  readonly name: string;
  /** Size in bytes. */
  readonly bytes: number;
}

/** A trained model as the algorithm's container leaves it, read into memory. */
export interface ModelArtifact {
  /** Files of the archive up to the last one that was needed; of a bare weights file that one. */
  readonly files: readonly ArtifactFile[];
  /** Name of the file that the weights come from; `weights` for the bytes or stream of a bare weights file. */
  readonly weightsFile: string;
  /** All arrays by name, in the order of the file. */
  readonly weights: ReadonlyMap<string, ParameterArray>;
  /** Settings of the training job as `hyperparams.json` has them, all as text; `undefined` without that file. */
  readonly hyperparameters: Readonly<Record<string, string>> | undefined;
  /** Which network it is, told from the names and shapes of the weights. */
  readonly variant: ModelVariant;
  /** Things to know that do not stop a conversion, e.g. settings that contradict the weights. */
  readonly warnings: readonly string[];
  /** SHA-256 of the weights file's bytes, small hexadecimal letters; counted when first asked for. */
  readonly sha256: string;
}

/**
 * Where an artifact is: a path, an address `s3://bucket/key` (with `store`), its bytes, or a stream of them.
 *
 * A `model.tar.gz`, an unpacked tar, or a bare weights file (`model_best.params`, `model_algo-1`).
 */
export type ArtifactSource = string | URL | Uint8Array | AsyncIterable<Uint8Array>;

/** Options of reading an artifact. */
export interface ArtifactOptions extends WorkOptions {
  /** Reads `s3://` addresses; needed for these only. */
  readonly store?: ObjectStore;
  /**
   * Which weights: `"best"` is `model_best.params`, `"last"` is `model_algo-1`, anything else the name of a file.
   *
   * Default: those of the best epoch, which the hosting container loads too, else those of the last one.
   */
  readonly weights?: "best" | "last" | (string & {});
  /** The most that is read; see {@link ArtifactLimits} for the defaults. */
  readonly limits?: Partial<ArtifactLimits>;
}
