/** What is known of a failed job. */
export interface FailureExplanation {
  /** Whose fault it probably is: that of the request or its data, of the algorithm's container, or of AWS. */
  readonly side: "request" | "container" | "aws" | "unknown";
  /** The likely cause, in a sentence; `undefined` where we know none. */
  readonly cause: string | undefined;
  /** What to do about it. */
  readonly remedy: string | undefined;
}

// Failure texts as seen in public reports and in logs of real jobs; the container publishes no list of its own.
const known: readonly (readonly [reason: RegExp, cause: string, remedy: string])[] = [
  [
    /additional hyperparameters are not allowed/i,
    "The container knows no such hyperparameter; names are case-sensitive.",
    "Correct the name: this package checks names before sending, unless they come in by override().",
  ],
  [
    /is not valid for the '[^']{1,100}' hyperparameter/i,
    "A hyperparameter has a value that the container does not take.",
    "Correct the hyperparameter and start a new job; this package checks values before sending unless they come in by override().",
  ],
  [
    /incompatible input shape/i,
    "psp and deeplab fail where the scored size differs from crop_size.",
    "Set validation_mini_batch_size above 1, so that crops are scored.",
  ],
  [
    /capacityerror|insufficient capacity/i,
    "AWS has no free instance of this type now.",
    "Try again later, or take another type or region.",
  ],
  [/internalservererror/i, "A failure on AWS's side.", "Start the job again, or let retries() do so."],
  [
    /out of memory|cudamalloc/i,
    "The GPU's memory is too small.",
    "Lower mini_batch_size or crop_size, or take a larger instance.",
  ],
  [/pipe channel timed out/i, "The data did not arrive in time.", "Use the File input mode or fewer, larger objects."],
  [
    /(?:access ?denied|not authorized|status code: 403)/i,
    "The execution role may not do this.",
    "It needs s3:GetObject and s3:ListBucket on the data and s3:PutObject on the output, and with a KMS key kms:Decrypt and kms:GenerateDataKey.",
  ],
  [/no space left on device/i, "The disk is full.", "Raise volumeGb of instance()."],
  [
    /no annotation|required channel|is missing in the input data/i,
    "Images, masks or a channel are missing.",
    "Let check() look at the channels before the next job.",
  ],
];

const sides: readonly (readonly [prefix: RegExp, side: FailureExplanation["side"]])[] = [
  // CustomerError was the word of 2018 and 2019.
  [/^(?:ClientError|CustomerError)/, "request"],
  [/^AlgorithmError/, "container"],
  [/^(?:InternalServerError|CapacityError)/, "aws"],
];

/**
 * The likely cause of a training job's failure, and what to do, from AWS's `FailureReason`.
 *
 * @example
 * ```ts
 * import { explainFailure } from "sagemaker-semseg";
 *
 * const { failureReason } = await training.describe();
 * if (failureReason !== undefined) console.log(explainFailure(failureReason).remedy);
 * ```
 */
export function explainFailure(reason: string): FailureExplanation {
  // AWS cuts reasons at 1,024 characters.
  const text = reason.slice(0, 4096);
  const [, cause, remedy] = known.find(([pattern]) => pattern.test(text)) ?? [];
  return { side: sides.find(([prefix]) => prefix.test(text))?.[1] ?? "unknown", cause, remedy };
}

/** Cause and remedy in one text, where we know them. */
export function trainingFailureHint(reason: string): string | undefined {
  const { cause, remedy } = explainFailure(reason);
  return cause === undefined || remedy === undefined ? undefined : `${cause} ${remedy}`;
}
