import type {
  AddressDetails,
  ArrayProblem,
  ArtifactPlace,
  AwsErrorDetails,
  DamagedBytesDetails,
  ImportPlace,
  InvalidInputDetails,
  JobDetails,
  MissingSettingDetails,
  PixelDetails,
  RemainingDetails,
  UnusableFileDetails,
} from "./error-details.js";

/**
 * Every error code of this package with the type of its `details`.
 *
 * Codes are dotted, `area.problem`, so that `SegmentationError.is(error, "codec")` takes a whole area.
 * Shapes that several codes share stand in `error-details.ts`.
 */
export interface ErrorDetails {
  // --- input of the caller -------------------------------------------------------------------------------------
  /** An argument is of the wrong kind or outside its range. `expected` says what would be right. */
  "input.invalid": InvalidInputDetails;
  /** A builder lacks required steps; `missing` names them (JavaScript users; TypeScript refuses to compile). */
  "builder.incomplete": {
    /** The builder in words, e.g. `The dataset`. */
    readonly builder: string;
    /** Names of the steps that are to do, in the order in which they are asked for. */
    readonly missing: readonly string[];
  };
  /** A session setting (`role`, `workspace`, `region`) is needed by this step and was not given. */
  "session.missing": MissingSettingDetails;
  /** A class table cannot be made from these names or colours. */
  "classes.invalid": {
    /** The class name that it is about, when it is about one. */
    readonly name?: string;
    /** The class index that it is about, from 0. */
    readonly index?: number;
    /** What would be right. */
    readonly expected: string;
  };
  /** A class name is not in the table. */
  "classes.unknown": {
    /** The name that was asked for. */
    readonly name: string;
    /** The names of the table, in the order of their indices. */
    readonly known: readonly string[];
  };
  /** The feature is not offered in this region; `supported` lists where it is. */
  "region.unsupported": {
    /** The region that was asked for, e.g. `eu-north-1`. */
    readonly region: string;
    /** What is not offered there, in words. */
    readonly feature: string;
    /** Regions in which it is offered. */
    readonly supported: readonly string[];
  };
  /** An S3 URI cannot be used. */
  "s3.uri": AddressDetails;

  // --- bytes ---------------------------------------------------------------------------------------------------
  /** A PNG is damaged or not of a kind that can hold class indices. `offset` counts bytes from the start of the file. */
  "codec.png": DamagedBytesDetails & {
    /** Type of the PNG chunk that it is about, e.g. `IDAT`. */
    readonly chunk?: string;
  };
  /** A JPEG header is damaged or missing. */
  "codec.jpeg": DamagedBytesDetails;
  /** A RecordIO stream is damaged or cut off. */
  "codec.recordio": DamagedBytesDetails;
  /** A protobuf `Record` is damaged or has not the features of this algorithm. */
  "codec.record": DamagedBytesDetails & {
    /** Name of the protobuf field or feature that it is about. */
    readonly field?: string;
  };
  /** The input would need more than the stated limit (pixels, bytes, records). */
  "codec.limit": {
    /** What is counted, e.g. `pixels` or `record bytes`. */
    readonly what: string;
    /** The most that is allowed, in units of `what`. */
    readonly limit: number;
    /** What the input would need, as far as it was counted. */
    readonly actual: number;
    /** Byte at which the limit was passed, from the start of the input. */
    readonly offset?: number;
  };

  /** The worker threads of a mask decoder cannot be used; `reason` says why (closed, broken down, not there). */
  "decoder.failed": {
    /** Why no mask can be decoded, in words. */
    readonly reason: string;
  };

  // --- masks and manifests -------------------------------------------------------------------------------------
  /** Two pictures that belong together differ in size; sizes are `[width, height]`. */
  "mask.size": {
    /** The size that the picture should have, in pixels. */
    readonly expected: readonly [number, number];
    /** The size that it has, in pixels. */
    readonly actual: readonly [number, number];
    /** The image's name, when it is known. */
    readonly name?: string;
  };
  /** A mask holds an index that is no class and not the ignore index. */
  "mask.index": PixelDetails & {
    /** The index that the pixel has, 0 to 255. */
    readonly index: number;
    /** Number of classes in the table; indices from 0 up to it, exclusive, are allowed. */
    readonly classes: number;
  };
  /** A colour mask holds a colour that belongs to no class. */
  "mask.color": PixelDetails & {
    /** The colour that the pixel has, e.g. `#ff7f0e`. */
    readonly color: string;
  };
  /** A label map cannot be applied or written. */
  "label-map.invalid": {
    /** What would be right. */
    readonly expected: string;
    /** The part of the label map that cannot be used. */
    readonly value?: unknown;
  };
  /** A manifest line cannot be read; lines count from 1. */
  "manifest.line": {
    /** Number of the line, from 1. */
    readonly line: number;
    /** Where the line begins, in bytes from the start of the file, when known. */
    readonly offset?: number;
    /** Address of the manifest, when it was read from one. */
    readonly uri?: string;
    /** What the line should hold. */
    readonly expected: string;
  };
  /** The manifest has no semantic segmentation labels (or not under this attribute); `found` lists what it has. */
  "manifest.attribute": {
    /** The label attribute that was asked for. */
    readonly attribute?: string;
    /** What the manifest has instead, in words. */
    readonly found: readonly string[];
    /** What would be right. */
    readonly expected: string;
  };
  /** The colour map of a line does not fit its mask or the class table. */
  "manifest.color-map": {
    /** Address of the mask whose line it is, when known. */
    readonly uri?: string;
    /** The index in the colour map that does not fit. */
    readonly index?: number;
    /** What would be right. */
    readonly expected: string;
  };

