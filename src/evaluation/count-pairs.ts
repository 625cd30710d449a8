/**
 * Counts how often each pair of values occurs at the same place: `table[truth << 8 | prediction]`, 65,536 entries.
 *
 * The whole table is counted and looked at afterwards, so that no pixel needs a test and no value can get lost.
 */
export function countPairs(truth: Uint8Array, prediction: Uint8Array): Float64Array {
  const table = new Float64Array(65536);
  const length = Math.min(truth.length, prediction.length);
  const words = truth.byteOffset % 4 === 0 && prediction.byteOffset % 4 === 0 ? length >> 2 : 0;
  if (words > 0) {
    countWords(
      new Int32Array(truth.buffer, truth.byteOffset, words),
      new Int32Array(prediction.buffer, prediction.byteOffset, words),
      table,
    );
  }
  for (let at = words * 4; at < length; at++) table[(truth[at]! << 8) | prediction[at]!]! += 1;
  return table;
}

/** Masks are runs: four pixels are compared at once, and a run of equal fours is added once. */
function countWords(truth: Int32Array, prediction: Int32Array, table: Float64Array): void {
  const { length } = truth;
  let at = 0;
  while (at < length) {
    const t = truth[at]!;
    const p = prediction[at]!;
    const start = at;
    do at++;
    while (at < length && truth[at] === t && prediction[at] === p);
    const run = at - start;
    // Which byte is which pixel does not matter, as long as both sides are taken apart alike.
    table[((t & 0xff) << 8) | (p & 0xff)]! += run;
    table[(t & 0xff00) | ((p >>> 8) & 0xff)]! += run;
    table[((t >>> 8) & 0xff00) | ((p >>> 16) & 0xff)]! += run;
    table[((t >>> 16) & 0xff00) | (p >>> 24)]! += run;
  }
}
