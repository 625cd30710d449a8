import type { Box } from "./canvas.js";

/** Something's place on the ground: its own coordinates are `u` forward and `v` to the right, in units of its size. */
export class Place {
  readonly #cos: number;
  readonly #sin: number;

  constructor(
    readonly x: number,
    readonly y: number,
    /** Pixels of one unit. */
    readonly size: number,
    /** Where forward points, radians clockwise from the right. */
    readonly angle: number,
  ) {
    this.#cos = Math.cos(angle);
    this.#sin = Math.sin(angle);
  }

  u(x: number, y: number): number {
    return ((x - this.x) * this.#cos + (y - this.y) * this.#sin) / this.size;
  }

  v(x: number, y: number): number {
    return ((y - this.y) * this.#cos - (x - this.x) * this.#sin) / this.size;
  }

  /** A direction of its own as one on the ground. */
  turn(u: number, v: number): [x: number, y: number] {
    return [u * this.#cos - v * this.#sin, u * this.#sin + v * this.#cos];
  }

  /** The square around everything within `reach` units. */
  box(reach: number): Box {
    const pixels = reach * this.size;
    return { left: this.x - pixels, top: this.y - pixels, right: this.x + pixels, bottom: this.y + pixels };
  }
}

type Point = readonly [u: number, v: number];

/** A bent limb: a curve from one point over another to a third, thick as given at its start, middle and end. */
export class Limb {
  /** Along the curve: place and thickness of each point. */
  readonly #u: Float64Array;
  readonly #v: Float64Array;
  readonly #thick: Float64Array;
  /** Everything of it lies within `reach` of its middle point. */
  readonly #middle: number;
  readonly #reach: number;

  constructor(from: Point, over: Point, to: Point, thick: readonly [number, number, number], pieces = 8) {
    const curve = (axis: 0 | 1) =>
      Float64Array.from({ length: pieces + 1 }, (_, at) => {
        const t = at / pieces;
        return (1 - t) * (1 - t) * from[axis] + 2 * t * (1 - t) * over[axis] + t * t * to[axis];
      });
    this.#u = curve(0);
    this.#v = curve(1);
    this.#thick = Float64Array.from({ length: pieces + 1 }, (_, at) => {
      const t = at / pieces;
      // The curve through all three values.
      return thick[0] * (1 - t) * (1 - 2 * t) + thick[1] * 4 * t * (1 - t) + thick[2] * t * (2 * t - 1);
    });
    this.#middle = pieces >> 1;
    const [mu, mv] = [this.#u[this.#middle]!, this.#v[this.#middle]!];
    this.#reach = Math.max(...this.#thick.map((own, at) => own + Math.hypot(this.#u[at]! - mu, this.#v[at]! - mv)));
  }

  /** Distance to the limb's skin in its units, negative inside; of limbs farther than `limit` something above it. */
  distance(u: number, v: number, limit = Infinity): number {
    const us = this.#u;
    const vs = this.#v;
    const thick = this.#thick;
    const mu = u - us[this.#middle]!;
    const mv = v - vs[this.#middle]!;
    const least = Math.sqrt(mu * mu + mv * mv) - this.#reach;
    if (least > limit) return least;
    let nearest = Infinity;
    for (let at = 1; at < us.length; at++) {
      const du = us[at]! - us[at - 1]!;
      const dv = vs[at]! - vs[at - 1]!;
      const fu = u - us[at - 1]!;
      const fv = v - vs[at - 1]!;
      const along = (fu * du + fv * dv) / (du * du + dv * dv);
      const share = along < 0 ? 0 : along > 1 ? 1 : along;
      const eu = fu - share * du;
      const ev = fv - share * dv;
      const distance = Math.sqrt(eu * eu + ev * ev) - thick[at - 1]! - share * (thick[at]! - thick[at - 1]!);
      if (distance < nearest) nearest = distance;
    }
    return nearest;
  }
}