  // --- masks from elsewhere ------------------------------------------------------------------------------------
  /** A file of another tool's export cannot be read, or says what cannot be. */
  "import.file": ImportPlace & {
    /** What would be right. */
    readonly expected: string;
  };
  /** A label of an export is no class, and nothing says what becomes of it. */
  "import.label": ImportPlace & {
    /** The label as the export has it. */
    readonly label: string;
    /** The names of the class table. */
    readonly known: readonly string[];
  };
  /** A shape of an export cannot be drawn: too few points, run lengths that do not fit the picture, an unknown kind. */
  "import.shape": ImportPlace & {
    /** What would be right. */
    readonly expected: string;
  };
  /** A name in an export leads out of the folder or archive that it belongs to. */
  "import.path": ImportPlace & {
    /** The name as the export has it. */
    readonly name: string;
    /** What would be right. */
    readonly expected: string;
  };

  // --- labeling ------------------------------------------------------------------------------------------------
  /** No image lies below the prefix. */
  "labeling.no-images": {
    /** Address below which images were looked for, or that of a manifest without lines. */
    readonly prefix: string;
    /** Number of objects there, of any kind. */
    readonly found: number;
  };
  /** A labeling request breaks a rule of Ground Truth (attribute name, price, classifiers, times). */
  "labeling.invalid": InvalidInputDetails;

  // --- dataset -------------------------------------------------------------------------------------------------
  /** There is nothing to make a channel of. */
  "dataset.empty": {
    /** Name of the channel or half that would be empty, e.g. `train`. */
    readonly channel: string;
    /** Where images or masks were looked for. */
    readonly source: string;
  };
  /** Images without mask or masks without image; at most ten of each are listed. */
  "dataset.unpaired": {
    /** Images without mask, at most ten. */
    readonly images: readonly string[];
    /** Masks without image, at most ten. */
    readonly masks: readonly string[];
    /** Number of all files without partner, those not listed included. */
    readonly total: number;
  };
  /** Two sources would become the same object. */
  "dataset.duplicate": {
    /** The name that both have, or the image that is labeled twice. */
    readonly name: string;
    /** Addresses of the two; of labels, manifest and line number. */
    readonly sources: readonly string[];
  };
  /** An image is not of a kind that the algorithm trains on. */
  "dataset.image": UnusableFileDetails;
  /** A mask is not usable; the cause is the codec's or mask's error. */
  "dataset.mask": UnusableFileDetails;
  /** The folder holds other objects already; at most ten are listed. Nothing was written. */
  "dataset.occupied": AddressDetails & {
    /** Objects that lie in the folder, at most ten. */
    readonly found: readonly string[];
  };
  /** No complete dataset lies in the folder, or it was made for other classes. */
  "dataset.receipt": AddressDetails;

  // --- training ------------------------------------------------------------------------------------------------
  /** A hyperparameter is unknown, missing or outside its range. */
  "hyperparameter.invalid": InvalidInputDetails & {
    /** All problems of the set, the first one (which is also told beside) included. */
    readonly problems: readonly InvalidInputDetails[];
  };
  /** A training request breaks a rule of the algorithm (instance, channels, spot times). */
  "training.invalid": InvalidInputDetails;

