import { kernel } from "../kernel/kernel.js";
import { nodeZlib } from "../zlib.js";
import { deflateInKernel } from "./kernel-deflate.js";
import { storedBytes, writeStored } from "./stored-rows.js";

/** `stored`: no compression; `fast`: the default; `small`: some percent smaller, many times slower. */
export type PngCompression = "stored" | "fast" | "small";

/**
 * Compresses rows to the data of IDAT.
 *
 * Index rows have filter 0, since the other filters make masks larger; colour rows have Paeth, which suits photographs.
 */
export function compressRows(
  rows: Uint8Array,
  bytes: number,
  channels: number,
  compression: Exclude<PngCompression, "stored">,
): Uint8Array {
  const zlib = nodeZlib();
  const found = kernel();
  // Where there is no zlib the kernel does what it can, and without it rows are stored as they are.
  if (found !== undefined && (zlib === undefined || (channels === 1 && compression === "fast"))) {
    const data = deflateInKernel(found, rows, bytes);
    if (data !== undefined) return data;
  }
  if (zlib === undefined) {
    const data = new Uint8Array(storedBytes(rows.length / bytes, bytes));
    writeStored(rows, bytes, data, 0);
    return data;
  }
  const raw = filterRows(rows, bytes, channels);
  // One output buffer instead of many.
  const chunkSize = Math.max(1024, raw.length >> 3);
  if (compression === "small") return zlib.deflateSync(raw, { level: 9, memLevel: 9, chunkSize });
  // Run-length matching: 6 to 8 times faster than zlib's level 6 on masks at about the same size.
  const strategy = zlib.constants.Z_RLE;
  return zlib.deflateSync(raw, channels > 1 ? { level: 4, chunkSize } : { level: 6, strategy, chunkSize });
}

function filterRows(rows: Uint8Array, bytes: number, channels: number): Uint8Array {
  const height = rows.length / bytes;
  const raw = new Uint8Array(height * (bytes + 1));
  for (let y = 0; y < height; y++) {
    if (channels > 1) filterPaeth(rows, y * bytes, bytes, channels, raw, y * (bytes + 1));
    else raw.set(rows.subarray(y * bytes, (y + 1) * bytes), y * (bytes + 1) + 1);
  }
  return raw;
}

/** Writes one row with filter 4: each byte minus the best guess of left, above and upper left (9.4). */
function filterPaeth(
  samples: Uint8Array,
  from: number,
  bytes: number,
  step: number,
  raw: Uint8Array,
  to: number,
): void {
  raw[to] = 4;
  for (let at = 0; at < bytes; at++) {
    const here = from + at;
    const left = at >= step ? samples[here - step]! : 0;
    const top = from > 0 ? samples[here - bytes]! : 0;
    const corner = at >= step && from > 0 ? samples[here - bytes - step]! : 0;
    const toLeft = Math.abs(top - corner);
    const toTop = Math.abs(left - corner);
    const toCorner = Math.abs(left + top - 2 * corner);
    const best = toLeft <= toTop && toLeft <= toCorner ? left : toTop <= toCorner ? top : corner;
    raw[to + 1 + at] = samples[here]! - best;
  }
}
