import { SegmentationError } from "../core/errors.js";
import { inOrder } from "../core/in-order.js";
import type { ObjectStore } from "../core/object-store.js";
import { largestMaskFile, readWithin } from "../core/read-within.js";
import { baseName, joinS3Uri, parseS3Uri, stem } from "../core/s3-uri.js";
import { maxLineLength } from "../manifest/lines.js";
import { segmentationType } from "../manifest/label-kinds.js";
import { backgroundName } from "../manifest/color-map.js";
import type { AnyClassTable, ClassTable } from "../mask/classes.js";
import type { ColorMap } from "../mask/color-index.js";
import { decodeMask } from "../mask/decode-mask.js";
import { encodeMask } from "../mask/encode-mask.js";
import type { IndexMask } from "../mask/mask.js";
import { formatColor } from "../mask/palette.js";
import type { Rgb } from "../mask/palette.js";
import { imageSize } from "./image-size.js";
import { refusal } from "./refusal.js";

/** A mask of an image that lies in S3, made by another tool, a model or Ground Truth Plus. */
export interface GivenMask {
  /** Address of the image. */
  readonly image: string;
  /**
   * The mask: indices of the class table in memory, PNG bytes, the address of a PNG in S3, or a function that gives one
   * of the first two when its turn comes.
   */
  readonly mask: GivenMaskData | string | ((signal: AbortSignal) => Promise<GivenMaskData>);
  /** How sure its maker is, 0 to 1; default 0, as Ground Truth writes for one worker. */
  readonly confidence?: number;
  /** Further keys of the manifest line. */
  readonly extra?: Readonly<Record<string, unknown>>;
}

/** Indices of the class table, or PNG bytes. */
export type GivenMaskData = IndexMask | Uint8Array;

/** What {@link GivenMask} files mean. */
export interface GivenMaskOptions {
  /**
   * Class index by colour, for colour pictures and palettes whose indices mean nothing; default: palette indices and
   * gray values are class indices, and colour pictures go by the classes' own colours.
   */
  readonly colorMap?: ColorMap;
}

/** Where masks and lines go. */
export interface GivenMaskTarget<in out Name extends string> extends GivenMaskOptions {
  /** Folder of the mask files. */
  readonly folder: string;
  /** Label attribute of the lines. */
  readonly attribute: string;
  /** Job name that the lines name. */
  readonly jobName: string;
  readonly classes: ClassTable<Name>;
  readonly limit: number;
  readonly now: Date;
}

/** Masks that are read, decoded and written at a time. */
const atATime = 8;
const white: Rgb = [255, 255, 255];

/**
 * Writes masks as Ground Truth writes them (palette PNG of 8 bits, index = class, background white) and yields their
 * manifest lines in order. Ignored pixels become background: Ground Truth knows none.
 *
 * @throws `labeling.invalid` for a mask of another size than its image, an image that stands twice, keys that are
 * taken; `labeling.no-images` for none at all; `mask.index`, `mask.color`, `codec` for masks that cannot be read.
 */
