import { clamp, mix } from "./noise.js";

/** Linear light, 0 to 1 and above. */
export type Color = [red: number, green: number, blue: number];

/** A colour as it looks on a screen, `#rrggbb`, as linear light. */
export function tone(hex: string): Color {
  const value = Number.parseInt(hex.slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255].map((byte) => (byte / 255) ** 2.2) as Color;
}

/** Mixes `to` into `color`. */
export function blend(color: Color, to: Readonly<Color>, share: number): Color {
  for (let c = 0; c < 3; c++) color[c] = mix(color[c]!, to[c]!, share);
  return color;
}

/** Brightens or darkens. */
export function scale(color: Color, factor: number): Color {
  for (let c = 0; c < 3; c++) color[c] = color[c]! * factor;
  return color;
}

/** A part of the plane, in pixels. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** Something that lies on the ground. */
export interface Thing {
  /** Class index. */
  readonly label: number;
  /** Everything of it is in here. */
  readonly box: Box;
  /** Height over the ground in pixels: how far its shadow reaches. */
  readonly height: number;
  /** Distance to its outline in pixels, negative inside. */
  distance(x: number, y: number): number;
  /** Writes its colour at a point. */
  paint(x: number, y: number, out: Color): void;
}

/** Where the light comes from: a unit vector; `down` is the part that falls straight down. */
export interface Light {
  readonly x: number;
  readonly y: number;
  readonly down: number;
}

/** How water changes what lies in it. */
export interface Medium {
  /** Where light that is seen at a point comes from. */
  bend(x: number, y: number): readonly [x: number, y: number];
  /** Changes the colour of something that reaches `height` pixels up from the ground at a point. */
  tint(x: number, y: number, color: Color, height: number): void;
}

/** A picture in the making, with the class of every pixel. */
export class Canvas {
  readonly light: Float32Array;
  readonly labels: Uint8Array;

  constructor(
    readonly width: number,
    readonly height: number,
  ) {
    this.light = new Float32Array(width * height * 3);
    this.labels = new Uint8Array(width * height);
  }

  /** Paints every pixel. */
  fill(paint: (x: number, y: number, out: Color) => void): void {
    const color: Color = [0, 0, 0];
    for (let y = 0, at = 0; y < this.height; y++) {
      for (let x = 0; x < this.width; x++, at += 3) {
        color[0] = this.light[at]!;
        color[1] = this.light[at + 1]!;
        color[2] = this.light[at + 2]!;
        paint(x, y, color);
        this.light[at] = color[0];
        this.light[at + 1] = color[1];
        this.light[at + 2] = color[2];
      }
    }
  }

  /** Puts a thing on the ground, with its shadow. */
  place(thing: Thing, light: Light, medium?: Medium): void {
    const { height } = thing;
    const [sx, sy] = [(-light.x / light.down) * height, (-light.y / light.down) * height];
    const soft = 1.5 + 0.35 * height;
    this.#shade(thing, sx, sy, soft, medium === undefined ? 0.55 : 0.45);
    if (medium === undefined) this.#shade(thing, 0.15 * sx, 0.15 * sy, 2.5, 0.35);
    this.#paint(thing, medium);
  }

  #shade(thing: Thing, dx: number, dy: number, soft: number, strength: number): void {
    const box = this.#within(thing.box, Math.ceil(Math.max(Math.abs(dx), Math.abs(dy)) + soft));
    for (let y = box.top; y < box.bottom; y++) {
      for (let x = box.left; x < box.right; x++) {
        const distance = thing.distance(x + 0.5 - dx, y + 0.5 - dy);
        if (distance >= soft) continue;
        const share = strength * clamp((soft - distance) / (2 * soft));
        const at = (y * this.width + x) * 3;
        // The sky still shines into the shadow, and the sky is blue.
        this.light[at] = this.light[at]! * (1 - share);
        this.light[at + 1] = this.light[at + 1]! * (1 - 0.95 * share);
        this.light[at + 2] = this.light[at + 2]! * (1 - 0.86 * share);
      }
    }
  }

  /** Paints with four looks at each pixel, so that outlines and fine texture are smooth. */
  #paint(thing: Thing, medium: Medium | undefined): void {
    const box = this.#within(thing.box, medium === undefined ? 1 : 4);
    const color: Color = [0, 0, 0];
    const sum: Color = [0, 0, 0];
    for (let y = box.top; y < box.bottom; y++) {
      for (let x = box.left; x < box.right; x++) {
        const [px, py] = medium === undefined ? [x + 0.5, y + 0.5] : medium.bend(x + 0.5, y + 0.5);
        const middle = thing.distance(px, py);
        if (middle >= 1.2) continue;
        sum.fill(0);
        let covered = 0;
        for (let look = 0; look < 4; look++) {
          const [lx, ly] = [px - 0.25 + 0.5 * (look & 1), py - 0.25 + 0.5 * (look >> 1)];
          const share = middle < -1.2 ? 1 : clamp((0.35 - thing.distance(lx, ly)) / 0.7);
          if (share === 0) continue;
          thing.paint(lx, ly, color);
          for (let c = 0; c < 3; c++) sum[c] = sum[c]! + share * color[c]!;
          covered += share;
        }
        if (covered === 0) continue;
        scale(sum, 1 / covered);
        medium?.tint(x, y, sum, thing.height);
        const at = y * this.width + x;
        for (let c = 0; c < 3; c++) {
          this.light[at * 3 + c] = mix(this.light[at * 3 + c]!, sum[c]!, covered / 4);
        }
        if (covered >= 2) this.labels[at] = thing.label;
      }
    }
  }

  #within(box: Box, margin: number): Box {
    return {
      left: Math.max(0, Math.floor(box.left) - margin),
      top: Math.max(0, Math.floor(box.top) - margin),
      right: Math.min(this.width, Math.ceil(box.right) + margin),
      bottom: Math.min(this.height, Math.ceil(box.bottom) + margin),
    };
  }
}
