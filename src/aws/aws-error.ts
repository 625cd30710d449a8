import type { ErrorCode } from "../core/error-catalogue.js";
import type { AwsErrorDetails } from "../core/error-details.js";
import { SegmentationError } from "../core/errors.js";

type AwsCode = Extract<ErrorCode, `aws.${string}`>;

/** What we read of an error that a client threw; every member may be missing. */
interface RawError {
  readonly name: string;
  readonly message: string;
  readonly code?: string;
  readonly status?: number;
  readonly requestId?: string;
  readonly throttling: boolean;
  /** The bucket that S3 does not know. */
  readonly bucket?: string;
}

const credentialNames = new Set([
  "CredentialsProviderError",
  "ExpiredToken",
  "ExpiredTokenException",
  "RequestExpired",
  "TokenRefreshRequired",
  "InvalidClientTokenId",
  "InvalidAccessKeyId",
  "UnrecognizedClientException",
  "SignatureDoesNotMatch",
  "InvalidSignatureException",
  "IncompleteSignature",
  "MissingAuthenticationToken",
  "MissingAuthenticationTokenException",
  "AuthFailure",
]);
const deniedNames = new Set(["AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "NotAuthorized"]);
const throttlingNames = new Set([
  "Throttling",
  "ThrottlingException",
  "ThrottledException",
  "RequestThrottled",
  "RequestThrottledException",
  "TooManyRequestsException",
  "RequestLimitExceeded",
  "ProvisionedThroughputExceededException",
  "SlowDown",
  "BandwidthLimitExceeded",
  "PriorRequestNotComplete",
  "ModelNotReadyException",
]);
const limitNames = new Set(["ResourceLimitExceeded", "LimitExceededException", "QuotaExceededException"]);
const conflictNames = new Set([
  "ResourceInUse",
  "ResourceAlreadyExistsException",
  "ConflictException",
  "BucketAlreadyExists",
  "BucketAlreadyOwnedByYou",
  "PreconditionFailed",
]);
const missingNames = new Set([
  "ResourceNotFound",
  "ResourceNotFoundException",
  "NoSuchKey",
  "NoSuchBucket",
  "NoSuchUpload",
  "NotFound",
]);
const networkCodes = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "ECONNABORTED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EPIPE",
  "EPROTO",
  "ETIMEDOUT",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ERR_STREAM_PREMATURE_CLOSE",
]);

/**
 * Turns what a client threw into a `SegmentationError` of the `aws` area; errors of this package pass unchanged.
 * Only name, status, request id and AWS's own message are taken: never headers, bodies or credentials.
 */
export function fromAwsError(operation: string, error: unknown): SegmentationError {
  if (SegmentationError.is(error)) return error;
  const raw = readError(error);
  if (raw.message === "Region is missing") return regionMissing(operation, error);
  const { code, retryable } = classify(raw);
  const details: AwsErrorDetails = {
    operation,
    name: raw.name,
    retryable,
    ...(raw.status === undefined ? {} : { status: raw.status }),
    ...(raw.requestId === undefined ? {} : { requestId: raw.requestId }),
  };
  return new SegmentationError(code, `${operation} failed: ${describeText(raw)}${advice(code, raw.name)}`, details, {
    cause: error,
  });
}

function classify(raw: RawError): { code: AwsCode; retryable: boolean } {
  const { name, status } = raw;
  if (credentialNames.has(name) || /could not load credentials|token .*expired/i.test(raw.message))
    return { code: "aws.credentials", retryable: false };
  if (throttlingNames.has(name) || raw.throttling || status === 429) return { code: "aws.throttled", retryable: true };
  if (deniedNames.has(name)) return { code: "aws.access-denied", retryable: false };
  if (limitNames.has(name)) return { code: "aws.limit", retryable: false };
  if (conflictNames.has(name)) return { code: "aws.conflict", retryable: false };
  if (missingNames.has(name)) return { code: "aws.not-found", retryable: false };
  if (name === "ValidationException" || name === "ValidationError") return validation(raw.message);
  if (isNetwork(raw)) return { code: "aws.network", retryable: true };
  // A container's refusal (ModelError, 424) is no failure of the service, and sending it again does not help.
  if (name === "ModelError") return { code: "aws.server", retryable: false };
  if (status === 403) return { code: "aws.access-denied", retryable: false };
  if (status === 404) return { code: "aws.not-found", retryable: false };
  if (status === 409 || status === 412) return { code: "aws.conflict", retryable: false };
  if (status !== undefined && status >= 500) return { code: "aws.server", retryable: true };
  if (status !== undefined && status >= 400) return { code: "aws.validation", retryable: false };
  return { code: "aws.server", retryable: false };
}

