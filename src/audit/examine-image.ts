import { readImageHead } from "../codec/image-head.js";
import { SegmentationError } from "../core/errors.js";
import type { ObjectStore } from "../core/object-store.js";
import type { FoundInMask } from "./audit-finding.js";

/** What the head of an image file tells. */
export interface ExaminedImage {
  /** Size as stored; `undefined` when it cannot be read. */
  readonly size: { readonly width: number; readonly height: number } | undefined;
  /** EXIF orientation, 1 (upright) to 8. */
  readonly orientation: number;
  readonly findings: readonly FoundInMask[];
}

/** Reads the first kilobytes of an image; what is wrong with it is a finding and no error. */
export async function examineImage(
  store: ObjectStore,
  uri: string,
  signal: AbortSignal | undefined,
): Promise<ExaminedImage> {
  const unreadable = (message: string): ExaminedImage => ({
    size: undefined,
    orientation: 1,
    findings: [{ kind: "unreadable-image", message }],
  });
  try {
    const { kind, description, width, height, jpeg } = await readImageHead(store, uri, signal);
    if (kind !== "jpeg" && kind !== "png") return unreadable(`The image is ${description}.`);
    if (width === undefined || height === undefined)
      return unreadable("The image is damaged: its size cannot be read.");
    return { size: { width, height }, orientation: jpeg?.orientation ?? 1, findings: [] };
  } catch (error) {
    // Addresses of hand-made manifests are often relative.
    if (SegmentationError.is(error, "s3.uri") || SegmentationError.is(error, "aws.not-found"))
      return unreadable(error.message);
    throw error;
  }
}

/** Compares the size of a mask with that of its image. */
export function compareSizes(
  image: ExaminedImage,
  mask: { readonly width: number; readonly height: number },
): readonly FoundInMask[] {
  const { size, orientation } = image;
  if (size === undefined) return [];
  const text = ({ width, height }: { readonly width: number; readonly height: number }): string =>
    `${width} x ${height}`;
  const same = mask.width === size.width && mask.height === size.height;
  if (same) {
    if (orientation === 1) return [];
    const message = `The image has the EXIF orientation ${orientation}; the mask has the size of the image as stored.`;
    return [{ kind: "exif-rotation", message }];
  }
  const exchanged = mask.width === size.height && mask.height === size.width;
  const why = orientation > 4 ? ` and EXIF orientation ${orientation}` : "";
  const message = `The mask is ${text(mask)}, the image is stored as ${text(size)}${why}.`;
  return [{ kind: exchanged ? "transposed" : "size-differs", message }];
}
