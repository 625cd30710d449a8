import type { RgbPicture } from "./rgb-picture.js";

/** Where a pixel of the turned picture comes from: the start, and what one step right and one step down add. */
interface Walk {
  readonly start: number;
  readonly right: number;
  readonly down: number;
}

/** Turns a picture as its EXIF orientation says (1 to 8; EXIF 2.3, 4.6.4 A), so that it stands as a viewer shows it. */
export function turnPicture(picture: RgbPicture, orientation: number): RgbPicture {
  if (orientation <= 1 || orientation > 8) return picture;
  const { width, height, data } = picture;
  const swapped = orientation >= 5;
  const turned = { width: swapped ? height : width, height: swapped ? width : height };
  const { start, right, down } = walkOf(orientation, width, height);
  const pixels = new Uint8Array(data.length);
  let to = 0;
  for (let y = 0; y < turned.height; y++) {
    let from = (start + y * down) * 3;
    for (let x = 0; x < turned.width; x++, from += right * 3, to += 3) {
      pixels[to] = data[from]!;
      pixels[to + 1] = data[from + 1]!;
      pixels[to + 2] = data[from + 2]!;
    }
  }
  return { ...turned, data: pixels };
}

/** The number says where the stored first row and first column belong. */
function walkOf(orientation: number, width: number, height: number): Walk {
  const last = width * height - 1;
  switch (orientation) {
    case 2: // top, right
      return { start: width - 1, right: -1, down: width };
    case 3: // bottom, right
      return { start: last, right: -1, down: -width };
    case 4: // bottom, left
      return { start: last - (width - 1), right: 1, down: -width };
    case 5: // left, top
      return { start: 0, right: width, down: 1 };
    case 6: // right, top
      return { start: last - (width - 1), right: -width, down: 1 };
    case 7: // right, bottom
      return { start: last, right: -width, down: -1 };
    default: // 8: left, bottom
      return { start: width - 1, right: width, down: -1 };
  }
}
