import type { Random } from "../../src/core/random.js";
import { type Color, type Light, blend, scale, tone } from "./canvas.js";
import { type Field, clamp, hills, remember, roughness, speckle, step } from "./noise.js";

export const newSeed = (random: Random): number => Math.floor(random() * 2 ** 31);

/** Paints a ground at a point. */
export type Paint = (x: number, y: number, out: Color) => void;

export interface SandOptions {
  /** Size of the picture. */
  readonly width: number;
  readonly height: number;
  readonly light: Light;
  readonly color: Readonly<Color>;
  /** How high the ripples of wind or waves are, 0 to 1. */
  readonly ripples: number;
  /** Height of what people and animals left in it, in ripples; negative where it is pressed down. */
  readonly relief?: Field;
}

/** Sand: hills and ripples in the light, patches, grains. */
export function sand({ width, height, light, color, ripples, relief }: SandOptions, random: Random): Paint {
  const dunes = roughness(newSeed(random), 4);
  const warp = hills(newSeed(random));
  const patches = roughness(newSeed(random), 3);
  const fine = roughness(newSeed(random), 2);
  const grains = newSeed(random);
  const angle = random() * Math.PI;
  const [along, across] = [Math.cos(angle), Math.sin(angle)];
  const spacing = 5 + 5 * random();
  const surface = remember(
    (x, y) => {
      const bent = warp(x / 45, y / 45) * 9 + warp(x / 17 + 50, y / 17) * 2.5;
      const phase = ((x * along + y * across + bent) / spacing) * 2 * Math.PI;
      // Crests are sharper than troughs.
      const ripple = 0.5 * Math.sin(phase) + 0.18 * Math.sin(2 * phase + 1);
      const worn = clamp(0.6 + 0.8 * warp(x / 60 - 20, y / 60));
      return (
        1.5 * ripples * worn * ripple +
        2.2 * dunes(x / 38, y / 38) +
        0.45 * fine(x / 3.1, y / 3.1) +
        (relief === undefined ? 0 : relief(x, y))
      );
    },
    width,
    height,
  );
  const wet = tone("#8a6a44");
  return (x, y, out) => {
    const here = surface(x, y);
    const slope = (surface(x + 1, y) - here) * light.x + (surface(x, y + 1) - here) * light.y;
    [out[0], out[1], out[2]] = color;
    blend(out, wet, clamp(0.13 + 0.3 * patches(x / 70, y / 70)));
    const grain = speckle(x, y, grains);
    const dot = grain > 0.996 ? 0.6 : grain < 0.006 ? 1.3 : 0.93 + 0.14 * grain;
    scale(out, dot * clamp(1 - 0.36 * slope, 0.3, 1.7));
  };
}

/** Where an animal has crawled: two rows of flipper prints with a smooth band between. */
export function track(
  from: readonly [x: number, y: number],
  angle: number,
  size: number,
  length: number,
  random: Random,
): Field {
  const bend = hills(newSeed(random));
  const rough = roughness(newSeed(random), 2);
  const [along, across] = [Math.cos(angle), Math.sin(angle)];
  return (x, y) => {
    const dx = from[0] - x;
    const dy = from[1] - y;
    const back = dx * along + dy * across;
    const aside = Math.abs(dy * along - dx * across + 0.5 * size * bend(back / (3 * size), 0.5));
    const shown = step(1.9, 1.3, aside / size) * step(0, 1, back / size) * step(0, 2, (length - back) / size);
    if (shown === 0) return 0;
    const comma = Math.cos(((back + 0.55 * aside) / (0.62 * size)) * 2 * Math.PI);
    const prints = Math.exp(-(((aside - 1.15 * size) / (0.42 * size)) ** 2)) * (1.5 * comma - 0.4);
    return 2.4 * shown * (prints - 0.8 * step(0.95, 0.6, aside / size) + 0.4 * rough(x / 4, y / 4));
  };
}
