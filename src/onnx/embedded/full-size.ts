import type { Value } from "../graph.js";
import { stretchMeans } from "./boxes.js";
import type { PlaneSize } from "./boxes.js";
import type { Formula } from "./formula.js";
import type { WorkingPicture } from "./working-picture.js";

/** Blurs every plane with a box, along the rows and then along the columns; single precision in between. */
export function smooth(f: Formula, planes: Value, { height, width, longer }: WorkingPicture): Value {
  const radius = f.toInt(f.round(f.div(f.toDouble(longer), 160)));
  const pass = (values: Value, side: Value, axis: 2 | 3): Value =>
    f.toSingle(f.max(stretchMeans(f, f.toDouble(values), side, axis, radius), 0));
  return pass(pass(planes, width, 3), height, 2);
}

/** Enlarges the planes to the picture's size (bilinear, centres kept) and makes the classes of each pixel sum to 1. */
export function enlarge(f: Formula, planes: Value, from: PlaneSize, to: PlaneSize, classes: number): Value {
  const rows = between(f, to.height, from.height);
  const columns = between(f, to.width, from.width);
  const wide = blend(f, f.toDouble(planes), columns, 3);
  // Class by class: a whole picture of doubles for all classes would need much memory.
  const full = Array.from({ length: classes }, (_, index) =>
    f.toSingle(blend(f, f.gather(wide, f.graph.integers(index), 1), rows, 2)),
  );
  const sum = full.map((plane) => f.toDouble(plane)).reduce((total, plane) => f.add(total, plane));
  const positive = f.less(f.number(0), sum);
  const divisor = f.where(positive, sum, f.number(1));
  const even = f.toSingle(f.number(1 / classes));
  const shares = full.map((plane) => f.where(positive, f.toSingle(f.div(f.toDouble(plane), divisor)), even));
  return f.concat(shares, 1);
}

/** The two samples around the centre of each place, and the share of the second. */
interface Between {
  readonly first: Value;
  readonly second: Value;
  readonly share: Value;
}

function between(f: Formula, length: Value, samples: Value): Between {
  const last = f.subInt(samples, 1);
  const centre = f.mul(f.add(f.toDouble(f.range(length)), 0.5), f.toDouble(samples));
  const unbounded = f.sub(f.div(centre, f.toDouble(length)), 0.5);
  const place = f.min(f.max(unbounded, 0), f.toDouble(last));
  const whole = f.floor(place);
  const first = f.toInt(whole);
  return { first, second: f.minInt(f.addInt(first, 1), last), share: f.sub(place, whole) };
}

function blend(f: Formula, values: Value, { first, second, share }: Between, axis: 2 | 3): Value {
  const weight = axis === 3 ? share : f.unsqueeze(share, 1);
  return f.add(f.mul(f.gather(values, first, axis), f.sub(1, weight)), f.mul(f.gather(values, second, axis), weight));
}
