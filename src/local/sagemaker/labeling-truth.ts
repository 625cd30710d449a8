import { stem, baseName } from "../../core/s3-uri.js";
import { decodeMask } from "../../mask/decode-mask.js";
import type { IndexMask } from "../../mask/mask.js";
import { sniffImage } from "../../codec/sniff-image.js";
import type { LocalObjects } from "../contracts.js";
import type { ManifestLine } from "./labeling-setup.js";
import type { Tag } from "./requests.js";
import { readObject, s3Location } from "./s3-input.js";

/** Why an object cannot be labeled. */
export class ObjectFailure extends Error {
  override readonly name = "ObjectFailure";
}

/** Key of the job's tag that names the S3 prefix of the truth masks. */
const truthTag = "truth";
/** Attribute of a manifest line that names the truth mask itself. */
const truthAttribute = "truth-ref";

/**
 * The mask from which the simulated annotators work, in this order: the line's attribute `truth-ref`; the S3 prefix in
 * the job's tag `truth`, then `<image name>.png` there; `truth/<image name>.png` in the image's bucket; in adjustment
 * and verification jobs at last the mask that the line brings.
 *
 * @throws {@link ObjectFailure} when image or truth cannot be read or differ in size.
 */
export async function readTruth(
  objects: LocalObjects,
  line: ManifestLine,
  tags: readonly Tag[],
  classCount: number,
  earlier: EarlierLabel | undefined,
): Promise<Truth> {
  const imageUri = String(line.value["source-ref"]);
  const image = await readObject(objects, imageUri);
  if (image === undefined) throw new ObjectFailure(`ClientError: The object ${imageUri} cannot be read.`);
  const { width, height, description } = sniffImage(image);
  if (width === undefined || height === undefined) {
    throw new ObjectFailure(`ClientError: The object ${imageUri} is ${description}, not a readable image.`);
  }
  for (const uri of truthPlaces(line, imageUri, tags, earlier)) {
    const file = await readObject(objects, uri);
    if (file === undefined) continue;
    const isEarlier = uri === earlier?.uri;
    const stored = decodeLineMask(file, uri);
    const truth = isEarlier && earlier.toClass !== undefined ? earlier.toClass(stored) : stored;
    if (truth.width !== width || truth.height !== height) {
      throw new ObjectFailure(
        `ClientError: The truth ${uri} is ${truth.width} x ${truth.height} pixels, the image ${width} x ${height}.`,
      );
    }
    const stranger = truth.data.find((index) => index >= classCount && index !== 255);
    if (stranger !== undefined) {
      throw new ObjectFailure(
        `ClientError: The truth ${uri} has index ${stranger}, but the job has ${classCount} classes.`,
      );
    }
    return { mask: truth, isEarlier };
  }
  // The text of the service for objects that no worker labeled in time.
  throw new ObjectFailure(
    "ClientError: Annotation tasks expired. The simulated annotators found no truth mask for this object (embedded backend: see truth-ref, tag truth, truth/ in the image's bucket).",
  );
}

function truthPlaces(
  line: ManifestLine,
  imageUri: string,
  tags: readonly Tag[],
  earlier: EarlierLabel | undefined,
): string[] {
  const name = `${stem(baseName(imageUri))}.png`;
  const own = line.value[truthAttribute];
  const prefix = tags.find((tag) => tag.Key === truthTag)?.Value;
  const bucket = s3Location(imageUri)?.bucket;
  return [
    ...(typeof own === "string" ? [own] : []),
    ...(prefix === undefined ? [] : [prefix + name]),
    ...(prefix === undefined || prefix.endsWith("/") ? [] : [`${prefix}/${name}`]),
    ...(bucket === undefined ? [] : [`s3://${bucket}/truth/${name}`]),
    ...(earlier === undefined ? [] : [earlier.uri]),
  ];
}

/** Decodes a mask of a line. @throws {@link ObjectFailure} when it is none */
export function decodeLineMask(file: Uint8Array, uri: string): IndexMask {
  try {
    return decodeMask(file);
  } catch (error) {
    throw new ObjectFailure(`ClientError: The file ${uri} is no mask: ${(error as Error).message}`);
  }
}

/** The mask that annotators work from. */
export interface Truth {
  readonly mask: IndexMask;
  /** Whether it is nothing but the mask that the line brings. */
  readonly isEarlier: boolean;
}

/** A label that a line brings. */
export interface EarlierLabel {
  readonly uri: string;
  /** Turns its indices into those of the job's classes, by class name. Throws {@link ObjectFailure}. */
  readonly toClass?: (mask: IndexMask) => IndexMask;
}

/** The newest segmentation label that a line brings, other than the job's own. */
export function earlierLabel(
  line: ManifestLine,
  attribute: string,
  names: readonly string[] | undefined,
): EarlierLabel | undefined {
  let newest: { readonly uri: string; readonly date: string; readonly map: unknown } | undefined;
  for (const [key, metadata] of Object.entries(line.value)) {
    const { type, ["creation-date"]: date, ["internal-color-map"]: map } = (metadata ?? {}) as Record<string, unknown>;
    if (!key.endsWith("-metadata") || type !== "groundtruth/semantic-segmentation") continue;
    const name = key.slice(0, -"-metadata".length);
    const uri = line.value[name];
    if (name === attribute || typeof uri !== "string") continue;
    if (newest === undefined || String(date) > newest.date) newest = { uri, date: String(date), map };
  }
  if (newest === undefined) return undefined;
  const { uri, map } = newest;
  return names === undefined || map === undefined || map === null
    ? { uri }
    : { uri, toClass: (mask) => renumbered(mask, map, names) };
}

/** The same class can have another index in the job that made the mask. */
function renumbered(mask: IndexMask, map: object, names: readonly string[]): IndexMask {
  const classes = new Map(
    Object.entries(map).map(([index, entry]) => {
      const name = (entry as { "class-name"?: unknown } | null)?.["class-name"];
      return [Number(index), typeof name === "string" ? names.indexOf(name) : -1];
    }),
  );
  const data = mask.data.map((index) => {
    const found = index === 0 ? 0 : (classes.get(index) ?? -1);
    if (found < 0) throw new ObjectFailure(`ClientError: Index ${index} of the label is no class of the job.`);
    return found;
  });
  return { ...mask, data };
}
