import type { Value } from "../graph.js";
import type { Formula, Term } from "./formula.js";

/** Sizes of a plane: whole numbers without dimensions. */
export interface PlaneSize {
  readonly height: Value;
  readonly width: Value;
}

/** Planes `[n, planes, height, width]` summed up, so that sums over any box take four look-ups. */
export interface SummedPlanes extends PlaneSize {
  /** `[n, planes, height + 1, width + 1]`. */
  readonly sums: Value;
}

/** From where to where the boxes around each place of a side reach, end excluded. */
interface Reach {
  readonly from: Value;
  readonly to: Value;
}

/** Sums planes of doubles up; whole numbers stay exact. */
export function sumUp(f: Formula, planes: Value, size: PlaneSize): SummedPlanes {
  return { ...size, sums: cumulated(f, cumulated(f, planes, 2), 3) };
}

/** The running sum along an axis, with a 0 before it. */
export function cumulated(f: Formula, values: Value, axis: 2 | 3): Value {
  const before = axis === 2 ? [0, 0, 1, 0] : [0, 0, 0, 1];
  const padded = f.node("Pad", [values, f.graph.integers(...before, 0, 0, 0, 0)], { mode: { text: "constant" } });
  return f.node("CumSum", [padded, f.graph.integer(axis)]);
}

/** Means over the part of the box of a radius around each pixel that lies inside; `dx`, `dy` move the box's centre. */
export function boxMeans(
  f: Formula,
  { sums, height, width }: SummedPlanes,
  radius: Term,
  { dx = 0, dy = 0 }: { readonly dx?: Term; readonly dy?: Term } = {},
): Value {
  const rows = reach(f, height, radius, dy);
  const columns = reach(f, width, radius, dx);
  const bands = f.sub(f.gather(sums, rows.to, 2), f.gather(sums, rows.from, 2));
  const boxes = f.sub(f.gather(bands, columns.to, 3), f.gather(bands, columns.from, 3));
  return f.div(boxes, f.mul(f.unsqueeze(length(f, rows), 1), length(f, columns)));
}

/** Means over stretches of one side only. */
export function stretchMeans(f: Formula, values: Value, side: Value, axis: 2 | 3, radius: Term): Value {
  const stretch = reach(f, side, radius, 0);
  const sums = cumulated(f, values, axis);
  const total = f.sub(f.gather(sums, stretch.to, axis), f.gather(sums, stretch.from, axis));
  const count = length(f, stretch);
  return f.div(total, axis === 3 ? count : f.unsqueeze(count, 1));
}

/** The centre itself is clamped into the plane. */
function reach(f: Formula, side: Value, radius: Term, offset: Term): Reach {
  const moved = offset === 0 ? f.range(side) : f.addInt(f.range(side), offset);
  const centre = f.maxInt(f.minInt(moved, f.subInt(side, 1)), 0);
  const from = f.maxInt(f.subInt(centre, radius), 0);
  return { from, to: f.minInt(f.addInt(f.addInt(centre, radius), 1), side) };
}

function length(f: Formula, { from, to }: Reach): Value {
  return f.toDouble(f.subInt(to, from));
}

/** Sums of whole planes, and of what is left when a frame is cut off: `[n, planes, 1, 1]` each. */
export function sumInside(f: Formula, { sums, height, width }: SummedPlanes, across: Term, down: Term): Value {
  const right = inner(f, width, across);
  const bottom = inner(f, height, down);
  const one = (index: Value): Value => f.node("Reshape", [index, f.graph.integers(1)]);
  const rows = f.sub(f.gather(sums, one(bottom.to), 2), f.gather(sums, one(bottom.from), 2));
  return f.sub(f.gather(rows, one(right.to), 3), f.gather(rows, one(right.from), 3));
}

/** What a frame leaves of a side; of a side that is all frame nothing. */
export function inner(f: Formula, side: Value, frame: Term): Reach {
  const from = typeof frame === "number" ? f.graph.integer(frame) : frame;
  return { from, to: f.maxInt(from, f.subInt(side, from)) };
}
