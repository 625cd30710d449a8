import { createPicture } from "./picture.js";
import type { LegendEntry, Picture } from "./picture.js";
import { drawText, glyphSize, textWidth } from "./tiny-font.js";

/** Letters beyond this are not drawn; class names may have 256. */
const maxLetters = 40;

interface Placed extends LegendEntry {
  readonly text: string;
  readonly x: number;
  readonly y: number;
}

/**
 * A picture with its legend in a white strip below: a square of each colour with its label beside.
 *
 * The strip is widened where the picture is narrower than its longest label. Letters beyond ASCII are drawn as boxes.
 */
export function withLegend(picture: Picture): Picture {
  const scale = Math.max(1, Math.min(4, Math.floor(picture.width / 320)));
  const line = (glyphSize.height + 5) * scale;
  const square = glyphSize.height * scale;
  const margin = 4 * scale;
  const cell = (entry: LegendEntry): number => square + margin + textWidth(shorten(entry.label)) * scale + 3 * margin;
  const width = Math.max(picture.width, ...picture.legend.map((entry) => margin + cell(entry)));
  const placed: Placed[] = [];
  let [x, y] = [margin, picture.height + margin];
  for (const entry of picture.legend) {
    if (x > margin && x + cell(entry) > width) [x, y] = [margin, y + line];
    placed.push({ ...entry, text: shorten(entry.label), x, y });
    x += cell(entry);
  }
  const height = placed.length === 0 ? picture.height : y + line;

  const data = new Uint8Array(width * height * 4).fill(255);
  for (let row = 0; row < picture.height; row++) {
    data.set(picture.data.subarray(row * picture.width * 4, (row + 1) * picture.width * 4), row * width * 4);
  }
  const fill = (left: number, top: number, size: number, color: readonly number[]): void => {
    for (let row = top; row < top + size; row++) {
      for (let column = left; column < left + size; column++) data.set(color, (row * width + column) * 4);
    }
  };
  for (const entry of placed) {
    // A gray rim, so that white stays visible on white.
    fill(entry.x, entry.y, square, [96, 96, 96]);
    fill(entry.x + 1, entry.y + 1, square - 2, entry.color);
    const left = entry.x + square + margin;
    drawText(entry.text, (column, row) => {
      fill(left + column * scale, entry.y + row * scale, scale, [16, 16, 16]);
    });
  }
  return createPicture(width, height, data, picture.legend);
}

function shorten(label: string): string {
  const letters = Array.from(label);
  return letters.length > maxLetters ? `${letters.slice(0, maxLetters - 2).join("")}..` : label;
}
