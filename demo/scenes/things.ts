import type { Random } from "../../src/core/random.js";
import { type Color, type Light, type Thing, blend, scale, tone } from "./canvas.js";
import { newSeed } from "./ground.js";
import { clamp, hills, mix, roughness, step } from "./noise.js";
import { Limb, type Place } from "./shapes.js";

const rockColors = ["#6f675c", "#574b3d", "#7d7365", "#4d4a45", "#86715a"].map(tone);

/** A stone: an uneven lump, lit, spotted; `growth` is the green on it. */
export function rock(place: Place, light: Light, growth: number, random: Random): Thing {
  const outline = hills(newSeed(random));
  const relief = roughness(newSeed(random), 5);
  const moss = roughness(newSeed(random), 3);
  const flat = 0.6 + 0.35 * random();
  const color = rockColors[Math.floor(random() * rockColors.length)]!;
  const green = tone("#4a5a2a");
  const around = (u: number, v: number): number => {
    const w = v / flat;
    const r = Math.sqrt(u * u + w * w);
    const c = r === 0 ? 0 : 1 / r;
    return r - 1 - 0.2 * outline(1.6 * u * c + 9, 1.6 * w * c) - 0.07 * outline(4 * u * c, 4 * w * c);
  };
  const height = (u: number, v: number): number => {
    const inside = clamp(-around(u, v));
    return 0.75 * Math.sqrt(inside) + 0.22 * relief(u * 2.1, v * 2.1);
  };
  return {
    label: 0,
    box: place.box(1.4),
    height: 0.35 * place.size,
    distance: (x, y) => around(place.u(x, y), place.v(x, y)) * place.size * 0.85,
    paint: (x, y, out) => {
      const [u, v] = [place.u(x, y), place.v(x, y)];
      const here = height(u, v);
      const e = 0.04;
      const [nx, ny] = place.turn((height(u + e, v) - here) / e, (height(u, v + e) - here) / e);
      const facing = (light.down - 0.55 * (nx * light.x + ny * light.y)) / Math.sqrt(1 + 0.3 * (nx * nx + ny * ny));
      [out[0], out[1], out[2]] = color;
      blend(out, green, growth * step(-0.2, 0.5, moss(u * 2, v * 2)));
      scale(out, (0.8 + 0.35 * relief(u * 6 + 5, v * 6)) * (0.3 + 0.95 * Math.max(0, facing)));
    },
  };
}

const shellColors = [tone("#f1e3cf"), tone("#e9c3ac"), tone("#d9b48a"), tone("#f6efe6"), tone("#b98d72")];

/** A scallop: a fan with ribs. */
export function scallop(place: Place, light: Light, random: Random): Thing {
  const pale = shellColors[Math.floor(random() * shellColors.length)]!;
  const dark = tone("#8c5f4a");
  const ribs = 9 + Math.floor(4 * random());
  const fan = (u: number, v: number): number => {
    const angle = Math.atan2(v, u + 0.75);
    const r = Math.hypot(u + 0.75, v);
    return Math.max(r - 1.65 - 0.03 * Math.cos(angle * 2 * ribs), (Math.abs(angle) - 0.95) * r * 0.8);
  };
  return {
    label: 0,
    box: place.box(1.7),
    height: 0.3 * place.size,
    distance: (x, y) => fan(place.u(x, y), place.v(x, y)) * place.size,
    paint: (x, y, out) => {
      const [u, v] = [place.u(x, y), place.v(x, y)];
      const angle = Math.atan2(v, u + 0.75);
      const r = Math.hypot(u + 0.75, v) / 1.65;
      const rib = Math.cos(angle * 2 * ribs);
      [out[0], out[1], out[2]] = pale;
      blend(out, dark, clamp(0.25 - 0.25 * rib + 0.22 * Math.sin(r * 17) * r));
      const [nx, ny] = place.turn(0.5 * u, 0.7 * v);
      scale(out, 0.55 + 0.5 * (light.down + 0.8 * (nx * light.x + ny * light.y)));
    },
  };
}

/** Driftwood: a bleached branch with grain and a stump of a twig. */
export function driftwood(place: Place, light: Light, random: Random): Thing {
  const bend = 0.5 * (random() - 0.5);
  const thick = 0.07 + 0.05 * random();
  const branch = new Limb([-1, 0], [0, bend], [1, 0.2 * bend], [thick, 0.9 * thick, 0.4 * thick]);
  const twig = new Limb([0.1, 0.4 * bend], [0.3, 0.2], [0.45, 0.42], [0.6 * thick, 0.4 * thick, 0.25 * thick], 4);
  const grain = roughness(newSeed(random), 3);
  const pale = tone("#a9947c");
  const dark = tone("#57432f");
  const at = (u: number, v: number): number => Math.min(branch.distance(u, v), twig.distance(u, v));
  return {
    label: 0,
    box: place.box(1.25),
    height: 1.3 * thick * place.size,
    distance: (x, y) => at(place.u(x, y), place.v(x, y)) * place.size,
    paint: (x, y, out) => {
      const [u, v] = [place.u(x, y), place.v(x, y)];
      const e = 0.02;
      const d = at(u, v);
      const [nx, ny] = place.turn((at(u + e, v) - d) / e, (at(u, v + e) - d) / e);
      [out[0], out[1], out[2]] = pale;
      blend(out, dark, clamp(0.4 + 0.8 * grain(u * 4, v * 40)));
      const lean = step(thick, 0, -d);
      scale(out, mix(1, 0.62 + 0.65 * (nx * light.x + ny * light.y), lean) * 1.05);
    },
  };
}

/** A small round stone. */
export function pebble(place: Place, light: Light, random: Random): Thing {
  const color: Color = [...rockColors[Math.floor(random() * rockColors.length)]!];
  scale(color, 0.7 + 0.9 * random());
  const flat = 0.65 + 0.3 * random();
  return {
    label: 0,
    box: place.box(1.2),
    height: 0.5 * place.size,
    distance: (x, y) => (Math.hypot(place.u(x, y), place.v(x, y) / flat) - 1) * place.size * flat,
    paint: (x, y, out) => {
      const [nx, ny] = place.turn(place.u(x, y), place.v(x, y));
      [out[0], out[1], out[2]] = color;
      scale(out, 0.5 + 0.6 * (light.down + nx * light.x + ny * light.y));
    },
  };
}
