import type { PixelImage, Rgb } from "../src/index.js";
import { drawText, glyphSize, textWidth } from "../src/mask/tiny-font.js";

/** Letters are this many times larger than their font's pixels. */
const zoom = 2;

/** Height of a line of text, in pixels. */
export const textHeight = glyphSize.height * zoom;

/** A white sheet to put pictures and text on. */
export class Sheet {
  readonly rgb: Uint8Array;

  constructor(
    readonly width: number,
    readonly height: number,
  ) {
    this.rgb = new Uint8Array(width * height * 3).fill(255);
  }

  fill(left: number, top: number, width: number, height: number, [red, green, blue]: Rgb): void {
    for (let y = Math.max(0, top); y < Math.min(this.height, top + height); y++) {
      for (let x = Math.max(0, left); x < Math.min(this.width, left + width); x++) {
        const at = (y * this.width + x) * 3;
        this.rgb[at] = red;
        this.rgb[at + 1] = green;
        this.rgb[at + 2] = blue;
      }
    }
  }

  /** Puts an RGBA picture down, shrunk to fit into a box by averaging, in the box's middle; never enlarged. */
  place(picture: PixelImage, left: number, top: number, width: number, height: number): void {
    const factor = Math.max(1, picture.width / width, picture.height / height);
    const [wide, high] = [Math.floor(picture.width / factor), Math.floor(picture.height / factor)];
    const [startX, startY] = [left + ((width - wide) >> 1), top + ((height - high) >> 1)];
    for (let y = 0; y < high; y++) {
      for (let x = 0; x < wide; x++) {
        const color = mean(picture, x * factor, y * factor, factor);
        this.rgb.set(color, ((startY + y) * this.width + startX + x) * 3);
      }
    }
  }

  /** Writes a line of dark text; what does not fit is cut. */
  write(text: string, left: number, top: number, color: Rgb = [40, 44, 52]): void {
    drawText(text, (x, y) => this.fill(left + x * zoom, top + y * zoom, zoom, zoom, color));
  }
}

/** Width of a line of text, in pixels. */
export function lineWidth(text: string): number {
  return textWidth(text) * zoom;
}

function mean({ width, height, data }: PixelImage, left: number, top: number, size: number): Rgb {
  const sums = [0, 0, 0];
  let count = 0;
  for (let y = Math.floor(top); y < Math.min(height, Math.max(top + size, Math.floor(top) + 1)); y++) {
    for (let x = Math.floor(left); x < Math.min(width, Math.max(left + size, Math.floor(left) + 1)); x++, count++) {
      for (let c = 0; c < 3; c++) sums[c] = sums[c]! + data[(y * width + x) * 4 + c]!;
    }
  }
  return [Math.round(sums[0]! / count), Math.round(sums[1]! / count), Math.round(sums[2]! / count)];
}
