import type { Rgb } from "../src/index.js";

/** Colours are told apart by this many bits per channel. */
const bits = 6;
const drop = 8 - bits;

interface Bin {
  readonly color: readonly [number, number, number];
  readonly count: number;
}

/** A picture in few colours. */
export interface FewColors {
  readonly palette: readonly Rgb[];
  /** Index of each pixel's colour. */
  readonly indices: Uint8Array;
}

/** Reduces an RGB picture to at most 256 colours by cutting the box of the widest spread in two (median cut). */
export function quantize(rgb: Uint8Array): FewColors {
  const boxes = [countColors(rgb)];
  while (boxes.length < 256) {
    const widest = boxes
      .map((box, at) => ({ at, ...spread(box) }))
      .reduce((best, one) => (one.weight > best.weight ? one : best));
    if (widest.weight === 0) break;
    boxes.splice(widest.at, 1, ...cut(boxes[widest.at]!, widest.channel));
  }
  const indexOfBin = new Uint8Array(2 ** (3 * bits));
  const palette = boxes.map((box, index) => {
    for (const { color } of box) indexOfBin[binOf(color[0], color[1], color[2])] = index;
    const all = box.reduce((sum, { count }) => sum + count, 0);
    const mean = (channel: 0 | 1 | 2): number =>
      Math.round(box.reduce((sum, { color, count }) => sum + color[channel] * count, 0) / all);
    return [mean(0), mean(1), mean(2)] as const;
  });
  const indices = new Uint8Array(rgb.length / 3);
  for (let pixel = 0, at = 0; pixel < indices.length; pixel++, at += 3) {
    indices[pixel] = indexOfBin[binOf(rgb[at]!, rgb[at + 1]!, rgb[at + 2]!)]!;
  }
  return { palette, indices };
}

function binOf(red: number, green: number, blue: number): number {
  return ((red >> drop) << (2 * bits)) | ((green >> drop) << bits) | (blue >> drop);
}

/** The colours that occur, with the mean colour of each bin. */
function countColors(rgb: Uint8Array): Bin[] {
  const sums = new Float64Array(4 * 2 ** (3 * bits));
  for (let at = 0; at < rgb.length; at += 3) {
    const bin = 4 * binOf(rgb[at]!, rgb[at + 1]!, rgb[at + 2]!);
    for (let channel = 0; channel < 3; channel++) sums[bin + channel]! += rgb[at + channel]!;
    sums[bin + 3]!++;
  }
  const found: Bin[] = [];
  for (let bin = 0; bin < sums.length; bin += 4) {
    const count = sums[bin + 3]!;
    if (count === 0) continue;
    found.push({ color: [sums[bin]! / count, sums[bin + 1]! / count, sums[bin + 2]! / count], count });
  }
  return found;
}

/** The channel of the widest spread, and how much the box is worth cutting there. */
function spread(box: readonly Bin[]): { readonly channel: 0 | 1 | 2; readonly weight: number } {
  const all = box.reduce((sum, { count }) => sum + count, 0);
  const widths = ([0, 1, 2] as const).map((channel) => {
    let [low, high] = [255, 0];
    for (const { color } of box) {
      low = Math.min(low, color[channel]);
      high = Math.max(high, color[channel]);
    }
    return { channel, width: Math.max(0, high - low) };
  });
  const { channel, width } = widths.reduce((best, one) => (one.width > best.width ? one : best));
  // Few pixels of a colour of its own are seen, too: a legend's square.
  return { channel, weight: box.length < 2 ? 0 : width * width * Math.sqrt(all) };
}

function cut(box: readonly Bin[], channel: 0 | 1 | 2): readonly [Bin[], Bin[]] {
  const sorted = [...box].sort((a, b) => a.color[channel] - b.color[channel]);
  const half = sorted.reduce((sum, { count }) => sum + count, 0) / 2;
  let at = 0;
  for (let sum = 0; at < sorted.length && sum < half; at++) sum += sorted[at]!.count;
  const place = Math.min(Math.max(1, at), sorted.length - 1);
  return [sorted.slice(0, place), sorted.slice(place)];
}
