/** Bytes of a name's length. */
const lengthBytes = 8;

/** Lengths that are looked at in all: hostile bytes can look like the start of a table at every place. */
const mostSteps = 200_000;

/**
 * Looks for the table of names from the end of a weights file, for errors about an array before it: where records are
 * damaged, the table can still be whole. `undefined` when it is not.
 */
export function namesFromEnd(bytes: Uint8Array, count: number, longest: number): readonly string[] | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  // Nearest first; farther than this the table cannot start.
  const earliest = Math.max(0, bytes.length - lengthBytes - count * (lengthBytes + longest));
  let steps = mostSteps;
  for (let start = bytes.length - lengthBytes - count * lengthBytes; start >= earliest && steps > 0; start--) {
    if (view.getUint32(start, true) !== count || view.getUint32(start + 4, true) !== 0) continue;
    const places = namesAt(bytes, view, start + lengthBytes, Math.min(count, steps), longest);
    steps -= places.length + 1;
    const last = places.at(-1);
    if (places.length < count || last === undefined || last[1] !== bytes.length) continue;
    const text = new TextDecoder();
    return places.map(([from, to]) => text.decode(bytes.subarray(from, to)));
  }
  return undefined;
}

/** Where names stand, up to the first length that is none. */

function namesAt(
  bytes: Uint8Array,
  view: DataView,
  start: number,
  count: number,
  longest: number,
): readonly (readonly [from: number, to: number])[] {
  const places: (readonly [number, number])[] = [];
  let at = start;
  while (places.length < count) {
    if (at + lengthBytes > bytes.length || view.getUint32(at + 4, true) !== 0) break;
    const length = view.getUint32(at, true);
    at += lengthBytes;
    if (length > longest || at + length > bytes.length) break;
    places.push([at, at + length]);
    at += length;
  }
  return places;
}
