/**
 * Compares two texts by their UTF-8 bytes, the order of S3 listings. JavaScript's own order differs where a surrogate
 * pair (above U+FFFF) meets a unit of U+E000 to U+FFFF: such units are moved so that both orders agree.
 */
export function compareKeys(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x !== y) return rank(x) - rank(y);
  }
  return a.length - b.length;
}

function rank(unit: number): number {
  if (unit < 0xd800) return unit;
  return unit < 0xe000 ? unit + 0x2000 : unit - 0x800;
}
