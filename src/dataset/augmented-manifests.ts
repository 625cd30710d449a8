import type { ObjectStore } from "../core/object-store.js";
import { channelUris } from "./channels.js";
import type { SplitName } from "./dataset.js";
import type { AugmentedManifestOptions, DatasetManifests } from "./manifest-address.js";
import { augmentedManifestUri, maskAttribute } from "./manifest-address.js";
import type { Receipt } from "./receipt.js";

const chunkLength = 64 * 1024;

/**
 * Writes a manifest for each half, streamed: one line with the addresses of an image and its mask. The same dataset gives
 * the same bytes.
 */
export async function writeAugmentedManifests(
  store: ObjectStore,
  folder: string,
  receipt: Receipt,
  { shuffleSeed, signal }: AugmentedManifestOptions = {},
): Promise<DatasetManifests> {
  const options = { contentType: "application/jsonlines", ...(signal === undefined ? {} : { signal }) };
  for (const half of ["train", "validation"] as const) {
    await store.write(augmentedManifestUri(folder, half), manifestBytes(folder, receipt, half), options);
  }
  const labels = maskAttribute;
  return {
    train: {
      uri: augmentedManifestUri(folder, "train"),
      labels,
      ...(shuffleSeed === undefined ? {} : { shuffleSeed }),
    },
    validation: { uri: augmentedManifestUri(folder, "validation"), labels },
  };
}

async function* manifestBytes(folder: string, receipt: Receipt, half: SplitName): AsyncGenerator<Uint8Array> {
  const channels = channelUris(folder);
  const encoder = new TextEncoder();
  let text = "";
  for (const { image, mask } of receipt.samples[half]) {
    const line = { "source-ref": channels[half] + image, [maskAttribute]: channels[`${half}_annotation`] + mask };
    text += `${JSON.stringify(line)}\n`;
    if (text.length < chunkLength) continue;
    yield await Promise.resolve(encoder.encode(text));
    text = "";
  }
  if (text !== "") yield encoder.encode(text);
}
