import { SegmentationError } from "../../core/errors.js";
import { decodeMask } from "../../mask/decode-mask.js";
import { ContainerError } from "../contracts.js";
import type { TrainingSample } from "../contracts.js";
import { decodeImage } from "./image.js";
import type { RgbImage } from "./image.js";
import { shrinkImage, shrinkIndices, workingSize } from "./resize.js";
import type { TimeSlices } from "./time-slices.js";

/** Pixels with this index count for nothing. */
export const ignoreIndex = 255;

/** A photograph with the class index of every pixel, at working size. */
export interface TrainingPicture {
  readonly image: RgbImage;
  readonly indices: Uint8Array;
}

/** How the pictures of a channel are read. */
export interface PictureReading {
  readonly channel: "train" | "validation";
  readonly classes: number;
  readonly longSide: number;
  readonly labelMap?: ((pixel: number) => number) | undefined;
}

/**
 * Decodes and checks one pair. Rejects with a `ClientError` for a damaged or foreign file, a mask of another size, and
 * a mask value that is neither a class nor 255.
 *
 * The texts are this project's: none of the container for such data are known.
 */
export async function readPicture(
  sample: TrainingSample,
  reading: PictureReading,
  slices: TimeSlices,
): Promise<TrainingPicture> {
  const { channel, longSide } = reading;
  const image = await decodeImage(sample.image, `/opt/ml/input/data/${channel}/${sample.name}`);
  const maskName = `/opt/ml/input/data/${channel}_annotation/${sample.name}`;
  await slices.pause();
  const mask = decodeIndices(sample.mask, maskName);
  if (mask.width !== image.width || mask.height !== image.height) {
    throw new ContainerError(
      "ClientError",
      `The annotation of ${sample.name} in channel ${channel} has ${mask.width} x ${mask.height} pixels, its image ` +
        `${image.width} x ${image.height}`,
    );
  }
  const indices = mapLabels(mask, reading, maskName);
  const [width, height] = workingSize(image.width, image.height, longSide);
  await slices.pause();
  return {
    image: await shrinkImage(image, width, height, slices),
    indices: shrinkIndices(indices, mask, width, height),
  };
}

function decodeIndices(png: Uint8Array, name: string): { width: number; height: number; data: Uint8Array } {
  try {
    return decodeMask(png, { maxPixels: 50_000_000 });
  } catch (error) {
    if (!SegmentationError.is(error)) throw error;
    throw new ContainerError("ClientError", `${name} is not a readable annotation: ${error.message}`);
  }
}

function mapLabels(
  mask: { readonly width: number; readonly data: Uint8Array },
  { classes, labelMap }: PictureReading,
  name: string,
): Uint8Array {
  const table = new Uint8Array(256);
  const known = new Uint8Array(256);
  for (let pixel = 0; pixel < 256; pixel++) {
    const index = labelMap === undefined ? pixel : labelMap(pixel);
    if (index !== ignoreIndex && !(Number.isInteger(index) && index >= 0 && index < classes)) continue;
    table[pixel] = index;
    known[pixel] = 1;
  }
  return mask.data.map((pixel, at) => {
    if (known[pixel] === 0) {
      throw new ContainerError(
        "ClientError",
        `Label value ${pixel} at (${at % mask.width}, ${Math.floor(at / mask.width)}) of ${name} is no class: ` +
          `expected 0 to ${classes - 1}, or ${ignoreIndex} for ignored pixels${labelMap ? ", after the label map" : ""}`,
      );
    }
    return table[pixel]!;
  });
}
