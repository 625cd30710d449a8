import { Refusal } from "../http/index.js";
import {
  checksumAlgorithms,
  checksumLength,
  startChecksum,
  type ChecksumAlgorithm,
  type StoredChecksum,
} from "../store/index.js";
import type { S3Call } from "./s3-call.js";
import { s3Error } from "./s3-errors.js";

/** What a request says of its own body, to be held against the bytes that came. */
export interface BodyClaims {
  /** Raw bytes of Content-MD5. */
  readonly md5: Buffer | undefined;
  /** Lower-case hex of the signed payload hash. */
  readonly sha256: string | undefined;
  /** The checksum named in the head; its value comes later when it is in the trailer. */
  readonly checksum: { readonly algorithm: ChecksumAlgorithm; readonly value: string | undefined } | undefined;
  /** Whether the body is framed as aws-chunked. */
  readonly framed: boolean;
}

const headerPrefix = "x-amz-checksum-";

/** Header name of a checksum. */
export function checksumHeader(algorithm: ChecksumAlgorithm): string {
  return headerPrefix + algorithm.toLowerCase();
}

/** Reads the claims of a request. @throws `InvalidDigest`, `InvalidRequest` or `InvalidArgument` for senseless ones. */
export function readClaims(call: S3Call): BodyClaims {
  const payload = call.header("x-amz-content-sha256");
  const framed =
    payload?.startsWith("STREAMING-") === true || /\baws-chunked\b/i.test(call.header("content-encoding") ?? "");
  if (payload !== undefined && !framed && payload !== "UNSIGNED-PAYLOAD" && !/^[0-9a-f]{64}$/i.test(payload)) {
    const expected = "x-amz-content-sha256 must be UNSIGNED-PAYLOAD, a STREAMING- value, or a valid sha256 value.";
    throw s3Error.invalidArgument("x-amz-content-sha256", payload, expected);
  }
  return {
    md5: readMd5(call.header("content-md5")),
    sha256: payload !== undefined && /^[0-9a-f]{64}$/i.test(payload) ? payload.toLowerCase() : undefined,
    checksum: readChecksum(call, framed),
    framed,
  };
}

/** Which checksums must be computed to check these claims. */
export function claimedAlgorithms(claims: BodyClaims): ChecksumAlgorithm[] {
  const algorithms = new Set<ChecksumAlgorithm>();
  if (claims.checksum !== undefined) algorithms.add(claims.checksum.algorithm);
  if (claims.sha256 !== undefined) algorithms.add("SHA256");
  return [...algorithms];
}

/** Holds the claims against what was computed; gives the checksum to store. @throws `BadDigest` and its kin */
export function checkClaims(
  claims: BodyClaims,
  trailer: ReadonlyMap<string, string>,
  md5: string,
  computed: ReadonlyMap<ChecksumAlgorithm, Buffer>,
): StoredChecksum | undefined {
  if (claims.md5 !== undefined && claims.md5.toString("hex") !== md5) {
    throw new Refusal(400, "BadDigest", "The Content-MD5 you specified did not match what we received.");
  }
  if (claims.sha256 !== undefined && claims.sha256 !== computed.get("SHA256")?.toString("hex")) {
    throw new Refusal(
      400,
      "XAmzContentSHA256Mismatch",
      "The provided 'x-amz-content-sha256' header does not match what was computed.",
    );
  }
  if (claims.checksum === undefined) return undefined;
  const { algorithm } = claims.checksum;
  const wanted = claims.checksum.value ?? trailer.get(checksumHeader(algorithm));
  if (wanted === undefined) {
    throw new Refusal(400, "MalformedTrailerError", "The request contained trailing data that was not well-formed.");
  }
  const value = computed.get(algorithm)?.toString("base64") ?? "";
  if (wanted !== value) {
    throw new Refusal(400, "BadDigest", `The ${algorithm} you specified did not match the calculated checksum.`);
  }
  return { algorithm, value, type: "FULL_OBJECT" };
}

/** The same for bytes in memory. */
export function checkBytes(claims: BodyClaims, trailer: ReadonlyMap<string, string>, bytes: Uint8Array): void {
  const md5 = startChecksum("MD5");
  md5.update(bytes);
  const computed = new Map<ChecksumAlgorithm, Buffer>();
  for (const algorithm of claimedAlgorithms(claims)) {
    const checksum = startChecksum(algorithm);
    checksum.update(bytes);
    computed.set(algorithm, checksum.digest());
  }
  checkClaims(claims, trailer, md5.digest().toString("hex"), computed);
}

function readMd5(text: string | undefined): Buffer | undefined {
  if (text === undefined) return undefined;
  const bytes = Buffer.from(text, "base64");
  if (bytes.length === 16 && bytes.toString("base64") === text) return bytes;
  throw new Refusal(400, "InvalidDigest", "The Content-MD5 you specified is not valid.", { "Content-MD5": text });
}

function readChecksum(call: S3Call, framed: boolean): BodyClaims["checksum"] {
  const named = checksumAlgorithms.filter((algorithm) => call.header(checksumHeader(algorithm)) !== undefined);
  if (named.length > 1) {
    throw s3Error.invalidRequest("Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.");
  }
  const [algorithm] = named;
  if (algorithm !== undefined) {
    const value = call.header(checksumHeader(algorithm)) ?? "";
    const bytes = Buffer.from(value, "base64");
    if (bytes.length !== checksumLength(algorithm) || bytes.toString("base64") !== value) {
      throw s3Error.invalidRequest(`Value for ${checksumHeader(algorithm)} header is invalid.`);
    }
    return { algorithm, value };
  }
  const trailer = call.header("x-amz-trailer")?.trim().toLowerCase();
  const trailing = checksumAlgorithms.find((candidate) => checksumHeader(candidate) === trailer);
  if (trailer !== undefined && (trailing === undefined || !framed)) {
    throw s3Error.invalidRequest("The value specified in the x-amz-trailer header is not supported");
  }
  if (trailing !== undefined) return { algorithm: trailing, value: undefined };
  if (call.header("x-amz-sdk-checksum-algorithm") !== undefined) {
    throw s3Error.invalidRequest(
      "x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or x-amz-trailer headers were found.",
    );
  }
  return undefined;
}
