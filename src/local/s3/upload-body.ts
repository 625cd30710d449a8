import { decodeAwsChunked, Refusal, type Trailer } from "../http/index.js";
import type { Bucket, ChecksumAlgorithm, StagedBody, StoredChecksum } from "../store/index.js";
import { checkBytes, checkClaims, claimedAlgorithms, readClaims, type BodyClaims } from "./body-claims.js";
import type { S3Call } from "./s3-call.js";
import { s3Error } from "./s3-errors.js";

/** A body on disk that is what its request says. */
export interface ReceivedBody {
  readonly staged: StagedBody;
  readonly checksum: StoredChecksum | undefined;
}

/** Largest body of PutObject and UploadPart (Amazon S3 User Guide, "Multipart upload limits"). */
export const maxBodyBytes = 5 * 1024 ** 3;

/**
 * Takes the body of an upload to disk, unframed and checked: length, MD5, checksum, payload hash.
 * What does not fit is refused and leaves nothing.
 *
 * @param also - A checksum to compute although the request names none.
 */
export async function receiveBody(call: S3Call, bucket: Bucket, also?: ChecksumAlgorithm): Promise<ReceivedBody> {
  const claims = readClaims(call);
  const length = bodyLength(call, claims);
  if (length > maxBodyBytes) {
    throw new Refusal(400, "EntityTooLarge", "Your proposed upload exceeds the maximum allowed size", {
      ProposedSize: String(length),
      MaxSizeAllowed: String(maxBodyBytes),
    });
  }
  const { source, trailer } = bodySource(call, claims, length);
  const algorithms = new Set(claimedAlgorithms(claims));
  if (also !== undefined) algorithms.add(also);
  const staged = await bucket.stage(source, algorithms);
  try {
    let checksum = checkClaims(claims, trailer(), staged.md5, staged.checksums);
    if (checksum === undefined && also !== undefined) {
      const value = staged.checksums.get(also)?.toString("base64") ?? "";
      checksum = { algorithm: also, value, type: "FULL_OBJECT" };
    }
    return { staged, checksum };
  } catch (error) {
    await staged.discard();
    throw error;
  }
}

/** Takes a document of a request into memory, checked like an upload. @throws 413 above `limit` bytes */
export async function receiveDocument(call: S3Call, limit: number): Promise<Uint8Array> {
  const claims = readClaims(call);
  if (!claims.framed) {
    const bytes = await call.request.body(limit);
    checkBytes(claims, new Map(), bytes);
    return bytes;
  }
  const length = bodyLength(call, claims);
  if (length > limit) throw new Refusal(413, "RequestEntityTooLarge", `The request is larger than ${limit} bytes.`);
  const { source, trailer } = bodySource(call, claims, length);
  const pieces: Uint8Array[] = [];
  for await (const piece of source) pieces.push(piece);
  const bytes = Buffer.concat(pieces);
  checkBytes(claims, trailer(), bytes);
  return bytes;
}

/** Whether a request brings something to check its document by; DeleteObjects demands it. */
export function hasDigest(call: S3Call): boolean {
  return call.header("content-md5") !== undefined || readClaims(call).checksum !== undefined;
}

function bodyLength(call: S3Call, claims: BodyClaims): number {
  const name = claims.framed ? "x-amz-decoded-content-length" : "content-length";
  const text = call.header(name);
  if (text === undefined) {
    throw new Refusal(411, "MissingContentLength", "You must provide the Content-Length HTTP header.");
  }
  if (!/^\d{1,15}$/.test(text)) throw s3Error.invalidArgument(name, text, `The value of ${name} is not valid.`);
  return Number(text);
}

function bodySource(
  call: S3Call,
  claims: BodyClaims,
  length: number,
): { readonly source: AsyncIterable<Uint8Array>; readonly trailer: () => Trailer } {
  let trailer: Trailer = new Map();
  const body = call.request.stream();
  const source = claims.framed ? decodeAwsChunked(body, length, (found) => (trailer = found)) : body;
  return { source, trailer: () => trailer };
}
