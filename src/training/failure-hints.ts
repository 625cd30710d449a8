// Failure texts as seen in public reports and in logs of real jobs; the container publishes no list of its own.
const hints: readonly (readonly [reason: RegExp, hint: string])[] = [
  [
    /additional hyperparameters are not allowed/i,
    "The container knows no such hyperparameter; names are case-sensitive. This package checks names before sending.",
  ],
  [
    /is not valid for the '[^']{1,100}' hyperparameter/i,
    "Correct the hyperparameter and start a new job; this package checks values before sending unless they come in by override().",
  ],
  [
    /incompatible input shape/i,
    "psp and deeplab fail where the scored size differs from crop_size: set validation_mini_batch_size above 1.",
  ],
  [
    /capacityerror|insufficient capacity/i,
    "AWS has no free instance of this type now: try again later, or take another type or region.",
  ],
  [/internalservererror/i, "A failure on AWS's side: start the job again."],
  [
    /out of memory|cudamalloc/i,
    "The GPU's memory is too small: lower mini_batch_size or crop_size, or take a larger instance.",
  ],
  [/pipe channel timed out/i, "The data did not arrive in time: use the File input mode or fewer, larger objects."],
  [
    /(?:access ?denied|not authorized|status code: 403)/i,
    "The execution role may not do this: it needs s3:GetObject and s3:ListBucket on the data and s3:PutObject on the output.",
  ],
  [/no space left on device/i, "The disk is full: raise volumeGb."],
];

/** What to do about a training job's `FailureReason`, where we know. */
export function trainingFailureHint(reason: string): string | undefined {
  // AWS cuts reasons at 1,024 characters.
  const text = reason.slice(0, 4096);
  return hints.find(([pattern]) => pattern.test(text))?.[1];
}
