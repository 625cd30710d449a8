import type { Random } from "../../src/core/random.js";
import { type Color, type Light, type Medium, scale, tone } from "./canvas.js";
import { type Paint, newSeed, sand, track } from "./ground.js";
import { type Field, clamp, hills, remember, roughness, step } from "./noise.js";
import type { Place } from "./shapes.js";
import { foam, surface, water } from "./water.js";

/** Where a scene plays: what is below the animals and what is over them. */
export interface Setting {
  readonly light: Light;
  readonly ground: Paint;
  readonly medium: Medium | undefined;
  /** Painted last, over everything. */
  readonly above: Paint | undefined;
  /** Depth of water at a point, 0 on dry land. */
  readonly depth: Field;
  /** Colour of dry sand there. */
  readonly sand: Readonly<Color>;
}

const sandColors = [tone("#dcc49a"), tone("#e6d3b0"), tone("#cfae84"), tone("#d9c3a5"), tone("#c9a77c")];
const seaColors = [tone("#22a3b5"), tone("#1689a8"), tone("#33b8b3"), tone("#1279a6")];

export interface PictureSize {
  readonly width: number;
  readonly height: number;
}

function pick<Item>(items: readonly Item[], random: Random): Item {
  return items[Math.floor(random() * items.length)]!;
}

function sun(random: Random): Light {
  const angle = random() * 2 * Math.PI;
  const high = 0.62 + 0.28 * random();
  const low = Math.sqrt(1 - high * high);
  return { x: low * Math.cos(angle), y: low * Math.sin(angle), down: high };
}

/** Dry sand with the tracks of the animals. */
export function beach(size: PictureSize, crawlers: readonly Place[], random: Random): Setting {
  const light = sun(random);
  const color = pick(sandColors, random);
  const tracks = crawlers.map(({ x, y, angle, size }) => track([x, y], angle, size, 400, random));
  const relief: Field = (x, y) => tracks.reduce((sum, one) => sum + one(x, y), 0);
  const ripples = 0.25 + 0.75 * random();
  return {
    light,
    ground: sand({ ...size, light, color, ripples, relief }, random),
    medium: undefined,
    above: undefined,
    depth: () => 0,
    sand: color,
  };
}

/** The edge of the sea: sand, wet sand, foam, shallow water. */
export function shore(size: PictureSize, random: Random): Setting {
  const { width, height } = size;
  const light = sun(random);
  const color = pick(sandColors, random);
  const angle = random() * 2 * Math.PI;
  const [nx, ny] = [Math.cos(angle), Math.sin(angle)];
  const shift = 0.22 * (random() - 0.5) * height;
  const wave = hills(newSeed(random));
  const wash = roughness(newSeed(random), 3);
  const line: Field = (x, y) =>
    (x - width / 2) * nx + (y - height / 2) * ny - shift + 11 * wave(x / 55, y / 55) + 3.5 * wash(x / 18, y / 18);
  const into = remember(line, width, height);
  const depth: Field = (x, y) => clamp((into(x, y) - 1) / 62, 0, 2.2);
  const floor = sand({ ...size, light, color, ripples: 0.4 }, random);
  const medium = water({ depth, color: pick(seaColors, random) }, random);
  const white = foam(into, random);
  const glints = surface(depth, random);
  return {
    light,
    ground: (x, y, out) => {
      const far = into(x, y);
      const [bx, by] = medium.bend(x, y);
      floor(bx, by, out);
      // Wet sand is darker, and more so in the red that it keeps than in the light that it throws back.
      const damp = step(-17 - 5 * wash(x / 25, y / 25), -7, far);
      scale(out, 1 - 0.42 * damp);
      out[2] = out[2] * (1 + 0.12 * damp);
      medium.tint(x, y, out, 0);
      white(x, y, out, 1);
    },
    medium,
    above: (x, y, out) => {
      glints(x, y, out);
      // A little of it runs over what stands in it.
      white(x, y, out, 0.3);
    },
    depth,
    sand: color,
  };
}

/** Clear water over sand and meadows of sea grass; `deep` from 0.4 (a lagoon) to 2. */
export function lagoon(size: PictureSize, deep: number, random: Random): Setting {
  const light = sun(random);
  const color = pick(sandColors, random);
  const rise = hills(newSeed(random));
  const bottom: Field = (x, y) => Math.max(0.15, deep * (1 + 0.45 * rise(x / 110, y / 110)));
  const depth = remember(bottom, size.width, size.height);
  const floor = sand({ ...size, light, color, ripples: 0.9 }, random);
  const meadow = roughness(newSeed(random), 5);
  const blades = roughness(newSeed(random), 3);
  const lean = hills(newSeed(random));
  const cover = 0.1 + 0.4 * random();
  const dark = tone("#24371a");
  const pale = tone("#7c8a45");
  const medium = water({ depth, color: pick(seaColors, random) }, random);
  return {
    light,
    ground: (x, y, out) => {
      const [bx, by] = medium.bend(x, y);
      floor(bx, by, out);
      const grass = step(cover, cover + 0.16, meadow(bx / 62, by / 62) + 0.16 * blades(bx / 3, by / 8));
      if (grass > 0) {
        const swing = 3 * lean(bx / 30, by / 30);
        const blade = clamp(0.42 + 0.75 * blades((bx + swing * 2) / 2.6, by / 9));
        for (let c = 0; c < 3; c++) {
          const leaf = dark[c]! + (pale[c]! - dark[c]!) * blade * blade;
          out[c] = out[c]! + (leaf - out[c]!) * grass * 0.93;
        }
      }
      medium.tint(x, y, out, 0);
    },
    medium,
    above: surface(depth, random),
    depth,
    sand: color,
  };
}