  // --- hosting and prediction ----------------------------------------------------------------------------------
  /** A deployment setting breaks a rule. */
  "hosting.invalid": InvalidInputDetails;
  /** Creating or updating an endpoint failed; `removed` lists what was rolled back, `remaining` what could not be. */
  "endpoint.failed": RemainingDetails & {
    /** AWS's reason, or that of the call that failed. */
    readonly reason: string;
    /** Parts that were deleted again, in words. */
    readonly removed: readonly string[];
  };
  /** Deleting left something behind. */
  "endpoint.remaining": RemainingDetails;
  /** The body to send is not an image that the container reads, or too large. */
  "prediction.body": {
    /** Length of the body in bytes. */
    readonly bytes: number;
    /** The kind of file that the body is, as its first bytes tell. */
    readonly found?: string;
    /** What would be right. */
    readonly expected: string;
  };
  /** The container answered with an error (`ModelError`, HTTP 424). */
  "prediction.model": {
    /** Name of the endpoint. */
    readonly endpoint: string;
    /** HTTP status that the container answered with. */
    readonly originalStatus?: number;
    /** The container's own words. */
    readonly originalMessage?: string;
    /** ARN of the log stream that may tell more. */
    readonly logs?: string;
  };
  /** The answer is not what was asked for. */
  "prediction.answer": {
    /** Name of the endpoint. */
    readonly endpoint: string;
    /** Media type that the answer names. */
    readonly contentType?: string;
    /** What the answer should have been. */
    readonly expected: string;
  };

  // --- jobs ----------------------------------------------------------------------------------------------------
  /** A job ended as failed; `reason` is AWS's own. */
  "job.failed": JobDetails & {
    /** AWS's last status of the job, e.g. `Failed`. */
    readonly status: string;
    /** AWS's own words, or that it gave none. */
    readonly reason: string;
    /** What to try, where the reason is a known one. */
    readonly hint?: string;
  };
  /** A job was stopped, by us or by somebody else; it has no complete result. */
  "job.stopped": JobDetails & {
    /** AWS's last status of the job, e.g. `Stopped`. */
    readonly status: string;
    /** Why it was stopped, where AWS says so, e.g. `MaxRuntimeExceeded`. */
    readonly reason?: string;
  };
  /** Our own waiting time ran out; the job goes on. */
  "job.timeout": JobDetails & {
    /** Milliseconds that were waited. */
    readonly waited: number;
  };

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
  "evaluation.empty": {
    /** Number of samples that were given, those that failed included. */
    readonly samples: number;
  };

  // --- model artifact ------------------------------------------------------------------------------------------
  /** A trained model cannot be got at: no such file, an S3 address without a store, an empty source. */
  "artifact.source": {
    /** The path or address, or what the source is, in words. */
    readonly source: string;
    /** What would be right. */
    readonly expected: string;
  };
  /** Bytes of a `model.tar.gz` or weights file are damaged or cut off. */
  "artifact.damaged": DamagedBytesDetails & ArtifactPlace;
  /** The model is whole, but not one of this algorithm, or stored in a way that cannot be read. */
  "artifact.unsupported": ArtifactPlace & {
    /** What was found, in words. */
    readonly found: string;
    /** What would be right. */
    readonly expected: string;
    /** Where, in bytes from the start of the file. */
    readonly offset?: number;
  };
  /** A model would need more than a limit of its reader; the option `limits` raises it. */
  "artifact.limit": ArtifactPlace & {
    /** Name of the limit, e.g. `weightsBytes`. */
    readonly what: string;
    /** The most that is allowed. */
    readonly limit: number;
    /** What the model would need, as far as it was counted. */
    readonly actual: number;
    /** Where, in bytes from the start of the file. */
    readonly offset?: number;
  };
  /** The arrays of a weights file do not make up the network that they belong to; at most ten problems are listed. */
  "artifact.network": {
    /** Name of the weights file. */
    readonly file: string;
    /** The problems, at most ten. */
    readonly problems: readonly ArrayProblem[];
    /** Number of all problems. */
    readonly total: number;
  };

  // --- ONNX and predictions on this machine --------------------------------------------------------------------
  /** A package that is needed for this is not installed or cannot be loaded; `install` says what to type. */
  "onnx.runtime": {
    /** The packages, any of which would do. */
    readonly packages: readonly string[];
    /** A command for each of them. */
    readonly install: readonly string[];
  };
  /** A file is no ONNX model, or not one of these networks. */
  "onnx.model": {
    /** What was found, in words. */
    readonly found: string;
    /** What would be right. */
    readonly expected: string;
  };
  /** A local predictor cannot predict (closed, out of memory, its thread broke down); `reason` says why. */
  "onnx.failed": {
    /** Why, in words. */
    readonly reason: string;
  };

  // --- embedded backend ----------------------------------------------------------------------------------------
  /** The embedded backend cannot start or go on. */
  "local.start": {
    /** The port or directory that cannot be used. */
    readonly what: string;
    /** What would be right. */
    readonly expected: string;
  };
  /** A file of the embedded backend is damaged. */
  "local.state": {
    /** Path of the damaged file. */
    readonly file: string;
    /** What the file should hold. */
    readonly expected: string;
  };
}

/** A code of this package's errors. */
export type ErrorCode = keyof ErrorDetails;
