import { SegmentationError } from "../core/errors.js";
import type { ObjectStore } from "../core/object-store.js";
import { largestImageFile, largestMaskFile, readWithin } from "../core/read-within.js";
import type { WorkOptions } from "../core/progress.js";
import { folderUri } from "../core/s3-uri.js";
import type { ClassTable } from "../mask/classes.js";
import { decodeMask } from "../mask/decode-mask.js";
import type { LabeledImage } from "../mask/labeled-image.js";
import type { Mask } from "../mask/mask.js";
import { writeWholeFile } from "../evaluation/write-whole-file.js";
import { channelUris, receiptUri } from "./channels.js";
import { checkDataset } from "./check-dataset.js";
import type { DatasetPreviewOptions } from "./preview-options.js";
import { previewPage } from "./preview-page.js";
import { writeAugmentedManifests } from "./augmented-manifests.js";
import type { AugmentedManifestOptions } from "./manifest-address.js";
import { balanceByName } from "./class-balance.js";
import type { Dataset } from "./dataset.js";
import {
  type Receipt,
  type ReceiptSample,
  checkReceiptClasses,
  decodeReceipt,
  largestReceipt,
  receiptError,
} from "./receipt.js";

/**
 * Opens a dataset that an upload has made.
 *
 * @param uri - The folder, e.g. `s3://bucket/run-1/dataset/`.
 * @throws `dataset.receipt` when no complete dataset lies there or it is one of other classes.
 */
export async function openDataset<Name extends string>(
  store: ObjectStore,
  uri: string,
  classes: ClassTable<Name>,
  { signal }: { readonly signal?: AbortSignal } = {},
): Promise<Dataset<Name>> {
  const folder = folderUri(uri);
  const receipt = await readReceipt(store, folder, signal);
  if (receipt === undefined)
    throw receiptError(folder, "There is no complete dataset", "dataset.json, which an upload writes last");
  checkReceiptClasses(receipt, classes, folder);
  return datasetFrom(store, folder, classes, receipt);
}

/** Reads the receipt of a folder; `undefined` when there is none. */
export async function readReceipt(
  store: ObjectStore,
  folder: string,
  signal: AbortSignal | undefined,
): Promise<Receipt | undefined> {
  const options = signal === undefined ? {} : { signal };
  let bytes: Uint8Array;
  try {
    bytes = await store.read(receiptUri(folder), { bytes: largestReceipt, ...options });
  } catch (error) {
    if (SegmentationError.is(error, "aws.not-found")) return undefined;
    throw error;
  }
  return decodeReceipt(bytes, folder);
}

/** The dataset that a receipt describes. Reads nothing. */
export function datasetFrom<Name extends string>(
  store: ObjectStore,
  folder: string,
  classes: ClassTable<Name>,
  receipt: Receipt,
): Dataset<Name> {
  const channels = channelUris(folder);
  const { samples, balance } = receipt;
  const data = {
    classes,
    uri: folder,
    channels,
    counts: { train: samples.train.length, validation: samples.validation.length },
    train: labeledImages(store, classes, samples.train, channels.train, channels.train_annotation),
    validation: labeledImages(store, classes, samples.validation, channels.validation, channels.validation_annotation),
    balance: {
      train: balanceByName(classes, balance.train),
      validation: balanceByName(classes, balance.validation),
    },
    warnings: receipt.warnings,
  };
  const preview = (options?: DatasetPreviewOptions): Promise<string> => previewPage(data, options);
  return Object.freeze({
    ...data,
    augmentedManifests: (options?: AugmentedManifestOptions) =>
      writeAugmentedManifests(store, folder, receipt, options),
    check: (options?: WorkOptions) => checkDataset(store, folder, classes, receipt, options),
    preview,
    writePreview: async (path: string, options?: DatasetPreviewOptions) => writeWholeFile(path, await preview(options)),
  });
}

/** Each iteration starts anew; nothing is read before an image or mask is asked for. */
function labeledImages<Name extends string>(
  store: ObjectStore,
  classes: ClassTable<Name>,
  samples: readonly ReceiptSample[],
  images: string,
  masks: string,
): AsyncIterable<LabeledImage<Name>> {
  const readImage = (uri: string, signal: AbortSignal | undefined): Promise<Uint8Array> =>
    readWithin(store, uri, { what: "image", limit: largestImageFile, signal });
  const readMask = async (uri: string, signal: AbortSignal | undefined): Promise<Mask<Name>> => {
    const png = await readWithin(store, uri, { what: "mask", limit: largestMaskFile, signal });
    return decodeMask(png, { classes, name: uri });
  };
  return {
    async *[Symbol.asyncIterator]() {
      for (const { image, mask } of samples) {
        await Promise.resolve();
        yield {
          name: image,
          image: (signal) => readImage(images + image, signal),
          mask: (signal) => readMask(masks + mask, signal),
        };
      }
    },
  };
}
