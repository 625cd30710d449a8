import type { Random } from "../../core/random.js";

/** A smooth random field: values from -1 to 1 on a coarse grid, curves between them. */
export class SmoothNoise {
  readonly #grid: Float64Array;
  readonly #columns: number;

  /** `spacing` is the distance of the grid points in pixels. */
  constructor(
    width: number,
    height: number,
    private readonly spacing: number,
    random: Random,
  ) {
    this.#columns = Math.ceil(width / spacing) + 2;
    const rows = Math.ceil(height / spacing) + 2;
    this.#grid = Float64Array.from({ length: this.#columns * rows }, () => 2 * random() - 1);
  }

  /** The value at a pixel. */
  at(x: number, y: number): number {
    const gridX = x / this.spacing;
    const gridY = y / this.spacing;
    const column = Math.floor(gridX);
    const row = Math.floor(gridY);
    const across = ease(gridX - column);
    const down = ease(gridY - row);
    const grid = this.#grid;
    const upper = row * this.#columns + column;
    const lower = upper + this.#columns;
    const above = grid[upper]! + (grid[upper + 1]! - grid[upper]!) * across;
    const below = grid[lower]! + (grid[lower + 1]! - grid[lower]!) * across;
    return above + (below - above) * down;
  }
}

function ease(share: number): number {
  return share * share * (3 - 2 * share);
}
