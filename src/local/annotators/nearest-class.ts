/**
 * Gives every pixel without a class that of the nearest pixel that has one (steps to the four neighbours): annotators
 * know no "ignored". A picture without any class becomes background.
 */
export function fillFromNearest(
  data: Uint8Array,
  width: number,
  height: number,
  hasClass: (index: number) => boolean,
): Uint8Array {
  const filled = Uint8Array.from(data);
  const known = new Uint8Array(data.length);
  const queue = new Uint32Array(data.length);
  let end = 0;
  for (let pixel = 0; pixel < data.length; pixel++) {
    if (!hasClass(data[pixel]!)) continue;
    known[pixel] = 1;
    queue[end++] = pixel;
  }
  if (end === 0) return filled.fill(0);
  if (end === data.length) return filled;
  for (let next = 0; next < end; next++) {
    const pixel = queue[next]!;
    const x = pixel % width;
    const take = (neighbour: number): void => {
      if (known[neighbour] === 1) return;
      known[neighbour] = 1;
      filled[neighbour] = filled[pixel]!;
      queue[end++] = neighbour;
    };
    if (x > 0) take(pixel - 1);
    if (x + 1 < width) take(pixel + 1);
    if (pixel >= width) take(pixel - width);
    if (pixel + width < width * height) take(pixel + width);
  }
  return filled;
}
