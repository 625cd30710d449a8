import type { RgbImage } from "./image.js";
import type { TimeSlices } from "./time-slices.js";

/** The size at which a picture is looked at: never larger than it is, its longer side at most `longSide`. */
export function workingSize(width: number, height: number, longSide: number): readonly [width: number, height: number] {
  const longer = Math.max(width, height);
  if (longer <= longSide) return [width, height];
  return [Math.max(1, Math.round((width * longSide) / longer)), Math.max(1, Math.round((height * longSide) / longer))];
}

/** Shrinks a photograph; each new pixel is the mean of those that it covers (whole pixels). */
export async function shrinkImage(
  image: RgbImage,
  width: number,
  height: number,
  slices: TimeSlices,
): Promise<RgbImage> {
  if (width === image.width && height === image.height) return image;
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    const top = Math.floor((y * image.height) / height);
    const bottom = Math.max(top + 1, Math.floor(((y + 1) * image.height) / height));
    for (let x = 0; x < width; x++) {
      const left = Math.floor((x * image.width) / width);
      const right = Math.max(left + 1, Math.floor(((x + 1) * image.width) / width));
      let red = 0;
      let green = 0;
      let blue = 0;
      for (let row = top; row < bottom; row++) {
        for (let at = (row * image.width + left) * 3; at < (row * image.width + right) * 3; at += 3) {
          red += image.data[at]!;
          green += image.data[at + 1]!;
          blue += image.data[at + 2]!;
        }
      }
      const count = (bottom - top) * (right - left);
      const to = (y * width + x) * 3;
      data[to] = Math.round(red / count);
      data[to + 1] = Math.round(green / count);
      data[to + 2] = Math.round(blue / count);
    }
    await slices.pause();
  }
  return { width, height, data };
}

/** Takes the index at the middle of each new pixel. */
export function shrinkIndices(
  indices: Uint8Array,
  from: { readonly width: number; readonly height: number },
  width: number,
  height: number,
): Uint8Array {
  if (width === from.width && height === from.height) return indices;
  const data = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    const row = Math.floor(((y + 0.5) * from.height) / height) * from.width;
    for (let x = 0; x < width; x++) {
      data[y * width + x] = indices[row + Math.floor(((x + 0.5) * from.width) / width)]!;
    }
  }
  return data;
}

/** The picture seen in a mirror. */
export function mirrorImage({ width, height, data }: RgbImage): RgbImage {
  const mirrored = new Uint8Array(data.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const from = (y * width + width - 1 - x) * 3;
      const to = (y * width + x) * 3;
      mirrored[to] = data[from]!;
      mirrored[to + 1] = data[from + 1]!;
      mirrored[to + 2] = data[from + 2]!;
    }
  }
  return { width, height, data: mirrored };
}
