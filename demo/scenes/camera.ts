import type { Random } from "../../src/core/random.js";
import type { Canvas } from "./canvas.js";
import { newSeed } from "./ground.js";
import { encodeJpeg } from "./jpeg.js";
import { clamp, speckle } from "./noise.js";

/** Takes the picture: a lens that is a little soft and dark in the corners, a sensor with grain, JPEG. */
export function photograph(canvas: Canvas, random: Random): Uint8Array {
  const { width, height } = canvas;
  const exposure = 1.08 + 0.27 * random();
  const warmth = 0.06 * (random() - 0.5);
  const gain = [exposure * (1 + warmth), exposure, exposure * (1 - warmth)];
  const noise = newSeed(random);
  const light = soften(canvas.light, width, height);
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = y * width + x;
      const corner = ((2 * x) / width - 1) ** 2 + ((2 * y) / height - 1) ** 2;
      const dim = 1 - 0.13 * corner;
      const grain = 0.5 * (speckle(x, y, noise) + speckle(x, y, noise + 1)) - 0.5;
      for (let c = 0; c < 3; c++) {
        const own = speckle(x, y, noise + 2 + c) - 0.5;
        const seen = film(light[at * 3 + c]! * gain[c]! * dim) + 0.03 * grain + 0.014 * own;
        data[at * 3 + c] = Math.round(255 * clamp(seen));
      }
    }
  }
  return encodeJpeg(width, height, data);
}

/** From light to a screen's value: bright places are compressed instead of cut. */
const curve = Float32Array.from({ length: 4096 }, (_, at) => {
  const light = at / 1024;
  const bright = light > 0.7 ? 0.7 + 0.3 * (1 - Math.exp(-(light - 0.7) / 0.3)) : light;
  return bright ** (1 / 2.2);
});

function film(light: number): number {
  const at = clamp(light * 1024, 0, 4094);
  const below = Math.floor(at);
  return curve[below]! + (at - below) * (curve[below + 1]! - curve[below]!);
}

/** A blur of less than a pixel, so that nothing is sharper than a lens can draw. */
function soften(light: Float32Array, width: number, height: number): Float32Array {
  const pass = (from: Float32Array, step: number, place: (at: number) => number, size: number): Float32Array => {
    const to = new Float32Array(from.length);
    for (let at = 0; at < from.length; at++) {
      const here = place(at);
      const before = here > 0 ? from[at - step]! : from[at]!;
      const after = here < size - 1 ? from[at + step]! : from[at]!;
      to[at] = 0.1 * before + 0.8 * from[at]! + 0.1 * after;
    }
    return to;
  };
  const column = (at: number): number => Math.floor(at / 3) % width;
  const row = (at: number): number => Math.floor(at / (3 * width));
  return pass(pass(light, 3, column, width), 3 * width, row, height);
}
