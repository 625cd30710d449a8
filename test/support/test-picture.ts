/** A picture with edges, ramps and grain, told by a seed: uint8 RGB, row by row. */
export function testPicture(height: number, width: number, seed: number): Uint8Array {
  const rgb = new Uint8Array(3 * height * width);
  let state = seed >>> 0;
  const random = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 4294967296;
  };
  const [edge, middle] = [Math.floor(random() * width), Math.floor(random() * height)];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const base = [(255 * x) / Math.max(1, width - 1), (255 * y) / Math.max(1, height - 1), x < edge ? 40 : 210];
      for (let channel = 0; channel < 3; channel++) {
        const value = y < middle ? base[channel]! : 255 - base[(channel + 1) % 3]!;
        rgb[3 * (y * width + x) + channel] = Math.max(0, Math.min(255, Math.round(value + 40 * random() - 20)));
      }
    }
  }
  return rgb;
}
