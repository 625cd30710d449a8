/** Bytes of a name's length. */
const lengthBytes = 8;

/**
 * Looks for the table of names from the end of a weights file, for errors about an array before it: where records are
 * damaged, the table can still be whole. `undefined` when it is not.
 */
export function namesFromEnd(bytes: Uint8Array, count: number, longest: number): readonly string[] | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  // Nearest first; farther than this the table cannot start.
  const earliest = Math.max(0, bytes.length - lengthBytes - count * (lengthBytes + longest));
  for (let start = bytes.length - lengthBytes - count * lengthBytes; start >= earliest; start--) {
    if (view.getUint32(start, true) !== count || view.getUint32(start + 4, true) !== 0) continue;
    const names = namesAt(bytes, view, start + lengthBytes, count, longest);
    if (names !== undefined) return names;
  }
  return undefined;
}

function namesAt(
  bytes: Uint8Array,
  view: DataView,
  start: number,
  count: number,
  longest: number,
): readonly string[] | undefined {
  const names: string[] = [];
  let at = start;
  while (names.length < count) {
    if (at + lengthBytes > bytes.length || view.getUint32(at + 4, true) !== 0) return undefined;
    const length = view.getUint32(at, true);
    at += lengthBytes;
    if (length > longest || at + length > bytes.length) return undefined;
    names.push(new TextDecoder().decode(bytes.subarray(at, at + length)));
    at += length;
  }
  return at === bytes.length ? names : undefined;
}