export async function* givenMaskLines<Name extends string>(
  store: ObjectStore,
  masks: Iterable<GivenMask> | AsyncIterable<GivenMask>,
  target: GivenMaskTarget<Name>,
  seen: () => void,
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array, void, void> {
  const encoder = new TextEncoder();
  const colors = groundTruthColors(target.classes);
  const write = async ({ given, number }: { given: GivenMask; number: number }, abort: AbortSignal) => {
    const mask = await readGiven(store, given, target, abort);
    const uri = joinS3Uri(target.folder, `${number}_${stem(baseName(given.image))}.png`);
    const { width, height } = mask;
    const data = withoutIgnored(mask.data, target.classes);
    const png = encodeMask({ width, height, data }, { colors, paletteEntries: 256 });
    await store.write(uri, png, { contentType: "image/png", signal: abort });
    return lineOf(given, uri, colors, target);
  };
  let count = 0;
  for await (const line of inOrder(numbered(masks, target.limit), atATime, write, signal)) {
    yield encoder.encode(`${line}\n`);
    count++;
    seen();
  }
  if (count === 0) {
    throw new SegmentationError("labeling.no-images", "No mask was given.", { prefix: target.folder, found: 0 });
  }
}

async function* numbered(masks: Iterable<GivenMask> | AsyncIterable<GivenMask>, limit: number) {
  const images = new Set<string>();
  let number = 0;
  for await (const given of masks) {
    if (parseS3Uri(given.image).key === "") throw refusal("masks", given.image, "the address of an image");
    if (images.has(given.image)) throw refusal("masks", given.image, "each image once");
    images.add(given.image);
    const { confidence = 0 } = given;
    if (!(confidence >= 0 && confidence <= 1)) throw refusal("confidence", confidence, "a number from 0 to 1");
    if (number >= limit) throw refusal("masks", `more than ${limit}`, `at most ${limit} images`);
    yield { given, number: number++ };
  }
}

async function readGiven<Name extends string>(
  store: ObjectStore,
  { image, mask }: GivenMask,
  { classes, colorMap }: GivenMaskTarget<Name>,
  signal: AbortSignal,
): Promise<IndexMask> {
  const given =
    typeof mask === "string"
      ? await readWithin(store, mask, { what: "mask", limit: largestMaskFile, signal })
      : typeof mask === "function"
        ? await mask(signal)
        : mask;
  const name = typeof mask === "string" ? mask : image;
  const found =
    given instanceof Uint8Array
      ? decodeMask(given, { classes, name, ...(colorMap === undefined ? {} : { colorMap }) })
      : checkedIndices(given, classes, name);
  const size = await imageSize(store, image, signal);
  if (size === undefined) throw refusal("masks", image, "a readable JPEG or PNG image");
  if (size.width !== found.width || size.height !== found.height) {
    throw refusal(
      "masks",
      `${name}: ${found.width} x ${found.height}`,
      `the size of the image as it is stored, ${size.width} x ${size.height}`,
    );
  }
  return found;
}

function checkedIndices(mask: IndexMask & { readonly classes?: AnyClassTable }, classes: AnyClassTable, name: string) {
  if (mask.classes !== undefined && mask.classes.names.join("\n") !== classes.names.join("\n")) {
    throw refusal("masks", name, `masks of the classes ${classes.names.join(", ")}`);
  }
  if (mask.data.length !== mask.width * mask.height) throw refusal("masks", name, "width x height indices");
  const wrong = mask.data.findIndex((index) => index >= classes.count && index !== classes.ignoreIndex);
  if (wrong < 0) return mask;
  throw refusal("masks", `${name}: index ${mask.data[wrong]} at pixel ${wrong}`, "indices of the class table");
}

function withoutIgnored(data: Uint8Array, { count }: AnyClassTable): Uint8Array {
  return data.map((index) => (index < count ? index : 0));
}

/** The classes' colours with a white background, as Ground Truth's masks have it. */
export function groundTruthColors({ colors, names }: AnyClassTable): readonly Rgb[] {
  const clash = colors.findIndex((color, index) => index > 0 && color.join() === white.join());
  if (clash > 0)
    throw refusal("classes", names[clash], "another colour than white, which is Ground Truth's background");
  return [white, ...colors.slice(1)];
}

function lineOf<Name extends string>(
  { image, confidence = 0, extra = {} }: GivenMask,
  maskUri: string,
  colors: readonly Rgb[],
  { attribute, jobName, classes, now }: GivenMaskTarget<Name>,
): string {
  const metadataKey = `${attribute}-metadata`;
  for (const key of Object.keys(extra)) {
    if (["source", "source-ref", attribute, metadataKey].includes(key) || key.startsWith("$")) {
      throw refusal("extra", key, "keys other than Ground Truth's own");
    }
  }
  const colorMap = Object.fromEntries(
    classes.names.map((name, index) => [
      String(index),
      { "class-name": index === 0 ? backgroundName : name, "hex-color": formatColor(colors[index]!), confidence },
    ]),
  );
  const line = JSON.stringify({
    "source-ref": image,
    ...extra,
    [attribute]: maskUri,
    [metadataKey]: {
      "internal-color-map": colorMap,
      type: segmentationType,
      "human-annotated": "no",
      // Ground Truth's form: microseconds, no zone.
      "creation-date": `${now.toISOString().slice(0, 23)}000`,
      "job-name": `labeling-job/${jobName.toLowerCase()}`,
    },
  });
  if (line.length > maxLineLength) throw refusal("extra", image, `lines of at most ${maxLineLength} characters`);
  return line;
}
