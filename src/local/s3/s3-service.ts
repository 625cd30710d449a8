import type { LocalRequest, LocalResponse, LocalService } from "../contracts.js";
import { Refusal } from "../http/index.js";
import type { ObjectStorage } from "../store/index.js";
import {
  corsHeaders,
  deleteBucketCors,
  getBucketCors,
  isAllowedByCors,
  preflightAnswer,
  putBucketCors,
} from "./bucket-cors.js";
import {
  createBucket,
  deleteBucket,
  getBucketEncryption,
  getBucketLocation,
  getBucketPolicy,
  getBucketVersioning,
  headBucket,
  listBuckets,
} from "./buckets.js";
import { completeMultipartUpload } from "./complete-upload.js";
import { copyObject } from "./copy-object.js";
import { getObject, headObject } from "./get-object.js";
import { listObjects, listObjectsV2 } from "./list-objects.js";
import { listMultipartUploads, listParts } from "./list-uploads.js";
import { abortMultipartUpload, createMultipartUpload, uploadPart, uploadPartCopy } from "./multipart.js";
import { deleteObject, deleteObjects, putObject } from "./put-object.js";
import { readCall, type S3Call, type S3Operation, type S3World } from "./s3-call.js";
import { s3Error } from "./s3-errors.js";
import {
  deleteBucketTagging,
  deleteObjectTagging,
  getBucketTagging,
  getObjectTagging,
  putBucketTagging,
  putObjectTagging,
} from "./tagging.js";

/** Query names that choose another operation than the plain one; all others are parameters. */
const subresources = new Set(
  (
    "accelerate acl analytics attributes cors delete encryption intelligent-tiering inventory legal-hold lifecycle " +
    "location logging metrics notification object-lock ownershipControls policy policyStatus publicAccessBlock " +
    "replication requestPayment restore retention select session tagging torrent uploadId uploads versioning versions website"
  ).split(" "),
);

const operations = new Map<string, S3Operation>([
  ["GET service", listBuckets],
  ["PUT bucket", createBucket],
  ["HEAD bucket", headBucket],
  ["DELETE bucket", deleteBucket],
  ["GET bucket", (call) => (call.query("list-type") === "2" ? listObjectsV2(call) : listObjects(call))],
  ["GET bucket location", getBucketLocation],
  ["GET bucket versioning", getBucketVersioning],
  ["GET bucket encryption", getBucketEncryption],
  ["GET bucket policy", getBucketPolicy],
  ["GET bucket cors", getBucketCors],
  ["PUT bucket cors", putBucketCors],
  ["DELETE bucket cors", deleteBucketCors],
  ["GET bucket tagging", getBucketTagging],
  ["PUT bucket tagging", putBucketTagging],
  ["DELETE bucket tagging", deleteBucketTagging],
  ["GET bucket uploads", listMultipartUploads],
  ["POST bucket delete", deleteObjects],
  ["GET object", getObject],
  ["HEAD object", headObject],
  ["PUT object", (call) => (isCopy(call) ? copyObject(call) : putObject(call))],
  ["DELETE object", deleteObject],
  ["GET object tagging", getObjectTagging],
  ["PUT object tagging", putObjectTagging],
  ["DELETE object tagging", deleteObjectTagging],
  ["POST object uploads", createMultipartUpload],
  ["POST object uploadId", completeMultipartUpload],
  ["PUT object uploadId", (call) => (isCopy(call) ? uploadPartCopy(call) : uploadPart(call))],
  ["GET object uploadId", listParts],
  ["DELETE object uploadId", abortMultipartUpload],
]);

/** What {@link createS3Service} needs. */
export interface S3ServiceOptions {
  readonly objects: ObjectStorage;
  /** Twelve digits: the owner of everything. */
  readonly account: string;
}

/** The S3 API over the object storage. Takes what is signed for S3 and what names no service: put it last. */
export function createS3Service(options: S3ServiceOptions): LocalService {
  const world: S3World = { storage: options.objects, account: options.account };
  return {
    accepts: looksLikeS3,
    async handle(request) {
      const call = readCall(request, world);
      const cors = corsHeaders(call);
      try {
        const answer = await findOperation(call)(call);
        return { ...answer, headers: { ...answer.headers, ...cors, ...pageHeaders(request, answer) } };
      } catch (error) {
        throw error instanceof Refusal ? error.withHeaders(cors) : error;
      }
    },
    preflight(request: LocalRequest): Promise<LocalResponse> {
      return Promise.resolve().then(() => preflightAnswer(readCall(request, world)));
    },
    allowsPage(request) {
      return Promise.resolve().then(() => isAllowedByCors(readCall(request, world)));
    },
  };
}

/**
 * For what a browser may show (a link, not a client's call): all buckets share one origin here, and a page of it could
 * call every service. So an object that is a page, or is made one by `response-content-type`, gets an origin of its own.
 */
function pageHeaders(request: LocalRequest, answer: LocalResponse): Readonly<Record<string, string>> {
  if (request.headers["authorization"] !== undefined || request.method !== "GET") return {};
  const sniffless = { "x-content-type-options": "nosniff" };
  // Browsers show no PDF in a sandbox; it is no page that could call anything.
  if (answer.headers?.["content-type"] === "application/pdf") return sniffless;
  return { ...sniffless, "content-security-policy": "sandbox allow-scripts" };
}

function findOperation(call: S3Call): S3Operation {
  const level = call.bucket === "" ? "service" : call.key === "" ? "bucket" : "object";
  const named = call.request.query.find(([name]) => subresources.has(name))?.[0];
  const operation = operations.get([call.request.method, level, ...(named === undefined ? [] : [named])].join(" "));
  if (operation !== undefined) return operation;
  if (named !== undefined) throw s3Error.notImplemented();
  throw new Refusal(405, "MethodNotAllowed", "The specified method is not allowed against this resource.", {
    Method: call.request.method,
  });
}

function isCopy(call: S3Call): boolean {
  return call.header("x-amz-copy-source") !== undefined;
}

/** A presigned URL of signature version 2 and a preflight name no service; the other services have a target header or a path. */
function looksLikeS3(request: LocalRequest): boolean {
  return request.service === "s3" || (request.service === undefined && request.headers["x-amz-target"] === undefined);
}
