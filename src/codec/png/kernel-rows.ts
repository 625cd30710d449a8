import type { Kernel } from "../kernel/kernel.js";
import { badFilter } from "./failure.js";
import { rowBytes } from "./header.js";
import type { PngHeader } from "./header.js";
import { KernelInflate } from "./kernel-inflate.js";
import type { PngParts } from "./read-parts.js";

/** Whether the kernel reads such rows: up to 8 bits, not interlaced, without alpha beside gray, not too long. */
export function fitsKernel(kernel: Kernel, header: PngHeader): boolean {
  const { ROWS_BYTES, INDICES_BYTES, LONGEST_ROW } = kernel.at;
  const { channels, bitDepth, width, interlaced } = header;
  const bytes = rowBytes(header, width);
  return (
    !interlaced &&
    bitDepth <= 8 &&
    channels !== 2 &&
    bytes <= Math.min(LONGEST_ROW, ROWS_BYTES) &&
    width <= INDICES_BYTES
  );
}

/**
 * Inflates and unfilters a picture in the kernel, band by band: each time `take` is called, the rows from `row` on
 * stand at `ROWS`, one after another, without filter bytes.
 *
 * The whole picture is never in memory, only what `take` makes of it.
 */
export function readKernelRows(
  kernel: Kernel,
  { header, idat, offset, rawBytes }: PngParts,
  take: (row: number, rows: number) => void,
): void {
  const { height, width, channels } = header;
  const { ROWS, ROWS_BYTES, INDICES_BYTES } = kernel.at;
  const bytes = rowBytes(header, width);
  const most = Math.min(Math.floor(ROWS_BYTES / bytes), Math.floor(INDICES_BYTES / width));
  const stream = new KernelInflate(kernel, idat, rawBytes, offset);
  // Above the first row there are zeros.
  kernel.bytes.fill(0, ROWS - bytes, ROWS);
  let row = 0;
  while (!stream.finished) {
    stream.next();
    for (;;) {
      const rows = Math.min(most, height - row, Math.floor((stream.end - stream.start) / (bytes + 1)));
      if (rows === 0) break;
      const good = kernel.unfilter(stream.start, rows, bytes, channels);
      if (good < rows) {
        const filter = kernel.bytes[stream.start + good * (bytes + 1)]!;
        throw badFilter(row + good, filter, offset);
      }
      take(row, rows);
      kernel.bytes.copyWithin(ROWS - bytes, ROWS + (rows - 1) * bytes, ROWS + rows * bytes);
      stream.used(rows * (bytes + 1));
      row += rows;
    }
  }
}
