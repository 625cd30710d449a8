import { createHash } from "node:crypto";
import { SegmentationError } from "../core/errors.js";
import type { ObjectStore, StoredObject } from "../core/object-store.js";
import { encodeMask } from "../mask/encode-mask.js";
import type { Mask } from "../mask/mask.js";
import { channelUris } from "./channels.js";
import type { BalanceCounter } from "./class-balance.js";
import type { CheckJournal } from "./check-journal.js";
import type { DatasetWarning, SplitName } from "./dataset.js";
import { type InspectedImage, inspectImage } from "./inspect-image.js";
import type { ReadMask, SourceSample } from "./sample-source.js";
import type { WarningList } from "./warning-list.js";

/** One image with its mask, checked, with all that an upload needs. */
export interface PreparedSample {
  readonly half: SplitName;
  readonly source: StoredObject;
  readonly maskSource: string;
  /** Where the copy of the image goes. */
  readonly imageUri: string;
  /** Where the mask goes. */
  readonly maskUri: string;
  readonly width: number;
  readonly height: number;
  /** Size and hex MD5 of the mask file to be written. */
  readonly maskFile: { readonly size: number; readonly md5: string };
  /** The mask file to be written. Throws `dataset.mask` when it is read again and is not what was checked. */
  encode(signal: AbortSignal | undefined): Promise<Uint8Array>;
}

/** An image that is to be part of the dataset. */
export interface ChosenSample<in out Name extends string> {
  readonly sample: SourceSample<Name>;
  /** Name in the channels, without extension. */
  readonly name: string;
  readonly half: SplitName;
}

/** What checking one sample needs. */
export interface PrepareContext<in out Name extends string> {
  readonly store: ObjectStore;
  /** Folder of the dataset, ending in `/`. */
  readonly folder: string;
  readonly pngImages: boolean;
  readonly signal: AbortSignal | undefined;
  readonly balance: BalanceCounter<Name>;
  readonly warnings: WarningList;
  /** Remembers checks; what it has is not read again. */
  readonly journal?: CheckJournal | undefined;
  /** Bytes of mask files that may still be kept in memory until they are written. */
  readonly budget: { left: number };
}

/**
 * Checks one image and its mask, and makes the mask file.
 *
 * @throws `dataset.image` and `dataset.mask`.
 */
export async function prepareSample<Name extends string>(
  { sample, name, half }: ChosenSample<Name>,
  { store, folder, pngImages, signal, balance, warnings, budget, journal }: PrepareContext<Name>,
): Promise<PreparedSample> {
  const source = sample.listed ?? (await headImage(store, sample.imageUri, signal));
  const key = journal === undefined ? undefined : await checkKey(sample, source, { pngImages, signal, balance });
  const known = key === undefined ? undefined : journal?.get(key);
  let file: Uint8Array | undefined;
  let record = known;
  if (record === undefined) {
    const noted: DatasetWarning[] = [];
    const note: WarningList["add"] = (code, message, uri) => {
      noted.push({ code, message, ...(uri === undefined ? {} : { uri }) });
    };
    const image = await inspectImage(store, sample.imageUri, { pngImages, warnings: { add: note }, signal });
    const { mask, findings } = await readMask(sample, signal);
    if (mask.width !== image.width || mask.height !== image.height) throw sizeMismatch(sample, mask, image);
    for (const finding of findings) note("mask-finding", finding, sample.maskUri);
    file = writeMask(mask);
    const counts = mask.counts();
    const { extension, width, height } = image;
    record = {
      extension,
      width,
      height,
      maskFile: { size: file.length, md5: md5Of(file) },
      counts: mask.classes.names.map((className) => counts[className]),
      warnings: noted,
    };
    if (key !== undefined) journal?.put(key, record);
  }
  const { extension, width, height, maskFile } = record;
  for (const { code, message, uri } of record.warnings) warnings.add(code, message, uri);
  balance.add(half, record.counts, width * height);
  const kept = file !== undefined && file.length <= budget.left ? file : undefined;
  if (kept !== undefined) budget.left -= kept.length;
  const encodeAgain = async (abort: AbortSignal | undefined): Promise<Uint8Array> => {
    const again = writeMask((await readMask(sample, abort)).mask);
    if (md5Of(again) !== maskFile.md5) throw changedMask(sample.maskUri);
    return again;
  };
  const channels = channelUris(folder);
  return {
    half,
    source,
    maskSource: sample.maskUri,
    imageUri: `${channels[half]}${name}.${extension}`,
    maskUri: `${channels[`${half}_annotation`]}${name}.png`,
    width,
    height,
    maskFile,
    encode: kept === undefined ? encodeAgain : () => Promise.resolve(kept),
  };
}

