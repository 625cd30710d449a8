/** A decoded photograph as the network takes it. */
export interface RgbPicture {
  readonly width: number;
  readonly height: number;
  /** Red, green, blue of each pixel, row by row from the top: `width * height * 3` bytes. */
  readonly data: Uint8Array;
}

/** RGB of pixels that have three or four bytes each; the fourth is dropped. Three bytes are kept, not copied. */
export function withoutAlpha(width: number, height: number, pixels: Uint8Array | Uint8ClampedArray): RgbPicture {
  const { buffer, byteOffset, byteLength } = pixels;
  if (byteLength === width * height * 3) return { width, height, data: new Uint8Array(buffer, byteOffset, byteLength) };
  const data = new Uint8Array(width * height * 3);
  for (let from = 0, to = 0; to < data.length; from += 4, to += 3) {
    data[to] = pixels[from]!;
    data[to + 1] = pixels[from + 1]!;
    data[to + 2] = pixels[from + 2]!;
  }
  return { width, height, data };
}

/** RGB of pixels of one byte. */
export function widenGray(width: number, height: number, gray: Uint8Array): RgbPicture {
  const data = new Uint8Array(width * height * 3);
  for (let at = 0, to = 0; to < data.length; at++, to += 3) {
    data[to] = data[to + 1] = data[to + 2] = gray[at]!;
  }
  return { width, height, data };
}
