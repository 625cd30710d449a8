import { readImageHead } from "../codec/image-head.js";
import { readPngSize } from "../codec/png/header.js";
import { mapConcurrently } from "../core/concurrency.js";
import { SegmentationError } from "../core/errors.js";
import type { ObjectStore, StoredObject } from "../core/object-store.js";
import { type WorkOptions, progressReporter } from "../core/progress.js";
import { largestMaskFile, readWithin } from "../core/read-within.js";
import type { ClassTable } from "../mask/classes.js";
import { decodeMask } from "../mask/decode-mask.js";
import { BalanceCounter } from "./class-balance.js";
import { channelUris } from "./channels.js";
import type { SplitName } from "./dataset.js";
import { type DatasetCheck, FindingList } from "./dataset-finding.js";
import type { Receipt, ReceiptSample } from "./receipt.js";

const halves = ["train", "validation"] as const;
const parallelReads = 16;

/** Reads a dataset as training will, heads of images and whole masks, and tells what would go wrong. Changes nothing. */
export async function checkDataset<Name extends string>(
  store: ObjectStore,
  folder: string,
  classes: ClassTable<Name>,
  receipt: Receipt,
  { signal, progress }: WorkOptions = {},
): Promise<DatasetCheck> {
  const findings = new FindingList();
  const channels = channelUris(folder);
  const balance = new BalanceCounter(classes);
  const objects = new Map<string, StoredObject>();
  const wanted = new Set<string>();
  const samples = halves.flatMap((half) =>
    receipt.samples[half].map((sample) => {
      const place = placeOf(sample, half, channels);
      wanted.add(place.imageUri).add(place.maskUri);
      return place;
    }),
  );
  for await (const object of store.list(folder, signal === undefined ? {} : { signal })) {
    objects.set(object.uri, object);
    const inChannel = Object.values(channels).some((uri) => typeof uri === "string" && object.uri.startsWith(uri));
    if (inChannel && !object.uri.endsWith("/") && !wanted.has(object.uri)) findings.add("stray-file", object.uri);
  }
  findRepeats(samples, objects, findings);
  const reporter = progressReporter(progress, "check dataset", "images");
  let done = 0;
  try {
    await mapConcurrently(
      samples,
      parallelReads,
      async (place) => {
        await checkSample(store, place, { classes, objects, findings, balance, signal });
        reporter.report(++done, samples.length);
      },
      signal,
    );
  } finally {
    reporter.end();
  }
  const { train, validation } = balance.tally();
  for (const [index, name] of classes.names.entries()) {
    const [learned, measured] = [train.images[index] ?? 0, validation.images[index] ?? 0];
    if (learned === 0 && measured === 0) findings.add("class-never", name);
    else if (learned === 0) findings.add("class-not-trained", name);
    else if (measured === 0) findings.add("class-not-validated", name);
  }
  const list = findings.list();
  return { ok: list.every(({ severity }) => severity !== "error"), findings: list };
}

interface Place {
  readonly half: SplitName;
  readonly imageUri: string;
  readonly maskUri: string;
}

function placeOf(sample: ReceiptSample, half: SplitName, channels: ReturnType<typeof channelUris>): Place {
  return {
    half,
    imageUri: channels[half] + sample.image,
    maskUri: channels[`${half}_annotation`] + sample.mask,
  };
}

/** Equal tags and sizes are equal content. */
function findRepeats(
  samples: readonly Place[],
  objects: ReadonlyMap<string, StoredObject>,
  findings: FindingList,
): void {
  const first = new Map<string, Place>();
  for (const place of samples) {
    const object = objects.get(place.imageUri);
    if (object?.etag === undefined) continue;
    const content = `${object.etag}-${object.size}`;
    const other = first.get(content);
    if (other === undefined) first.set(content, place);
    else
      findings.add(
        other.half === place.half ? "image-twice" : "image-in-both",
        `${other.imageUri} = ${place.imageUri}`,
      );
  }
}

async function checkSample<Name extends string>(
  store: ObjectStore,
  { half, imageUri, maskUri }: Place,
  context: {
    readonly classes: ClassTable<Name>;
    readonly objects: ReadonlyMap<string, StoredObject>;
    readonly findings: FindingList;
    readonly balance: BalanceCounter<Name>;
    readonly signal: AbortSignal | undefined;
  },
): Promise<void> {
  const { classes, objects, findings, balance, signal } = context;
  for (const uri of [imageUri, maskUri]) if (!objects.has(uri)) findings.add("missing-file", uri);
  const image = objects.has(imageUri) ? await readImageHead(store, imageUri, signal) : undefined;
  const readable = (image?.kind === "jpeg" || image?.kind === "png") && image.width !== undefined;
  if (image !== undefined) {
    if (!readable) findings.add("image-unreadable", `${imageUri} (${image.description})`);
    else if (image.kind === "png") findings.add("png-image", imageUri);
    else if ((image.jpeg?.orientation ?? 1) !== 1) findings.add("exif-rotation", imageUri);
  }
  if (!objects.has(maskUri)) return;
  try {
    const png = await readWithin(store, maskUri, { what: "mask", limit: largestMaskFile, signal });
    // IHDR (PNG 3rd edition, 11.2.1): bit depth and colour type are bytes 24 and 25 of the file.
    const [depth, colorType] = [png[24], png[25]];
    if (readPngSize(png) !== undefined && (depth !== 8 || (colorType !== 0 && colorType !== 3))) {
      findings.add("mask-mode", `${maskUri} (bit depth ${depth ?? "?"}, colour type ${colorType ?? "?"})`);
    }
    const mask = decodeMask(png, { classes, name: maskUri });
    const counts = mask.counts();
    balance.add(
      half,
      classes.names.map((name) => counts[name]),
      mask.width * mask.height,
    );
    const { width, height } = readable ? image : {};
    if (width !== undefined && height !== undefined && (width !== mask.width || height !== mask.height)) {
      findings.add("size-differs", `${maskUri} (${mask.width} x ${mask.height}, image ${width} x ${height})`);
    }
  } catch (error) {
    if (SegmentationError.is(error, "mask")) findings.add("mask-value", error.message);
    else if (SegmentationError.is(error, "codec")) findings.add("mask-unreadable", `${maskUri}: ${error.message}`);
    else throw error;
  }
}
