/** A value at every point of the plane. */
export type Field = (x: number, y: number) => number;

/** Hash of a grid point: 32 bits. */
function hash(x: number, y: number, seed: number): number {
  let h = Math.imul(x, 0x27d4eb2d) ^ Math.imul(y, 0x165667b1) ^ seed;
  h = Math.imul(h ^ (h >>> 15), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** Hash of a grid point as a number in [0, 1). */
export function speckle(x: number, y: number, seed: number): number {
  return hash(x, y, seed) / 4294967296;
}

const diagonal = Math.SQRT1_2;
const slopesX = Float64Array.of(1, diagonal, 0, -diagonal, -1, -diagonal, 0, diagonal);
const slopesY = Float64Array.of(0, diagonal, 1, diagonal, 0, -diagonal, -1, -diagonal);

/** Height of smooth hills and hollows (gradient noise) at a point. */
function hillAt(x: number, y: number, seed: number): number {
  const left = Math.floor(x);
  const top = Math.floor(y);
  const u = x - left;
  const v = y - top;
  const a = hash(left, top, seed) & 7;
  const b = hash(left + 1, top, seed) & 7;
  const c = hash(left, top + 1, seed) & 7;
  const d = hash(left + 1, top + 1, seed) & 7;
  const across = u * u * u * (u * (u * 6 - 15) + 10);
  const down = v * v * v * (v * (v * 6 - 15) + 10);
  const topLeft = slopesX[a]! * u + slopesY[a]! * v;
  const topRight = slopesX[b]! * (u - 1) + slopesY[b]! * v;
  const lowLeft = slopesX[c]! * u + slopesY[c]! * (v - 1);
  const lowRight = slopesX[d]! * (u - 1) + slopesY[d]! * (v - 1);
  const upper = topLeft + (topRight - topLeft) * across;
  return 1.6 * (upper + (lowLeft + (lowRight - lowLeft) * across - upper) * down);
}

/** Smooth hills and hollows, about -1 to 1; features are one unit wide. */
export function hills(seed: number): Field {
  return (x, y) => hillAt(x, y, seed);
}

/** Hills with smaller hills on them, about -1 to 1. */
export function roughness(seed: number, octaves: number): Field {
  const whole = 2 - 2 ** (1 - octaves);
  return (x, y) => {
    let sum = 0;
    let size = 1;
    let scale = 1;
    for (let octave = 0; octave < octaves; octave++) {
      sum += size * hillAt(x * scale, y * scale, seed + 101 * octave);
      size /= 2;
      // Not exactly two, so that the grids of the layers do not meet.
      scale *= 2.03;
    }
    return sum / whole;
  };
}

/** Works a field out once at every pixel of a picture, and a little around it; between them the nearest one counts. */
export function remember(field: Field, width: number, height: number): Field {
  const margin = 8;
  const columns = width + 2 * margin;
  const rows = height + 2 * margin;
  const values = new Float32Array(columns * rows);
  for (let row = 0, at = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++, at++) values[at] = field(column - margin, row - margin);
  }
  return (x, y) => {
    const column = clamp(Math.round(x) + margin, 0, columns - 1);
    const row = clamp(Math.round(y) + margin, 0, rows - 1);
    return values[row * columns + column]!;
  };
}

/** Where a point lies in a pattern of cells. */
export interface Cell {
  /** Distance to the cell's middle and to the next nearest middle, in units of the grid. */
  first: number;
  second: number;
  /** A number in [0, 1) that is the cell's own. */
  own: number;
}

/** Irregular cells (Worley noise) of about one unit, written into `out`. */
export function cells(seed: number): (x: number, y: number, out: Cell) => Cell {
  return (x, y, out) => {
    const column = Math.floor(x);
    const row = Math.floor(y);
    out.first = out.second = 9;
    for (let gy = row - 1; gy <= row + 1; gy++) {
      for (let gx = column - 1; gx <= column + 1; gx++) {
        const h = hash(gx, gy, seed);
        const dx = gx + 0.1 + ((h & 0xff) / 255) * 0.8 - x;
        const dy = gy + 0.1 + (((h >>> 8) & 0xff) / 255) * 0.8 - y;
        const distance = dx * dx + dy * dy;
        if (distance < out.first) {
          out.second = out.first;
          out.first = distance;
          out.own = (h >>> 16) / 65536;
        } else if (distance < out.second) out.second = distance;
      }
    }
    out.first = Math.sqrt(out.first);
    out.second = Math.sqrt(out.second);
    return out;
  };
}

export function mix(from: number, to: number, share: number): number {
  return from + (to - from) * share;
}

export function clamp(value: number, low = 0, high = 1): number {
  return value < low ? low : value > high ? high : value;
}

/** 0 below `low`, 1 above `high`, an S between; with `low` above `high` the other way round. */
export function step(low: number, high: number, value: number): number {
  const share = clamp((value - low) / (high - low));
  return share * share * (3 - 2 * share);
}
