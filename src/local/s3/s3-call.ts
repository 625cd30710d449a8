import type { LocalRequest, LocalResponse } from "../contracts.js";
import { decodePercent, Refusal } from "../http/index.js";
import { maxKeyBytes, type Bucket, type ObjectStorage } from "../store/index.js";
import { s3Error } from "./s3-errors.js";

/** What all operations share. */
export interface S3World {
  readonly storage: ObjectStorage;
  readonly account: string;
}

/** One S3 request with its address taken apart. Empty bucket or key: none was named. */
export interface S3Call {
  readonly world: S3World;
  readonly request: LocalRequest;
  readonly bucket: string;
  readonly key: string;
  /** First value of a query parameter. */
  query(name: string): string | undefined;
  /** A header by lower-case name. */
  header(name: string): string | undefined;
  /** The bucket's objects. @throws `NoSuchBucket` */
  objects(): Bucket;
}

/** One operation of the S3 API. */
export type S3Operation = (call: S3Call) => LocalResponse | Promise<LocalResponse>;

/** Takes the address apart: `/bucket/key`, each half decoded once, nothing normalised. */
export function readCall(request: LocalRequest, world: S3World): S3Call {
  const { bucket, key } = readAddress(request.path.slice(1));
  if (bucket !== "" || request.path !== "/") checkBucketName(bucket);
  checkKey(key);
  return {
    world,
    request,
    bucket,
    key,
    query: (name) => request.query.find(([found]) => found === name)?.[1],
    header: (name) => request.headers[name],
    objects() {
      const objects = world.storage.bucket(bucket);
      if (objects === undefined) throw s3Error.noSuchBucket(bucket);
      const owner = request.headers["x-amz-expected-bucket-owner"];
      if (owner !== undefined && owner !== world.account) throw new Refusal(403, "AccessDenied", "Access Denied");
      return objects;
    },
  };
}

/** `bucket/key` with percent escapes. */
export function readAddress(text: string): { readonly bucket: string; readonly key: string } {
  const slash = text.indexOf("/");
  if (slash === -1) return { bucket: decodePercent(text), key: "" };
  return { bucket: decodePercent(text.slice(0, slash)), key: decodePercent(text.slice(slash + 1)) };
}

/** Amazon S3 User Guide, "General purpose bucket naming rules". */
export function checkBucketName(name: string): void {
  const formed = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name) && !name.includes("..");
  const reserved = /^(xn--|sthree-|amzn-s3-demo-)|(-s3alias|--ol-s3|\.mrap|--x-s3|--table-s3)$/.test(name);
  if (!formed || reserved || /^\d+\.\d+\.\d+\.\d+$/.test(name)) throw s3Error.invalidBucketName(name);
}

function checkKey(key: string): void {
  const length = Buffer.byteLength(key);
  if (length > maxKeyBytes) {
    throw new Refusal(400, "KeyTooLongError", "Your key is too long", {
      Size: String(length),
      MaxSizeAllowed: String(maxKeyBytes),
    });
  }
}

/** A whole number in a query parameter. @throws `InvalidArgument` */
export function readCount(call: S3Call, name: string, fallback: number, most: number): number {
  const text = call.query(name);
  if (text === undefined || text === "") return fallback;
  if (!/^\d{1,10}$/.test(text) || Number(text) > 2_147_483_647) {
    throw s3Error.invalidArgument(name, text, `Argument ${name} must be an integer between 0 and 2147483647`);
  }
  return Math.min(Number(text), most);
}
