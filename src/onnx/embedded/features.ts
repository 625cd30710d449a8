import type { Value } from "../graph.js";
import { boxMeans, inner, sumInside, sumUp } from "./boxes.js";
import type { SummedPlanes } from "./boxes.js";
import type { Formula } from "./formula.js";
import type { WorkingPicture } from "./working-picture.js";

/** Ranges of light, red-green and yellow-blue: they divide values into about -1 to 1. */
const ranges = [765, 255, 510] as const;
/** Radii of the boxes that see the surroundings, as shares of the longer side. */
const contextShares = [1 / 40, 1 / 20, 1 / 10, 1 / 5] as const;
/** Width of the border, as a share of the side. */
const borderShare = 0.08;

/** Planes in the order in which they are summed up: three channels, their squares, edges. */
const planeAt = { light: 0, redGreen: 1, yellowBlue: 2, squares: 3, edges: 6 } as const;

/**
 * The numbers that describe each pixel to the embedded backend's network, version 1: colour, texture and place at
 * several scales. `[n, 56, height, width]`, doubles that were rounded to single precision.
 */
export function features(f: Formula, picture: WorkingPicture): Value {
  const { planes, height, width, longer } = picture;
  const color = (index: number): Value => f.gather(planes, f.graph.integers(index), 1);
  const [red, green, blue] = [color(0), color(1), color(2)];
  const light = f.add(f.add(red, green), blue);
  const channels = [light, f.sub(red, green), f.sub(f.add(red, green), f.mul(blue, 2))];
  const steep = edges(f, light, picture);
  const summed = sumUp(f, f.concat([...channels, ...channels.map((plane) => f.square(plane)), steep], 1), {
    height,
    width,
  });
  const one = f.graph.integer(1);
  const sideOf = f.toDouble(longer);
  const context = contextShares.map((share) => f.maxInt(f.toInt(f.round(f.mul(sideOf, share))), 3));
  const radii = [one, f.graph.integer(2), ...context];
  const border = borderStatistics(f, summed);
  const numbers = [
    ...ownColor(f, red, green, blue, steep),
    ...radii.flatMap((radius, scale) => surroundings(f, summed, radius, scale, border)),
    ...radii.slice(1).flatMap((radius) => slopes(f, summed, radius)),
  ];
  // What all pixels of a picture share, and what all pictures of a size share, is spread over the others' shape.
  const zero = f.mul(light, 0);
  const shared = [...wholePicture(f, summed, longer), ...places(f, height, width)].map((value) => f.add(zero, value));
  return f.rounded(f.concat([...numbers, ...shared], 1));
}

/** Steepness of light: the larger one of both directions. */
function edges(f: Formula, light: Value, { height, width }: WorkingPicture): Value {
  const along = (side: Value, axis: 2 | 3): Value => {
    const places = f.range(side);
    const next = f.minInt(f.addInt(places, 1), f.subInt(side, 1));
    const before = f.maxInt(f.subInt(places, 1), 0);
    return f.abs(f.sub(f.gather(light, next, axis), f.gather(light, before, axis)));
  };
  return f.max(along(width, 3), along(height, 2));
}

function ownColor(f: Formula, red: Value, green: Value, blue: Value, steep: Value): readonly Value[] {
  const [r, g, b] = [f.div(red, 255), f.div(green, 255), f.div(blue, 255)];
  const high = f.max(f.max(r, g), b);
  const low = f.min(f.min(r, g), b);
  // Black has no saturation: 0 divided by anything but 0.
  const divisor = f.where(f.less(f.number(0), high), high, f.number(1));
  return [r, g, b, f.div(f.sub(high, low), divisor), f.div(steep, ranges[0])];
}

/** Colour, texture and strangeness of the boxes of one radius. */
function surroundings(
  f: Formula,
  summed: SummedPlanes,
  radius: Value,
  scale: number,
  border: BorderStatistics,
): readonly Value[] {
  const means = boxMeans(f, summed, radius);
  const mean = (plane: number): Value => f.gather(means, f.graph.integers(plane), 1);
  const spread = (plane: 0 | 1 | 2): Value =>
    f.div(spreadOf(f, mean(planeAt.squares + plane), mean(plane)), ranges[plane]);
  return [
    f.div(mean(planeAt.light), ranges[0]),
    f.div(mean(planeAt.redGreen), ranges[1]),
    f.div(mean(planeAt.yellowBlue), ranges[2]),
    spread(planeAt.light),
    ...(scale >= 1 && scale <= 3 ? [f.div(mean(planeAt.edges), ranges[0])] : []),
    ...(scale === 2 || scale === 4 ? [spread(planeAt.redGreen), spread(planeAt.yellowBlue)] : []),
    ...(scale === 0 || scale === 3 || scale === 4 ? [unlike(f, f.gather(means, threeChannels(f), 1), border)] : []),
  ];
}

