import { SegmentationError } from "../core/errors.js";
import { baseName } from "../core/s3-uri.js";
import type { ClassTable } from "../mask/classes.js";
import type { ClassTally, SplitTally } from "./class-balance.js";
import { receiptUri } from "./channels.js";
import type { DatasetWarning, SplitName } from "./dataset.js";
import type { PreparedDataset } from "./plan.js";

/** One image with its mask, as file names in the channels. */
export interface ReceiptSample {
  readonly image: string;
  readonly mask: string;
  /** Where the image was copied from. */
  readonly source: string;
}

/** What `dataset.json` holds; it is written when all else is there, and holds no time, so equal data give equal bytes. */
export interface Receipt {
  readonly format: "sagemaker-semseg dataset";
  readonly version: 1;
  readonly digest: string;
  readonly classes: { readonly names: readonly string[]; readonly ignoreIndex: number };
  readonly balance: SplitTally;
  readonly samples: Readonly<Record<SplitName, readonly ReceiptSample[]>>;
  readonly warnings: readonly DatasetWarning[];
}

/** A receipt of a million images. */
export const largestReceipt = 512 * 1024 ** 2;

/** Puts a receipt together. */
export function makeReceipt<Name extends string>(classes: ClassTable<Name>, prepared: PreparedDataset): Receipt {
  const samplesOf = (half: SplitName): ReceiptSample[] =>
    prepared.samples
      .filter((sample) => sample.half === half)
      .map(({ imageUri, maskUri, source }) => ({
        image: baseName(imageUri),
        mask: baseName(maskUri),
        source: source.uri,
      }));
  return {
    format: "sagemaker-semseg dataset",
    version: 1,
    digest: prepared.digest,
    classes: { names: classes.names, ignoreIndex: classes.ignoreIndex },
    balance: prepared.tally,
    samples: { train: samplesOf("train"), validation: samplesOf("validation") },
    warnings: prepared.warnings,
  };
}

/** The bytes of `dataset.json`. */
export function encodeReceipt(receipt: Receipt): Uint8Array {
  return new TextEncoder().encode(`${JSON.stringify(receipt, undefined, 1)}\n`);
}

/** Reads `dataset.json`. Throws `dataset.receipt` for anything that this package did not write. */
export function decodeReceipt(bytes: Uint8Array, folder: string): Receipt {
  try {
    const value: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    if (isReceipt(value)) return value;
  } catch {
    // Said below.
  }
  throw receiptError(
    folder,
    `${receiptUri(folder)} is no description of a dataset`,
    "a file that an upload has written",
  );
}

/** Refuses a receipt that was made for other classes. */
export function checkReceiptClasses<Name extends string>(
  { classes: made }: Receipt,
  classes: ClassTable<Name>,
  folder: string,
): void {
  if (made.ignoreIndex === classes.ignoreIndex && JSON.stringify(made.names) === JSON.stringify(classes.names)) return;
  throw receiptError(
    folder,
    `The dataset was made for other classes`,
    `the classes ${made.names.join(", ")} with ignore index ${made.ignoreIndex}`,
  );
}

/** An error about the receipt of a folder. */
export function receiptError(folder: string, what: string, expected: string): SegmentationError<"dataset.receipt"> {
  return new SegmentationError("dataset.receipt", `${what} (${folder}). Expected ${expected}.`, {
    uri: receiptUri(folder),
    expected,
  });
}

function isReceipt(value: unknown): value is Receipt {
  if (!isRecord(value)) return false;
  const { classes, balance, samples, warnings } = value;
  return (
    value["format"] === "sagemaker-semseg dataset" &&
    value["version"] === 1 &&
    typeof value["digest"] === "string" &&
    isRecord(classes) &&
    isListOf(classes["names"], isText) &&
    typeof classes["ignoreIndex"] === "number" &&
    isRecord(balance) &&
    isTally(balance["train"]) &&
    isTally(balance["validation"]) &&
    isRecord(samples) &&
    isListOf(samples["train"], isSample) &&
    isListOf(samples["validation"], isSample) &&
    isListOf(
      warnings,
      (item): item is DatasetWarning => isRecord(item) && isText(item["code"]) && isText(item["message"]),
    )
  );
}

function isSample(value: unknown): value is ReceiptSample {
  // File names only: a receipt must not lead a reader out of its folder.
  const isFile = (name: unknown): boolean => isText(name) && /^[A-Za-z0-9_-]+\.(?:jpg|png)$/.test(name);
  return isRecord(value) && isFile(value["image"]) && isFile(value["mask"]) && isText(value["source"]);
}

function isTally(value: unknown): value is ClassTally {
  const isCount = (item: unknown): item is number => typeof item === "number" && item >= 0;
  return isRecord(value) && isListOf(value["pixels"], isCount) && isListOf(value["images"], isCount);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}

function isListOf<Item>(value: unknown, isItem: (item: unknown) => item is Item): value is readonly Item[] {
  return Array.isArray(value) && value.every(isItem);
}
