import { isRegionName } from "../../facts/region-name.js";
import type { LocalResponse } from "../contracts.js";
import { Refusal } from "../http/index.js";
import { owner } from "./list-objects.js";
import type { S3Call, S3Operation } from "./s3-call.js";
import { s3Error } from "./s3-errors.js";
import { receiveDocument } from "./upload-body.js";
import { childText, readXml } from "./xml-reader.js";
import { isoTime, leaf, node, xmlAnswer } from "./xml-writer.js";

const classic = "us-east-1";

/** `GET /` */
export const listBuckets: S3Operation = (call) => {
  const prefix = call.query("prefix") ?? "";
  const buckets = call.world.storage.buckets().filter(({ name }) => name.startsWith(prefix));
  return xmlAnswer(
    "ListAllMyBucketsResult",
    owner(call),
    node(
      "Buckets",
      ...buckets.map(({ name, created, region }) =>
        node("Bucket", leaf("Name", name), leaf("CreationDate", isoTime(created)), leaf("BucketRegion", region)),
      ),
    ),
  );
};

/** `PUT bucket` */
export const createBucket: S3Operation = async (call) => {
  const region = await readLocation(call);
  const existing = call.world.storage.settings(call.bucket);
  if (existing === undefined) await call.world.storage.createBucket(call.bucket, region);
  // Only us-east-1 takes a second creation by the owner for a success.
  else if (region !== classic || existing.region !== classic) {
    throw new Refusal(
      409,
      "BucketAlreadyOwnedByYou",
      "Your previous request to create the named bucket succeeded and you already own it.",
      { BucketName: call.bucket },
    );
  }
  return { status: 200, headers: { location: `/${call.bucket}` } };
};

async function readLocation(call: S3Call): Promise<string> {
  const document = await receiveDocument(call, 64 * 1024);
  const text = document.length === 0 ? undefined : childText(readXml(document), "LocationConstraint")?.trim();
  const asked = text === undefined || text === "" ? classic : text === "EU" ? "eu-west-1" : text;
  const endpoint = call.request.region;
  if (asked !== endpoint && endpoint !== classic) {
    throw new Refusal(
      400,
      "IllegalLocationConstraintException",
      `The ${text ?? "unspecified"} location constraint is incompatible for the region specific endpoint this request was sent to.`,
    );
  }
  if (!isRegionName(asked)) {
    throw new Refusal(400, "InvalidLocationConstraint", "The specified location-constraint is not valid");
  }
  return asked;
}

/** `HEAD bucket` */
export const headBucket: S3Operation = (call) => {
  call.objects();
  return { status: 200, headers: { "x-amz-bucket-region": settings(call).region } };
};

/** `DELETE bucket` */
export const deleteBucket: S3Operation = (call) => {
  if (!call.objects().isEmpty) {
    throw new Refusal(409, "BucketNotEmpty", "The bucket you tried to delete is not empty", {
      BucketName: call.bucket,
    });
  }
  call.world.storage.removeBucket(call.bucket);
  return { status: 204 };
};

/** `GET bucket?location` */
export const getBucketLocation: S3Operation = (call) => {
  call.objects();
  const { region } = settings(call);
  return xmlAnswer("LocationConstraint", region === classic ? "" : region);
};

/** `GET bucket?versioning`: never switched on. */
export const getBucketVersioning: S3Operation = (call) => {
  call.objects();
  return xmlAnswer("VersioningConfiguration");
};

/** `GET bucket?encryption`: what every bucket has by itself since 2023. */
export const getBucketEncryption: S3Operation = (call) => {
  call.objects();
  const algorithm = node("ApplyServerSideEncryptionByDefault", leaf("SSEAlgorithm", "AES256"));
  return xmlAnswer("ServerSideEncryptionConfiguration", node("Rule", algorithm, leaf("BucketKeyEnabled", false)));
};

/** `GET bucket?policy` */
export const getBucketPolicy: S3Operation = (call): LocalResponse => {
  call.objects();
  throw new Refusal(404, "NoSuchBucketPolicy", "The bucket policy does not exist", { BucketName: call.bucket });
};

function settings(call: S3Call): { readonly region: string } {
  const found = call.world.storage.settings(call.bucket);
  if (found === undefined) throw s3Error.noSuchBucket(call.bucket);
  return found;
}
