/** Sums of a plane over any upright box in four look-ups. */
export class SummedArea {
  readonly #sums: Float64Array;
  readonly #stride: number;

  /** `valueAt` gives the plane's values by pixel number; whole numbers keep every sum exact. */
  constructor(
    readonly width: number,
    readonly height: number,
    valueAt: (pixel: number) => number,
  ) {
    const stride = width + 1;
    const sums = new Float64Array(stride * (height + 1));
    for (let y = 0; y < height; y++) {
      let row = 0;
      const base = (y + 1) * stride + 1;
      for (let x = 0; x < width; x++) {
        row += valueAt(y * width + x);
        sums[base + x] = sums[base - stride + x]! + row;
      }
    }
    this.#sums = sums;
    this.#stride = stride;
  }

  /** Sum over columns `left` to `right` and rows `top` to `bottom`, ends excluded, all inside the plane. */
  sum(left: number, top: number, right: number, bottom: number): number {
    const sums = this.#sums;
    const upper = top * this.#stride;
    const lower = bottom * this.#stride;
    return sums[lower + right]! - sums[lower + left]! - sums[upper + right]! + sums[upper + left]!;
  }

  /** Mean over the part of the box around (x, y) that lies inside; the centre itself is clamped into the plane. */
  mean(x: number, y: number, radius: number): number {
    const cx = x < 0 ? 0 : x >= this.width ? this.width - 1 : x;
    const cy = y < 0 ? 0 : y >= this.height ? this.height - 1 : y;
    const left = cx > radius ? cx - radius : 0;
    const top = cy > radius ? cy - radius : 0;
    const right = cx + radius + 1 < this.width ? cx + radius + 1 : this.width;
    const bottom = cy + radius + 1 < this.height ? cy + radius + 1 : this.height;
    return this.sum(left, top, right, bottom) / ((right - left) * (bottom - top));
  }
}
