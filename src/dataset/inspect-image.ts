import type { JpegHeader } from "../codec/jpeg/header.js";
import { readJpegHeader } from "../codec/jpeg/header.js";
import { readImageHead } from "../codec/image-head.js";
import { SegmentationError } from "../core/errors.js";
import type { ObjectStore } from "../core/object-store.js";
import type { WarningList } from "./warning-list.js";

/** What the beginning of an image file tells. */
export interface InspectedImage {
  /** Extension of its copy. */
  readonly extension: "jpg" | "png";
  /** Pixels per row as stored. */
  readonly width: number;
  readonly height: number;
  /** How EXIF asks viewers to turn the image, 1 (not at all) to 8. */
  readonly orientation: number;
}

/** How to judge images. */
export interface InspectOptions {
  readonly pngImages: boolean;
  readonly warnings: Pick<WarningList, "add">;
  readonly signal: AbortSignal | undefined;
}

/**
 * Tells kind and size of an image from its first kilobytes, by content and not by name.
 *
 * @throws `dataset.image` for anything that the algorithm does not train on.
 */
export async function inspectImage(
  store: ObjectStore,
  uri: string,
  { pngImages, warnings, signal }: InspectOptions,
): Promise<InspectedImage> {
  const found = await readImageHead(store, uri, signal);
  const { bytes, kind, width, height } = found;
  if (kind === "png") {
    if (!pngImages)
      throw badImage(uri, "is a PNG image", "JPEG images, the documented kind; allow PNG with .allowPngImages()");
    if (width === undefined || height === undefined) throw badImage(uri, "is a damaged PNG", "a whole image");
    warnings.add("png-image", "PNG images are not documented for training; one public job with them worked.", uri);
    return { extension: "png", width, height, orientation: 1 };
  }
  if (kind !== "jpeg") throw badImage(uri, `is ${found.description}`, "a JPEG image");
  if (found.jpeg === undefined) throw damagedJpeg(uri, bytes);
  if (width === undefined || height === undefined)
    throw badImage(uri, "tells its height behind the image data only", "a JPEG with its size in the header");
  warnAboutJpeg(uri, found.jpeg, warnings);
  return { extension: "jpg", width, height, orientation: found.jpeg.orientation };
}

function warnAboutJpeg(uri: string, jpeg: JpegHeader, warnings: Pick<WarningList, "add">): void {
  if (jpeg.orientation !== 1)
    warnings.add(
      "exif-orientation",
      `EXIF asks viewers to turn this image (orientation ${jpeg.orientation}); the mask has the size of the image as it is stored, and whether training turns it is not documented.`,
      uri,
    );
  if (jpeg.components !== 3)
    warnings.add("jpeg-kind", `The JPEG has ${jpeg.components} colour component(s); 3 are what training expects.`, uri);
  if (jpeg.arithmetic || jpeg.precision !== 8 || jpeg.process === "lossless" || jpeg.process === "hierarchical")
    warnings.add("jpeg-kind", `Few decoders read this JPEG (${jpeg.process}, ${jpeg.precision} bits).`, uri);
}

function damagedJpeg(uri: string, bytes: Uint8Array): SegmentationError {
  let cause: unknown;
  try {
    readJpegHeader(bytes);
  } catch (error) {
    cause = error;
  }
  return badImage(uri, "is a damaged JPEG", "a whole JPEG image", cause);
}

function badImage(uri: string, what: string, expected: string, cause?: unknown): SegmentationError<"dataset.image"> {
  return new SegmentationError(
    "dataset.image",
    `${uri} ${what}. Expected ${expected}.`,
    { uri, expected },
    cause === undefined ? {} : { cause },
  );
}
