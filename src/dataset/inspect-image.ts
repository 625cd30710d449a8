import type { JpegHeader } from "../codec/jpeg/header.js";
import { readJpegHeader } from "../codec/jpeg/header.js";
import { sniffImage } from "../codec/sniff-image.js";
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
  readonly warnings: WarningList;
  readonly signal: AbortSignal | undefined;
}

/** Thumbnails and colour profiles before the size can take hundreds of kilobytes; most files tell it in the first few. */
const rangesToTry = [16 * 1024, 512 * 1024, 8 * 1024 ** 2];

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
  const bytes = await readHead(store, uri, signal);
  const found = sniffImage(bytes);
  const { kind, width, height } = found;
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

async function readHead(store: ObjectStore, uri: string, signal: AbortSignal | undefined): Promise<Uint8Array> {
  let bytes: Uint8Array = new Uint8Array();
  for (const range of rangesToTry) {
    bytes = await store.read(uri, { bytes: range, ...(signal === undefined ? {} : { signal }) });
    const found = sniffImage(bytes);
    if (bytes.length < range || found.kind !== "jpeg" || found.jpeg !== undefined) break;
  }
  return bytes;
}

function warnAboutJpeg(uri: string, jpeg: JpegHeader, warnings: WarningList): void {
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
