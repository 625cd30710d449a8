import { mapConcurrently } from "../core/concurrency.js";
import { SegmentationError } from "../core/errors.js";
import type { ObjectStore } from "../core/object-store.js";
import { largestImageFile, largestMaskFile, readWithin } from "../core/read-within.js";
import type { ClassTable } from "../mask/classes.js";
import { createMask } from "../mask/mask-value.js";
import type { AuditPicture, PicturedEntry } from "./audit-content.js";
import { paintedPixels } from "./painted-pixels.js";

/** Reads the few images that are shown a second time: keeping them while all are read would fill the memory. */
export function loadPictures<Name extends string>(
  store: ObjectStore,
  classes: ClassTable<Name>,
  pictured: readonly PicturedEntry[],
  signal: AbortSignal | undefined,
): Promise<readonly AuditPicture<Name>[]> {
  return mapConcurrently(
    pictured,
    4,
    async ({ entry, findings }) => {
      const { imageUri, maskUri, colorMap } = entry;
      const image = await attempt(() =>
        readWithin(store, imageUri, { what: "image", limit: largestImageFile, signal }),
      );
      const mask = await attempt(async () => {
        const png = await readWithin(store, maskUri, { what: "mask", limit: largestMaskFile, signal });
        const { width, height, data, codes } = paintedPixels(png, colorMap, classes);
        return { classes: createMask(width, height, data, classes), problems: { width, height, data: codes } };
      });
      return { imageUri, maskUri, findings, image, mask };
    },
    signal,
  );
}

/** What cannot be read is a finding already. */
async function attempt<Value>(work: () => Promise<Value>): Promise<Value | undefined> {
  try {
    return await work();
  } catch (error) {
    if (SegmentationError.is(error)) return undefined;
    throw error;
  }
}
