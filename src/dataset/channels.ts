import type { DatasetChannels } from "./dataset.js";

/** The four folders of a dataset, each with its slash at the end: without it `train` also takes `train_annotation`. */
export function channelUris(folder: string): DatasetChannels {
  return {
    train: `${folder}train/`,
    train_annotation: `${folder}train_annotation/`,
    validation: `${folder}validation/`,
    validation_annotation: `${folder}validation_annotation/`,
  };
}

/** The file that tells what lies in the folder; it is written last. */
export function receiptUri(folder: string): string {
  return `${folder}dataset.json`;
}