/** A check holds as long as nothing of this changes; `undefined` when it cannot be told. */
async function checkKey<Name extends string>(
  sample: SourceSample<Name>,
  { size, etag }: StoredObject,
  { pngImages, signal, balance: { classes } }: Pick<PrepareContext<Name>, "pngImages" | "signal" | "balance">,
): Promise<string | undefined> {
  if (etag === undefined) return undefined;
  const version = await sample.maskVersion?.(signal);
  if (version === undefined) return undefined;
  const all = [sample.imageUri, size, etag, sample.maskUri, version, classes.names, classes.ignoreIndex, pngImages];
  return createHash("sha256").update(JSON.stringify(all)).digest("hex");
}

/**
 * Palette PNGs, the kind that the developer guide recommends: training sees the indices, people see colours. Small files
 * would take a third of the time of an upload and save a few hundred bytes each.
 */
function writeMask<Name extends string>(mask: Mask<Name>): Uint8Array {
  return encodeMask(mask, { kind: "palette", compression: "fast" });
}

function md5Of(bytes: Uint8Array): string {
  return createHash("md5").update(bytes).digest("hex");
}

async function headImage(store: ObjectStore, uri: string, signal: AbortSignal | undefined): Promise<StoredObject> {
  const found = await store.head(uri, signal === undefined ? {} : { signal });
  if (found !== undefined) return found;
  const expected = "an image at this address";
  throw new SegmentationError("dataset.image", `${uri} does not exist.`, { uri, expected });
}

async function readMask<Name extends string>(
  sample: SourceSample<Name>,
  signal: AbortSignal | undefined,
): Promise<ReadMask<Name>> {
  try {
    return await sample.readMask(signal);
  } catch (error) {
    // Trouble with AWS is no trouble with the mask, except that it is not there.
    const ofData = ["codec", "mask", "manifest", "import", "aws.not-found"] as const;
    if (!SegmentationError.is(error) || !ofData.some((area) => SegmentationError.is(error, area))) throw error;
    throw badMask(sample.maskUri, error.message, "a mask of the dataset's classes", error);
  }
}

function sizeMismatch(
  { imageUri, maskUri }: { readonly imageUri: string; readonly maskUri: string },
  mask: { readonly width: number; readonly height: number },
  image: InspectedImage,
): SegmentationError {
  // Tools that turn pictures as EXIF asks give masks of the turned size; the algorithm's reader is not documented to.
  const turned = image.orientation >= 5 && mask.width === image.height && mask.height === image.width;
  const why = turned
    ? `: it was made on the picture as EXIF turns it (orientation ${image.orientation}); store the picture turned, or turn the mask back`
    : "";
  const expected = `${image.width} x ${image.height} pixels, the size of ${imageUri}${why}`;
  const cause = new SegmentationError("mask.size", `The mask is ${mask.width} x ${mask.height}.`, {
    expected: [image.width, image.height],
    actual: [mask.width, mask.height],
    name: maskUri,
  });
  return badMask(maskUri, `it has ${mask.width} x ${mask.height} pixels`, expected, cause);
}

function changedMask(uri: string): SegmentationError<"dataset.mask"> {
  const expected = "a mask that stays as it is until the upload is done; run the upload again";
  return new SegmentationError(
    "dataset.mask",
    `The mask ${uri} was changed after it was checked. Expected ${expected}.`,
    {
      uri,
      expected,
    },
  );
}

function badMask(uri: string, what: string, expected: string, cause: unknown): SegmentationError<"dataset.mask"> {
  return new SegmentationError(
    "dataset.mask",
    `The mask ${uri} cannot be used: ${what.replace(/\.$/, "")}. Expected ${expected}.`,
    { uri, expected },
    { cause },
  );
}
