import { rowBytes } from "./header.js";
import type { PngHeader } from "./header.js";
import { unfilter } from "./unfilter.js";
import { unpackRow } from "./unpack.js";
import type { Samples } from "./unpack.js";

/** One of the passes over the picture: a smaller picture of every `dx`-th pixel of every `dy`-th row. */
interface Pass {
  readonly x: number;
  readonly y: number;
  readonly dx: number;
  readonly dy: number;
  readonly width: number;
  readonly height: number;
}

/** First pixel and distances of the seven passes (PNG 3rd edition, 8.2). */
const steps = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const;

/** The passes of a picture; those without pixels are not in the file, not even with filter bytes. */
export function adam7Passes(width: number, height: number): readonly Pass[] {
  return steps
    .map(([x, y, dx, dy]) => ({
      x,
      y,
      dx,
      dy,
      width: Math.ceil((width - x) / dx),
      height: Math.ceil((height - y) / dy),
    }))
    .filter((pass) => pass.width > 0 && pass.height > 0);
}

/** Bytes of inflated data that an interlaced picture has. */
export function adam7Bytes(header: PngHeader): number {
  return adam7Passes(header.width, header.height).reduce(
    (sum, pass) => sum + pass.height * (1 + rowBytes(header, pass.width)),
    0,
  );
}

/** Undoes filters and interlacing. `offset`: of the first IDAT chunk, for errors; their rows are those of a pass. */
export function readAdam7(raw: Uint8Array, header: PngHeader, target: Samples, offset: number): void {
  const { channels, width, bitDepth } = header;
  const step = Math.max(1, (channels * bitDepth) >> 3);
  let start = 0;
  for (const pass of adam7Passes(width, header.height)) {
    const bytes = rowBytes(header, pass.width);
    unfilter(raw, start, pass.height, bytes, step, offset);
    for (let row = 0; row < pass.height; row++) {
      const at = ((pass.y + row * pass.dy) * width + pass.x) * channels;
      unpackRow(raw, start + row * (bytes + 1) + 1, header, pass.width, target, at, pass.dx * channels);
    }
    start += pass.height * (bytes + 1);
  }
}
