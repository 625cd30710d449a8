import type { Random } from "../../src/core/random.js";
import { type Color, type Medium, blend, tone } from "./canvas.js";
import { type Paint, newSeed } from "./ground.js";
import { type Cell, type Field, cells, clamp, hills, roughness, step } from "./noise.js";

/** How clear and how deep. */
export interface WaterOptions {
  /** Depth at a point: 0 is dry, 1 about a man's height. */
  readonly depth: Field;
  /** Colour of deep water. */
  readonly color: Readonly<Color>;
}

/** What water does to the ground below: waves bend the view, bright nets of light run over it, depth tints it. */
export function water({ depth, color }: WaterOptions, random: Random): Medium {
  const bendX = hills(newSeed(random));
  const bendY = hills(newSeed(random));
  const net = cells(newSeed(random));
  const finer = cells(newSeed(random));
  const warp = hills(newSeed(random));
  const fade = hills(newSeed(random));
  const size = 15 + 8 * random();
  const cell: Cell = { first: 0, second: 0, own: 0 };
  const caustics = (x: number, y: number): number => {
    const wx = x + 5 * warp(x / 19, y / 19);
    const wy = y + 5 * warp(x / 19 + 40, y / 19 - 9);
    net(wx / size, wy / size, cell);
    const coarse = 1 - clamp((cell.second - cell.first) * 2.3);
    finer(wx / (0.58 * size) + 7, wy / (0.58 * size), cell);
    const fine = 1 - clamp((cell.second - cell.first) * 2.4);
    const share = clamp(0.75 + 0.7 * fade(x / 55, y / 55));
    return share * (0.9 * coarse ** 4 + 0.55 * fine ** 4 + 0.7 * coarse * coarse * fine);
  };
  return {
    bend: (x, y) => {
      const strength = 1.7 * clamp(3 * depth(x, y));
      return [x + strength * bendX(x / 11, y / 11), y + strength * bendY(x / 11, y / 11)];
    },
    tint: (x, y, out, height) => {
      const deep = depth(x, y) * Math.exp(-height / 12);
      if (deep <= 0) return;
      const light = 0.82 + 0.85 * caustics(x, y) * step(0, 0.25, deep) * step(2.4, 0.5, deep);
      // Red goes first.
      out[0] = out[0] * light * Math.exp(-1.25 * deep);
      out[1] = out[1] * light * Math.exp(-0.2 * deep);
      out[2] = out[2] * light * Math.exp(-0.22 * deep);
      blend(out, color, 1 - Math.exp(-0.5 * deep));
    },
  };
}

/** Glints and the sheen of the sky on small waves. */
export function surface(depth: Field, random: Random): Paint {
  const waves = roughness(newSeed(random), 3);
  const gusts = hills(newSeed(random));
  const angle = random() * Math.PI;
  const [along, across] = [Math.cos(angle), Math.sin(angle)];
  const sky = tone("#cfe6f2");
  return (x, y, out) => {
    const deep = depth(x, y);
    if (deep <= 0) return;
    const u = (x * along + y * across) / 20;
    const v = (y * along - x * across) / 7;
    const wave = waves(u, v);
    const calm = clamp(0.55 + 0.6 * gusts(x / 70, y / 70));
    const shown = step(0, 0.4, deep);
    blend(out, sky, shown * (0.1 * step(-0.1, 0.7, wave) * calm + 0.55 * step(0.62, 0.85, wave) * calm));
  };
}

/** White foam where waves run out on the beach; `shore` is the way into the sea in pixels, 0 at the edge. */
export function foam(shore: Field, random: Random): (x: number, y: number, out: Color, strength: number) => void {
  const lace = cells(newSeed(random));
  const warp = roughness(newSeed(random), 3);
  const cloud = roughness(newSeed(random), 4);
  const white = tone("#fbfdfb");
  const cell: Cell = { first: 0, second: 0, own: 0 };
  const second = 26 + 14 * random();
  return (x, y, out, strength) => {
    const into = shore(x, y);
    if (into < -3 || into > 75) return;
    const wx = x + 7 * warp(x / 16, y / 16);
    const wy = y + 7 * warp(x / 16 + 31, y / 16);
    lace(wx / 8, wy / 8, cell);
    const threads = (1 - clamp((cell.second - cell.first) * 2.2)) ** 2;
    const patch = clamp(0.5 + 0.75 * cloud(x / 19, y / 19));
    const edge = Math.exp(-((into - 2) ** 2) / 7);
    const loose = step(34, 4, into) * step(-2, 2, into);
    const line = into - second - 7 * warp(x / 45, y / 45);
    const crest = line > 0 ? Math.exp(-(line * line) / 5) : Math.exp(-(line * line) / 110);
    const amount =
      edge * (0.7 + 0.4 * patch) +
      loose * (threads * clamp(1.9 * patch - 0.3) + 0.7 * step(0.55, 1, patch)) +
      crest * clamp(2.2 * patch - 0.6) * (0.5 + 0.5 * threads);
    blend(out, white, clamp(amount) * 0.95 * strength);
  };
}
