import { badFilter } from "./failure.js";

/**
 * Undoes the row filters in place (PNG 3rd edition, 9.2): `rows` rows of one filter byte and `bytes` bytes each.
 *
 * @param raw - Inflated data.
 * @param start - Where the first row's filter byte stands.
 * @param step - Bytes per pixel, at least 1: how far left the neighbour is.
 * @param offset - Of the first IDAT chunk, for errors.
 */
export function unfilter(
  raw: Uint8Array,
  start: number,
  rows: number,
  bytes: number,
  step: number,
  offset: number,
): void {
  let row = start;
  for (let y = 0; y < rows; y++) {
    const filter = raw[row]!;
    const from = row + 1;
    // Above the first row there are zeros: there Up is None, Paeth is Sub, and Average has half of Sub.
    if (filter === 1) sub(raw, from, bytes, step);
    else if (filter === 2) {
      if (y > 0) up(raw, from, bytes);
    } else if (filter === 3) average(raw, from, bytes, step, y === 0);
    else if (filter === 4) {
      if (y === 0) sub(raw, from, bytes, step);
      else paeth(raw, from, bytes, step);
    } else if (filter !== 0) {
      throw badFilter(y, filter, offset);
    }
    row = from + bytes;
  }
}

function sub(raw: Uint8Array, from: number, bytes: number, step: number): void {
  const end = from + bytes;
  if (step === 1) {
    let left = 0;
    for (let at = from; at < end; at++) raw[at] = left = (left + raw[at]!) & 255;
    return;
  }
  for (let at = from + step; at < end; at++) raw[at] = raw[at]! + raw[at - step]!;
}

function up(raw: Uint8Array, from: number, bytes: number): void {
  const above = bytes + 1;
  const end = from + bytes;
  for (let at = from; at < end; at++) raw[at] = raw[at]! + raw[at - above]!;
}

function average(raw: Uint8Array, from: number, bytes: number, step: number, first: boolean): void {
  const above = bytes + 1;
  const end = from + bytes;
  const edge = Math.min(from + step, end);
  if (first) {
    for (let at = edge; at < end; at++) raw[at] = raw[at]! + (raw[at - step]! >> 1);
    return;
  }
  for (let at = from; at < edge; at++) raw[at] = raw[at]! + (raw[at - above]! >> 1);
  for (let at = edge; at < end; at++) raw[at] = raw[at]! + ((raw[at - step]! + raw[at - above]!) >> 1);
}

function paeth(raw: Uint8Array, from: number, bytes: number, step: number): void {
  const above = bytes + 1;
  const end = from + bytes;
  const edge = Math.min(from + step, end);
  // Left and upper left are zero there, so the predictor is the byte above.
  for (let at = from; at < edge; at++) raw[at] = raw[at]! + raw[at - above]!;
  for (let at = edge; at < end; at++) {
    const left = raw[at - step]!;
    const top = raw[at - above]!;
    const corner = raw[at - above - step]!;
    const toLeft = Math.abs(top - corner);
    const toTop = Math.abs(left - corner);
    const toCorner = Math.abs(left + top - 2 * corner);
    const best = toLeft <= toTop && toLeft <= toCorner ? left : toTop <= toCorner ? top : corner;
    raw[at] = raw[at]! + best;
  }
}
