/** A mask to measure with: areas with wobbling, jittered borders, 21 classes and some ignored rims. */
export function sampleMask(width: number, height: number, seed: number, classes = 21): Uint8Array {
  const random = generator(seed);
  const data = new Uint8Array(width * height);
  const areas = 40;
  for (let n = 0; n < areas; n++) {
    const index = 1 + Math.floor(random() * (classes - 1));
    const [cx, cy] = [random() * width, random() * height];
    const [rx, ry] = [(0.03 + random() * 0.15) * width, (0.03 + random() * 0.15) * height];
    const phase = random() * 7;
    for (let y = Math.max(0, Math.floor(cy - ry)); y < Math.min(height, cy + ry); y++) {
      const across = rx * Math.sqrt(Math.max(0, 1 - ((y - cy) / ry) ** 2));
      const wobble = 3 * Math.sin(y / 9 + phase);
      const from = Math.max(0, Math.round(cx - across + wobble + (random() - 0.5) * 2.4));
      const to = Math.min(width, Math.round(cx + across + wobble + (random() - 0.5) * 2.4));
      if (to <= from) continue;
      data.fill(index, y * width + from, y * width + to);
      if (n % 4 === 0) {
        data.fill(255, y * width + from, y * width + Math.min(to, from + 3));
        data.fill(255, y * width + Math.max(from, to - 3), y * width + to);
      }
    }
  }
  return data;
}

/** Probabilities whose highest class is that of a mask, with noise in the others. */
export function sampleProbabilities(mask: Uint8Array, classes: number, seed: number): Float32Array {
  const random = generator(seed);
  const values = new Float32Array(classes * mask.length);
  for (let at = 0; at < values.length; at++) values[at] = random() * 0.04;
  for (let at = 0; at < mask.length; at++) {
    const index = mask[at]! < classes ? mask[at]! : 0;
    values[index * mask.length + at] = 0.3 + random() * 0.5;
  }
  return values;
}

function generator(seed: number): () => number {
  let state = seed | 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}