function threeChannels(f: Formula): Value {
  return f.graph.integers(planeAt.light, planeAt.redGreen, planeAt.yellowBlue);
}

/** Standard deviation from the mean of the squares and the mean. */
function spreadOf(f: Formula, squares: Value, mean: Value): Value {
  return f.sqrt(f.max(f.sub(squares, f.square(mean)), 0));
}

/** Colours along the border: `[n, 3, 1, 1]` each. */
interface BorderStatistics {
  readonly means: Value;
  readonly variances: Value;
}

function borderStatistics(f: Formula, summed: SummedPlanes): BorderStatistics {
  const { height, width } = summed;
  const across = frame(f, width);
  const down = frame(f, height);
  const all = sumInside(f, summed, 0, 0);
  const inside = sumInside(f, summed, across, down);
  const area = (columns: ReturnType<typeof inner>, rows: ReturnType<typeof inner>): Value =>
    f.mulInt(f.subInt(columns.to, columns.from), f.subInt(rows.to, rows.from));
  const pixels = f.subInt(f.mulInt(width, height), area(inner(f, width, across), inner(f, height, down)));
  const means = f.div(f.sub(all, inside), f.toDouble(pixels));
  const mean = f.gather(means, threeChannels(f), 1);
  const squares = f.gather(means, f.graph.integers(3, 4, 5), 1);
  const least = f.graph.doubles(
    [1, 3, 1, 1],
    ranges.map((range) => 1e-4 * range ** 2),
  );
  return { means: mean, variances: f.max(f.sub(squares, f.square(mean)), least) };
}

function frame(f: Formula, side: Value): Value {
  return f.maxInt(f.toInt(f.round(f.mul(f.toDouble(side), borderShare))), 1);
}

/** How unlike the border boxes are: 0 (the same) to 1. */
function unlike(f: Formula, means: Value, border: BorderStatistics): Value {
  const terms = f.div(f.square(f.sub(means, border.means)), border.variances);
  const term = (index: number): Value => f.gather(terms, f.graph.integers(index), 1);
  const distance = f.sqrt(f.div(f.add(f.add(term(0), term(1)), term(2)), 3));
  return f.div(distance, f.add(distance, 1));
}

/** Differences of light between neighbouring boxes. */
function slopes(f: Formula, summed: SummedPlanes, radius: Value): readonly Value[] {
  const light = { ...summed, sums: f.gather(summed.sums, f.graph.integers(planeAt.light), 1) };
  const step = f.addInt(radius, 1);
  const back = f.subInt(0, step);
  const across = f.sub(boxMeans(f, light, radius, { dx: step }), boxMeans(f, light, radius, { dx: back }));
  const down = f.sub(boxMeans(f, light, radius, { dy: step }), boxMeans(f, light, radius, { dy: back }));
  const steepness = f.sqrt(f.add(f.square(across), f.square(down)));
  return [f.div(steepness, ranges[0]), f.div(down, ranges[0])];
}

/** Colour and contrast of the whole picture, `[n, 1, 1, 1]` each. */
function wholePicture(f: Formula, summed: SummedPlanes, longer: Value): readonly Value[] {
  const corner = f.graph.integers(0);
  const everywhere = boxMeans(f, summed, longer);
  const means = f.gather(f.gather(everywhere, corner, 2), corner, 3);
  const mean = (plane: number): Value => f.gather(means, f.graph.integers(plane), 1);
  const light = mean(planeAt.light);
  return [
    f.div(light, ranges[0]),
    f.div(mean(planeAt.redGreen), ranges[1]),
    f.div(mean(planeAt.yellowBlue), ranges[2]),
    f.div(spreadOf(f, mean(planeAt.squares), light), ranges[0]),
  ];
}

/** How far sideways, how far down and how far from the centre a pixel is. */
function places(f: Formula, height: Value, width: Value): readonly Value[] {
  const along = (side: Value): Value =>
    f.sub(f.div(f.toDouble(f.addInt(f.mulInt(f.range(side), 2), 1)), f.toDouble(side)), 1);
  const sideways = f.abs(along(width));
  const down = f.unsqueeze(along(height), 1);
  return [sideways, down, f.sqrt(f.add(f.square(sideways), f.square(down)))];
}
