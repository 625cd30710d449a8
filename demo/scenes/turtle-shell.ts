import type { Random } from "../../src/core/random.js";
import { roughness } from "./noise.js";

/** Distance to the edge of a shell, about in units of its half length, negative inside; the front is blunt, the rear pointed. */
export function shellOutline(u: number, v: number): number {
  const outside = Math.max(Math.abs(u) - 1.1, Math.abs(v) - 0.8);
  // Far away the exact distance does not matter.
  if (outside > 0.1) return outside;
  const wide = Math.abs(v) / (u > 0 ? 0.8 : 0.8 - 0.1 * u * u);
  const long = Math.abs(u) / (u > 0 ? 0.98 : 1.1);
  const power = u > 0 ? 2.3 : 1.85;
  const r = (wide ** power + long ** power) ** (1 / power);
  return (r - 1) * 0.85;
}

/** The plate of a shell that a point lies on. */
export interface Plate {
  /** Distance to the next seam. */
  readonly edge: number;
  /** A number in [0, 1) that is the plate's own. */
  readonly own: number;
  /** Light rays that run over the plate from its rear corner, 0 to 1. */
  readonly rays: number;
  /** Direction from the plate's middle. */
  readonly towardsU: number;
  readonly towardsV: number;
}

/** The pattern of plates: five along the spine, four at each side of it, and small ones along the edge. */
export function shellPlates(random: Random): (u: number, v: number) => Plate {
  const jitter = (): number => 0.05 * (random() - 0.5);
  const middles: { readonly u: number; readonly v: number; readonly own: number }[] = [];
  const add = (u: number, v: number): void => {
    middles.push({ u: u + jitter(), v: v + jitter(), own: random() });
  };
  for (const u of [0.72, 0.37, -0.01, -0.38, -0.74]) add(u, 0);
  for (const side of [-1, 1]) {
    for (const [u, v] of [
      [0.56, 0.4],
      [0.2, 0.47],
      [-0.2, 0.46],
      [-0.56, 0.33],
    ] as const) {
      add(u, side * v);
    }
    for (let at = 0; at < 11; at++) {
      const angle = (side * Math.PI * (at + 0.5)) / 11;
      const u = Math.cos(angle);
      add(u * (u > 0 ? 0.97 : 1.1), Math.sin(angle) * 0.81);
    }
  }
  const streaks = roughness(Math.floor(random() * 2 ** 31), 3);
  return (u, v) => {
    let first = Infinity;
    let second = Infinity;
    let nearest = 0;
    for (let at = 0; at < middles.length; at++) {
      const middle = middles[at]!;
      const du = u - middle.u;
      const dv = v - middle.v;
      const distance = du * du + dv * dv;
      if (distance < first) {
        second = first;
        first = distance;
        nearest = at;
      } else if (distance < second) second = distance;
    }
    const middle = middles[nearest]!;
    const [du, dv] = [u - middle.u, v - middle.v];
    const angle = Math.atan2(dv, du + 0.16);
    const far = Math.sqrt(first);
    return {
      edge: Math.sqrt(second) - far,
      own: middle.own,
      rays: Math.min(1, Math.max(0, 0.5 + 1.15 * streaks(angle * 2.6 + nearest * 17, far * 1.5 + nearest * 5))),
      towardsU: far === 0 ? 0 : du / far,
      towardsV: far === 0 ? 0 : dv / far,
    };
  };
}
