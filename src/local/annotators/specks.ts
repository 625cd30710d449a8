import type { Random } from "../../core/random.js";

/** Share of the picture below which a patch is a speck, and how likely a worker overlooks one. */
const speckShare = 0.0004;
const missChance = 0.5;

/** Paints over some of the small patches with the class beside them, as a worker does who does not see them. */
export function missSpecks(data: Uint8Array, width: number, height: number, random: Random): void {
  const limit = Math.floor(speckShare * width * height);
  if (limit < 1) return;
  const seen = new Uint8Array(data.length);
  const patch: number[] = [];
  for (let start = 0; start < data.length; start++) {
    if (seen[start] === 1) continue;
    const index = data[start]!;
    let size = 0;
    let around: number | undefined;
    patch.length = 0;
    patch.push(start);
    seen[start] = 1;
    // The list is stack and, for small patches, memory: pixels beyond the limit are counted and left.
    const members: number[] = [];
    for (let pixel = patch.pop(); pixel !== undefined; pixel = patch.pop()) {
      size++;
      if (size <= limit) members.push(pixel);
      const x = pixel % width;
      const look = (neighbour: number): void => {
        if (data[neighbour] !== index) around ??= data[neighbour];
        else if (seen[neighbour] === 0) {
          seen[neighbour] = 1;
          patch.push(neighbour);
        }
      };
      if (x > 0) look(pixel - 1);
      if (x + 1 < width) look(pixel + 1);
      if (pixel >= width) look(pixel - width);
      if (pixel + width < width * height) look(pixel + width);
    }
    if (size > limit || around === undefined || random() >= missChance) continue;
    for (const pixel of members) data[pixel] = around;
  }
}