/** SageMaker says "not found" and "exists already" with plain validation errors; only the text tells them apart. */
function validation(message: string): { code: AwsCode; retryable: boolean } {
  // A missing object or artifact named in a request is the request's mistake, not a missing resource of this call.
  if (
    /^(requested resource not found|could not find (?!model data)|endpoint \S+ of account \d+ not found)/i.test(message)
  )
    return { code: "aws.not-found", retryable: false };
  if (/^cannot (create already existing|(update|delete) in-progress)/i.test(message))
    return { code: "aws.conflict", retryable: false };
  return { code: "aws.validation", retryable: false };
}

function isNetwork(raw: RawError): boolean {
  if (raw.status !== undefined && raw.status !== 200) return false;
  return (
    raw.name === "TimeoutError" ||
    raw.name === "NetworkingError" ||
    (raw.code !== undefined && networkCodes.has(raw.code)) ||
    /socket hang up|network socket disconnected|^aborted$|connection timed? ?out|premature close/i.test(raw.message)
  );
}

/** What every client says, before any request, when neither its settings nor the environment name a region. */
function regionMissing(operation: string, cause: unknown): SegmentationError {
  return new SegmentationError(
    "session.missing",
    `${operation} needs an AWS region: give createSession({ region }) one, or set AWS_REGION.`,
    { setting: "region", neededBy: operation },
    { cause },
  );
}

function advice(code: AwsCode, name: string): string {
  if (code !== "aws.credentials") return "";
  // There are none at all: nothing could be renewed.
  if (name === "CredentialsProviderError")
    return " Set AWS_PROFILE or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or renew the login of the profile in use; handles are made again from their names.";
  return " Renew the credentials and run this again; handles are made again from their names, and jobs on AWS go on.";
}

function describeText(raw: RawError): string {
  const said = raw.message === "" || raw.message === raw.name ? raw.name : `${raw.name}: ${raw.message}`;
  const text = raw.bucket === undefined ? said : `${said.replace(/[.!?]$/, "")} (bucket "${raw.bucket}")`;
  // Some answers put whole pages into the message.
  const short = text.length > 2000 ? `${text.slice(0, 2000)}…` : text;
  return /[.!?…]$/.test(short) ? short : `${short}.`;
}

function readError(error: unknown): RawError {
  if (typeof error !== "object" || error === null) return { name: "Error", message: String(error), throttling: false };
  const record = error as Readonly<Record<string, unknown>>;
  const metadata = asRecord(record["$metadata"]);
  const status = metadata["httpStatusCode"];
  const requestId = metadata["requestId"];
  const code = record["code"];
  const bucket = record["BucketName"];
  const message = record["message"] ?? record["Message"];
  return {
    name: textOr(record["name"], "Error"),
    message: textOr(message, ""),
    throttling: asRecord(record["$retryable"])["throttling"] === true,
    ...(record["name"] === "NoSuchBucket" && typeof bucket === "string" ? { bucket } : {}),
    ...(typeof code === "string" ? { code } : {}),
    ...(typeof status === "number" ? { status } : {}),
    ...(typeof requestId === "string" ? { requestId } : {}),
  };
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}

function textOr(value: unknown, fallback: string): string {
  return typeof value === "string" && value !== "" ? value : fallback;
}
