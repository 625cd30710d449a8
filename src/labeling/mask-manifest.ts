import type { ObjectStore } from "../core/object-store.js";
import { parseS3Uri } from "../core/s3-uri.js";
import { isObject, own } from "../manifest/json.js";
import type { JsonObject } from "../manifest/json.js";
import { lineError, readLines } from "../manifest/lines.js";
import type { GivenMask } from "./given-masks.js";

/** Options of `session.masksInManifest(...)`. */
export interface MaskManifestOptions {
  /** Key of the image's address; default `source-ref`. */
  readonly image?: string;
  /** Key of the mask's address; `result.mask` finds a key inside an object. */
  readonly mask: string;
  /** What to do with a line without a mask: `skip` (default), as failed ones have none, or `throw`. */
  readonly withoutMask?: "skip" | "throw";
  /** On abort the signal's reason is thrown. */
  readonly signal?: AbortSignal;
}

/** Lines of other tools may be longer than Ground Truth's, e.g. with polygons beside the mask. */
const longestLine = 4_000_000;

/**
 * The images and masks that a manifest of another tool names: JSON Lines, the masks PNG files in S3.
 *
 * Addresses are S3 addresses or relative to the manifest.
 *
 * @throws `manifest.line` for a line that is no JSON object or has no image, or no mask with `withoutMask: "throw"`.
 */
export async function* masksInManifest(
  store: ObjectStore,
  uri: string,
  { image = "source-ref", mask, withoutMask = "skip", signal }: MaskManifestOptions,
): AsyncGenerator<GivenMask, void, void> {
  const folder = uri.slice(0, uri.lastIndexOf("/") + 1);
  const abort = signal === undefined ? {} : { signal };
  for await (const { number, text } of readLines(store.stream(uri, abort), { uri, maxLength: longestLine, ...abort })) {
    const fail = (expected: string, cause?: unknown): Error => lineError({ number, uri }, expected, cause);
    const line = parse(text, fail);
    const address = (key: string): string | undefined => {
      const value = find(line, key);
      return typeof value === "string" && value !== "" ? resolve(folder, value, key, fail) : undefined;
    };
    const imageUri = address(image);
    if (imageUri === undefined) throw fail(`the address of an image under "${image}"`);
    const maskUri = address(mask);
    if (maskUri !== undefined) yield { image: imageUri, mask: maskUri };
    else if (withoutMask === "throw") throw fail(`the address of a mask under "${mask}"`);
  }
}

function parse(text: string, fail: (expected: string, cause?: unknown) => Error): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw fail("one JSON object", cause);
  }
  if (!isObject(value)) throw fail("one JSON object");
  return value;
}

/** A key as it is written, else a path of keys. */
function find(line: JsonObject, key: string): unknown {
  if (Object.hasOwn(line, key)) return line[key];
  return key.split(".").reduce<unknown>((value, step) => (isObject(value) ? own(value, step) : undefined), line);
}

function resolve(folder: string, value: string, key: string, fail: (expected: string) => Error): string {
  const isRelative = !/^[a-z][a-z0-9+.-]*:/i.test(value);
  const address = isRelative ? folder + value.replace(/^\.\//, "") : value;
  // A key may hold anything, but `..` in one of another tool means a folder above.
  if (!address.startsWith("s3://") || (isRelative && value.split("/").includes(".."))) {
    throw fail(`an S3 address, or one below the manifest's folder, under "${key}"`);
  }
  if (parseS3Uri(address).key === "") throw fail(`the address of an object under "${key}"`);
  return address;
}
