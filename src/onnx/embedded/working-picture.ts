import type { Value } from "../graph.js";
import { cumulated } from "./boxes.js";
import type { PlaneSize } from "./boxes.js";
import type { Formula } from "./formula.js";

/** The picture as it is looked at: `[n, 3, height, width]`, doubles that are whole numbers of 0 to 255. */
export interface WorkingPicture extends PlaneSize {
  readonly planes: Value;
  /** The longer side, a whole number without dimensions. */
  readonly longer: Value;
}

/** Sides of the input `[n, height, width, 3]`. */
export function pictureSize(f: Formula, image: Value): PlaneSize {
  const shape = f.node("Shape", [image]);
  return { height: f.gather(shape, f.graph.integer(1), 0), width: f.gather(shape, f.graph.integer(2), 0) };
}

/** Shrinks pictures whose longer side is above the limit; each new pixel is the mean of those that it covers. */
export function workingPicture(f: Formula, image: Value, size: PlaneSize, longSide: number): WorkingPicture {
  const longer = f.maxInt(size.height, size.width);
  const height = workingSide(f, size.height, longer, longSide);
  const width = workingSide(f, size.width, longer, longSide);
  const planes = f.node("Transpose", [f.toDouble(image)], { perm: { ints: [0, 3, 1, 2] } });
  const rows = covered(f, size.height, height);
  const columns = covered(f, size.width, width);
  const bands = difference(f, cumulated(f, planes, 2), rows, 2);
  const sums = difference(f, cumulated(f, bands, 3), columns, 3);
  const count = f.mul(
    f.unsqueeze(f.toDouble(f.subInt(rows.to, rows.from)), 1),
    f.toDouble(f.subInt(columns.to, columns.from)),
  );
  return { planes: f.round(f.div(sums, count)), height, width, longer: f.maxInt(height, width) };
}

/** Never larger than it is; else in proportion, rounded, at least 1. */
function workingSide(f: Formula, side: Value, longer: Value, longSide: number): Value {
  const doubled = f.mulInt(longer, 2);
  const fitting = f.divInt(f.addInt(f.mulInt(side, 2 * longSide), longer), doubled);
  const fits = f.less(f.graph.integer(longSide), longer);
  return f.where(fits, f.maxInt(fitting, 1), side);
}

interface Covered {
  readonly from: Value;
  readonly to: Value;
}

/** Which whole pixels each new one covers: from i * side / count rounded down to (i + 1) * side / count rounded down. */
function covered(f: Formula, side: Value, count: Value): Covered {
  const places = f.range(count);
  const from = f.divInt(f.mulInt(places, side), count);
  const next = f.divInt(f.mulInt(f.addInt(places, 1), side), count);
  return { from, to: f.maxInt(f.addInt(from, 1), next) };
}

function difference(f: Formula, sums: Value, { from, to }: Covered, axis: 2 | 3): Value {
  return f.sub(f.gather(sums, to, axis), f.gather(sums, from, axis));
}
