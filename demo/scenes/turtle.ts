import type { Random } from "../../src/core/random.js";
import { type Color, type Light, type Thing, blend, scale, tone } from "./canvas.js";
import { type Cell, cells, clamp, mix, roughness, step } from "./noise.js";
import type { Place } from "./shapes.js";
import { Limb } from "./shapes.js";
import { shellOutline, shellPlates } from "./turtle-shell.js";

/** The colours of an animal. */
export interface Coat {
  readonly shellDark: Readonly<Color>;
  readonly shellLight: Readonly<Color>;
  readonly skinDark: Readonly<Color>;
  readonly skinLight: Readonly<Color>;
}

const coat = (shellDark: string, shellLight: string, skinDark: string, skinLight: string): Coat => ({
  shellDark: tone(shellDark),
  shellLight: tone(shellLight),
  skinDark: tone(skinDark),
  skinLight: tone(skinLight),
});

/** Green turtle, hawksbill, olive ridley, loggerhead. */
export const coats: readonly Coat[] = [
  coat("#34301c", "#8f7f45", "#4b4a35", "#c9c08f"),
  coat("#3a2010", "#c08435", "#4a3521", "#d9bd83"),
  coat("#353a2a", "#7f8462", "#55594a", "#a9ab90"),
  coat("#4a2614", "#a4623a", "#6d4f33", "#d4b27c"),
];

export interface TurtleOptions {
  readonly label: number;
  readonly place: Place;
  readonly coat: Coat;
  readonly light: Light;
  /** Water makes it glisten; dry sand sticks to its shell. */
  readonly dust: Readonly<Color> | undefined;
  /** Height over the ground in units of the shell's half length. */
  readonly lift: number;
}

/** A sea turtle seen from above; one unit is half the length of its shell. */
export function turtle(options: TurtleOptions, random: Random): Thing {
  const { label, place, light, dust } = options;
  const { shellDark, shellLight, skinDark, skinLight } = options.coat;
  const limbs = stretch(random);
  const plates = shellPlates(random);
  const scales = cells(Math.floor(random() * 2 ** 31));
  const grain = roughness(Math.floor(random() * 2 ** 31), 3);
  const sand = roughness(Math.floor(random() * 2 ** 31), 4);
  const cell: Cell = { first: 0, second: 0, own: 0 };
  const [lu, lv] = [
    light.x * place.turn(1, 0)[0] + light.y * place.turn(1, 0)[1],
    light.x * place.turn(0, 1)[0] + light.y * place.turn(0, 1)[1],
  ];
  const skinAt = (u: number, v: number, limit = Infinity): number => {
    let nearest = limit;
    for (const limb of limbs) nearest = Math.min(nearest, limb.distance(u, v, nearest));
    return nearest;
  };
  /** Lights a surface that leans by (nu, nv). */
  const lit = (out: Color, nu: number, nv: number, gloss: number): void => {
    const up = Math.sqrt(Math.max(0.05, 1 - nu * nu - nv * nv));
    const facing = nu * lu + nv * lv + up * light.down;
    scale(out, 0.38 + 0.8 * Math.max(0, facing));
    const shine = gloss * Math.max(0, facing * 1.02 - 0.02) ** 26;
    for (let c = 0; c < 3; c++) out[c] = out[c]! + shine;
  };

  const paintShell = (u: number, v: number, rim: number, out: Color): void => {
    const plate = plates(u, v);
    const grained = 0.5 + 0.5 * grain(u * 9, v * 9);
    const share = clamp(0.95 * plate.rays + 0.2 * grained + 0.35 * (plate.own - 0.5) - 0.1);
    blend(set(out, shellDark), shellLight, share);
    // Dark seams between the plates, pale edge of the shell.
    scale(out, mix(0.22, 1, step(0.01, 0.06, plate.edge)));
    blend(out, skinLight, 0.55 * step(-0.075, -0.01, rim));
    const slope = 0.8 * Math.sqrt(u * u + v * v);
    const bump = 0.22 * step(0.12, 0.02, plate.edge);
    lit(out, u * slope + bump * plate.towardsU, v * slope * 1.25 + bump * plate.towardsV, dust ? 0.06 : 0.35);
    if (dust !== undefined) {
      const covered = step(0.1, 0.75, sand(u * 2.2 + 7, v * 2.2) + 0.35 * (Math.abs(v) + Math.abs(u)) - 0.15);
      blend(out, dust, 0.7 * covered * (0.8 + 0.2 * grained));
    }
  };
  const paintSkin = (u: number, v: number, inside: number, shell: number, out: Color): void => {
    scales(u * 8.5, v * 8.5, cell);
    const own = cell.own;
    const border = step(0.3, 0.06, cell.second - cell.first);
    blend(set(out, skinDark), skinLight, clamp(0.18 * own + 0.78 * border + 0.15 * grain(u * 5, v * 5)));
    const e = 0.03;
    const nu = (skinAt(u + e, v) - inside) / e;
    const nv = (skinAt(u, v + e) - inside) / e;
    const lean = 0.85 * step(0.13, 0, -inside);
    lit(out, nu * lean, nv * lean, dust ? 0.05 : 0.2);
    // The shell shades what comes out below it.
    scale(out, mix(0.45, 1, step(0, 0.2, shell)));
    if (dust !== undefined) blend(out, dust, 0.5 * step(0, 0.6, sand(u * 3, v * 3)));
    for (const side of [-1, 1]) {
      const eye = Math.hypot(u - 1.36, v - side * 0.135);
      if (eye < 0.06) scale(out, 0.12);
    }
  };

  return {
    label,
    box: place.box(2.05),
    height: options.lift * place.size,
    distance: (x, y) => {
      const [u, v] = [place.u(x, y), place.v(x, y)];
      const shell = shellOutline(u, v);
      return place.size * (shell < 0 ? shell : skinAt(u, v, shell));
    },
    paint: (x, y, out) => {
      const [u, v] = [place.u(x, y), place.v(x, y)];
      const rim = shellOutline(u, v);
      if (rim < 0) paintShell(u, v, rim, out);
      else paintSkin(u, v, skinAt(u, v), rim, out);
    },
  };
}

/** Head, flippers and tail in one of many poses. */
function stretch(random: Random): readonly Limb[] {
  const beat = random();
  const turn = 0.3 * (random() - 0.5);
  const limbs = [
    new Limb([0.85, 0], [1.1, 0.3 * turn], [1.33, turn], [0.24, 0.2, 0.17]),
    new Limb([-0.9, 0], [-1.05, 0], [-1.2, -0.2 * turn], [0.09, 0.06, 0.02], 3),
  ];
  for (const side of [-1, 1]) {
    const sweep = beat + 0.35 * (random() - 0.5);
    const tip: Point = [mix(1.15, -0.35, sweep), side * mix(1.25, 1.62, Math.sin(Math.PI * clamp(sweep, 0.1, 0.9)))];
    limbs.push(new Limb([0.62, side * 0.5], [mix(1.05, 0.85, sweep), side * 1.12], tip, [0.15, 0.22, 0.045], 9));
    const kick = random();
    const foot: Point = [mix(-1.3, -1.05, kick), side * mix(0.55, 1, kick)];
    limbs.push(new Limb([-0.7, side * 0.42], [-1.02, side * 0.58], foot, [0.12, 0.16, 0.07], 6));
  }
  return limbs;
}

type Point = readonly [u: number, v: number];

function set(out: Color, color: Readonly<Color>): Color {
  [out[0], out[1], out[2]] = color;
  return out;
}
