import type { Random } from "../../src/core/random.js";
import { type Color, type Light, type Thing, blend, scale, tone } from "./canvas.js";
import { newSeed } from "./ground.js";
import { clamp, mix, roughness, step } from "./noise.js";
import { Limb, type Place } from "./shapes.js";

const weedColors = [tone("#3f4a1c"), tone("#5a4a1d"), tone("#2f3d1f"), tone("#6b5a25")];

/** A tuft of seaweed: blades that bend away from one root. */
export function weed(place: Place, random: Random): Thing {
  const color = weedColors[Math.floor(random() * weedColors.length)]!;
  const light = blend([...color], tone("#a8a04a"), 0.45);
  const blades = Array.from({ length: 6 + Math.floor(5 * random()) }, () => {
    const angle = random() * 2 * Math.PI;
    const far = 0.55 + 0.45 * random();
    const turn = angle + 1.6 * (random() - 0.5);
    const middle = [0.5 * far * Math.cos(angle), 0.5 * far * Math.sin(angle)] as const;
    const thick = 0.05 + 0.03 * random();
    return new Limb([0, 0], middle, [far * Math.cos(turn), far * Math.sin(turn)], [thick, 1.1 * thick, 0.02], 6);
  });
  const spots = roughness(newSeed(random), 2);
  const at = (u: number, v: number): number => {
    let nearest = Infinity;
    for (const blade of blades) nearest = Math.min(nearest, blade.distance(u, v, nearest));
    return nearest;
  };
  return {
    label: 0,
    box: place.box(1.15),
    height: 0.09 * place.size,
    distance: (x, y) => at(place.u(x, y), place.v(x, y)) * place.size,
    paint: (x, y, out) => {
      const [u, v] = [place.u(x, y), place.v(x, y)];
      [out[0], out[1], out[2]] = color;
      blend(out, light, clamp(step(0.06, 0.01, -at(u, v)) * 0.5 + 0.4 * spots(u * 5, v * 5)));
    },
  };
}

const starColors = [
  ["#c8481c", "#f0a860"],
  ["#b5301f", "#e88d5f"],
  ["#d9701f", "#f6cf86"],
  ["#a83a4a", "#e6a08e"],
].map(([deep, pale]) => [tone(deep!), tone(pale!)] as const);

/** A starfish with rows of pale knobs on its arms. */
export function starfish(label: number, place: Place, light: Light, random: Random): Thing {
  const [deep, pale] = starColors[Math.floor(random() * starColors.length)]!;
  const arms = Array.from({ length: 5 }, (_, at) => {
    const angle = ((at + 0.25 * (random() - 0.5)) * 2 * Math.PI) / 5;
    const turn = angle + 0.35 * (random() - 0.5);
    const middle = [0.55 * Math.cos(angle), 0.55 * Math.sin(angle)] as const;
    return new Limb([0, 0], middle, [0.92 * Math.cos(turn), 0.92 * Math.sin(turn)], [0.3, 0.185, 0.07], 5);
  });
  const rough = roughness(newSeed(random), 2);
  const at = (u: number, v: number): number => {
    const far = Math.sqrt(u * u + v * v) - 1;
    if (far > 0.25) return far;
    // Arms melt into each other.
    let sum = 0;
    for (const arm of arms) sum += Math.exp(-14 * arm.distance(u, v));
    return -Math.log(sum) / 14;
  };
  return {
    label,
    box: place.box(1.2),
    height: 0.2 * place.size,
    distance: (x, y) => at(place.u(x, y), place.v(x, y)) * place.size,
    paint: (x, y, out) => {
      const [u, v] = [place.u(x, y), place.v(x, y)];
      const e = 0.03;
      const d = at(u, v);
      const [nx, ny] = place.turn((at(u + e, v) - d) / e, (at(u, v + e) - d) / e);
      const angle = (Math.atan2(v, u) * 5) / (2 * Math.PI);
      const across = Math.abs(angle - Math.round(angle)) * Math.hypot(u, v);
      const knob = step(0.55, 0.95, Math.sin(Math.hypot(u, v) * 34)) * step(0.06, 0.015, across);
      const rim = step(0.07, 0.01, -d);
      [out[0], out[1], out[2]] = deep;
      blend(out, pale, clamp(0.75 * knob + 0.3 * rim + 0.2 + 0.35 * rough(u * 6, v * 6)));
      const lean = step(0.22, 0, -d);
      scale(out, 0.42 + 0.72 * Math.max(0, mix(light.down, 0.35 + 0.75 * (nx * light.x + ny * light.y), lean)));
    },
  };
}

const coralColors: readonly (readonly [Readonly<Color>, Readonly<Color>])[] = [
  [tone("#8a4b5e"), tone("#e2a3ad")],
  [tone("#9a5a2c"), tone("#e9c08a")],
  [tone("#5d5a86"), tone("#b9b5dd")],
  [tone("#7d7a45"), tone("#d5cf8f")],
];

/** Coral: a round bush of knobs. */
export function coral(place: Place, light: Light, random: Random): Thing {
  const [deep, pale] = coralColors[Math.floor(random() * coralColors.length)]!;
  const knobs = Array.from({ length: 22 }, () => {
    const [angle, far] = [random() * 2 * Math.PI, Math.sqrt(random()) * 0.78];
    return { u: far * Math.cos(angle), v: far * Math.sin(angle), r: 0.16 + 0.14 * random(), own: random() };
  });
  const nearest = (u: number, v: number): { readonly distance: number; readonly knob: (typeof knobs)[number] } => {
    let distance = Infinity;
    let nearest = 0;
    for (let at = 0; at < knobs.length; at++) {
      const knob = knobs[at]!;
      const du = u - knob.u;
      const dv = v - knob.v;
      const own = Math.sqrt(du * du + dv * dv) - knob.r;
      if (own < distance) {
        distance = own;
        nearest = at;
      }
    }
    return { distance, knob: knobs[nearest]! };
  };
  return {
    label: 0,
    box: place.box(1.15),
    height: 0.3 * place.size,
    distance: (x, y) => nearest(place.u(x, y), place.v(x, y)).distance * place.size,
    paint: (x, y, out) => {
      const [u, v] = [place.u(x, y), place.v(x, y)];
      const { distance, knob } = nearest(u, v);
      const top = clamp(-distance / knob.r);
      const [nx, ny] = place.turn((u - knob.u) / knob.r, (v - knob.v) / knob.r);
      [out[0], out[1], out[2]] = deep;
      blend(out, pale, clamp(0.15 + 0.7 * top ** 0.7 * (0.6 + 0.4 * knob.own)));
      scale(out, 0.35 + 0.75 * Math.max(0, light.down * (0.5 + 0.5 * top) + 0.6 * (nx * light.x + ny * light.y)));
    },
  };
}
