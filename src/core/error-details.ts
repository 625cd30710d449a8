/** A value that cannot be used. */
export interface InvalidInputDetails {
  /** Name of the parameter, option or member that holds it. */
  readonly parameter: string;
  /** The value as given; missing when nothing was given. */
  readonly value?: unknown;
  /** What would be right, e.g. its range. */
  readonly expected: string;
}

/** A setting of the session that was not given. */
export interface MissingSettingDetails {
  /** Name of the setting: `role`, `workspace` or `region`. */
  readonly setting: string;
  /** The step that needs it, in words. */
  readonly neededBy: string;
}

/** An S3 address and what is wrong there. */
export interface AddressDetails {
  /** The address, `s3://bucket/key`, or the text given in its place. */
  readonly uri: string;
  /** What would be right. */
  readonly expected: string;
}

/** A file that cannot be part of a dataset. */
export interface UnusableFileDetails extends AddressDetails {
  /** Other problems that the same check found, at most ten. */
  readonly more?: readonly string[];
}

/** Where bytes are damaged. */
export interface DamagedBytesDetails {
  /** Position in bytes from the start of the file or message. */
  readonly offset: number;
  /** What should be there. */
  readonly expected?: string;
}

/** Part of a model artifact. */
export interface ArtifactPlace {
  /** Name of the file in the archive; missing for the archive itself. */
  readonly file?: string;
  /** Name of the array in a weights file, where it is known. */
  readonly array?: string;
}

/** Where in the export of another tool something is wrong, as far as it is known. */
export interface ImportPlace {
  /** Address of the file, or its path. */
  readonly file?: string;
  /** Position in bytes from the start of the file. */
  readonly offset?: number;
  /** Line of a text file, from 1. */
  readonly line?: number;
  /** Place in a JSON document, e.g. `$.annotations[3].segmentation`. */
  readonly path?: string;
}

/** What is wrong with one array of a network. */
export interface ArrayProblem {
  /**
   * `missing`: not there. `extra`: no part of the network. `shape`: does not fit its neighbours. `type`: no floating
   * point numbers. `values`: infinite, not a number, or a variance below 0.
   */
  readonly kind: "missing" | "extra" | "shape" | "type" | "values";
  /** Name of the array. */
  readonly array: string;
  /** What is there and what would be right, in words. */
  readonly message: string;
}

/** A pixel of a mask, the first of its kind. */
export interface PixelDetails {
  /** Column, from 0 at the left. */
  readonly x: number;
  /** Row, from 0 at the top. */
  readonly y: number;
  /** Name or address of the mask, when it is known. */
  readonly name?: string;
}

/** An endpoint of which parts were left behind. */
export interface RemainingDetails {
  /** Name of the endpoint. */
  readonly endpoint: string;
  /** Parts that still exist and may cost money, in words, e.g. `endpoint turtles`. */
  readonly remaining: readonly string[];
}

/** A job that somebody waited for. */
export interface JobDetails {
  /** What it is, e.g. `training job`, `labeling job` or `endpoint`. */
  readonly kind: string;
  /** Its name. */
  readonly job: string;
}

/** What is known of a failed AWS call. Never holds credentials or bodies. */
export interface AwsErrorDetails {
  /** Operation name, e.g. `CreateTrainingJob`. */
  readonly operation: string;
  /** AWS's own error name, e.g. `ValidationException`. */
  readonly name: string;
  /** HTTP status, when there was an answer. */
  readonly status?: number;
  /** AWS's number of the request, which its support asks for. */
  readonly requestId?: string;
  /** Whether sending the same request later may succeed. */
  readonly retryable: boolean;
}
