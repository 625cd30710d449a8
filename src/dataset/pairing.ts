import { SegmentationError } from "../core/errors.js";
import type { StoredObject } from "../core/object-store.js";
import { stem } from "../core/s3-uri.js";

/** An object below a folder. */
export interface FolderFile {
  /** Name relative to the folder, e.g. `beach/12.jpg`. */
  readonly path: string;
  readonly object: StoredObject;
}

/** An image and a mask that belong together. */
export interface Pair {
  /** Common name, without extension and suffix. */
  readonly stem: string;
  readonly image: FolderFile;
  readonly mask: FolderFile;
}

/**
 * Pairs images and masks by name: equal paths without extension, `maskSuffix` taken off the masks'.
 *
 * Sort order plays no part, so one missing file cannot shift all others.
 *
 * @throws `dataset.duplicate` when a name stands for two files, `dataset.unpaired` naming what is left over.
 */
export function pairByName(images: readonly FolderFile[], masks: readonly FolderFile[], maskSuffix = ""): Pair[] {
  const imageOf = byStem(images, "");
  const maskOf = byStem(masks, maskSuffix);
  const pairs: Pair[] = [];
  const lonelyImages: string[] = [];
  for (const [name, image] of imageOf) {
    const mask = maskOf.get(name);
    if (mask === undefined) lonelyImages.push(image.object.uri);
    else pairs.push({ stem: name, image, mask });
  }
  const lonelyMasks = [...maskOf].filter(([name]) => !imageOf.has(name)).map(([, mask]) => mask.object.uri);
  const total = lonelyImages.length + lonelyMasks.length;
  if (total > 0) throw unpaired(lonelyImages, lonelyMasks, total);
  return pairs;
}

function byStem(files: readonly FolderFile[], suffix: string): Map<string, FolderFile> {
  const found = new Map<string, FolderFile>();
  for (const file of files) {
    const bare = stem(file.path);
    // A mask without the suffix keeps its name and turns up as unpaired.
    const name = suffix !== "" && bare.endsWith(suffix) ? bare.slice(0, -suffix.length) : bare;
    const other = found.get(name);
    if (other !== undefined)
      throw new SegmentationError(
        "dataset.duplicate",
        `Two files have the name "${name}": ${other.object.uri} and ${file.object.uri}. Which one belongs to the pair cannot be told.`,
        { name, sources: [other.object.uri, file.object.uri] },
      );
    found.set(name, file);
  }
  return found;
}

function unpaired(images: readonly string[], masks: readonly string[], total: number): SegmentationError {
  const part = (uris: readonly string[], what: string): string =>
    uris.length === 0
      ? ""
      : ` ${uris.length} ${what}: ${uris.slice(0, 10).join(", ")}${uris.length > 10 ? ", ..." : ""}.`;
  return new SegmentationError(
    "dataset.unpaired",
    `Images and masks pair by equal names, and some have no partner.${part(images, "without mask")}${part(masks, "without image")}`,
    { images: images.slice(0, 10), masks: masks.slice(0, 10), total },
  );
}
