import type { TimeSlices } from "./time-slices.js";

/** Class probabilities of a picture, `[classes, height, width]`. */
export interface ProbabilityPlanes {
  readonly classes: number;
  readonly width: number;
  readonly height: number;
  readonly data: Float32Array;
}

/** Blurs every plane with a box: single odd pixels follow their surroundings, as larger networks have it anyway. */
export async function smooth(planes: ProbabilityPlanes, slices: TimeSlices): Promise<ProbabilityPlanes> {
  const { classes, width, height } = planes;
  const radius = Math.round(Math.max(width, height) / 160);
  if (radius === 0) return planes;
  const data = new Float32Array(planes.data.length);
  const turned = new Float32Array(width * height);
  for (let label = 0; label < classes; label++) {
    const plane = data.subarray(label * width * height, (label + 1) * width * height);
    plane.set(planes.data.subarray(label * width * height, (label + 1) * width * height));
    blurAndTurn(plane, width, height, radius, turned);
    blurAndTurn(turned, height, width, radius, plane);
    await slices.pause();
  }
  return { ...planes, data };
}

/** Blurs along the rows and writes the result with rows and columns exchanged, so that two calls blur both ways. */
function blurAndTurn(from: Float32Array, width: number, height: number, radius: number, to: Float32Array): void {
  for (let y = 0; y < height; y++) {
    const row = y * width;
    let sum = 0;
    for (let x = 0; x < Math.min(radius, width); x++) sum += from[row + x]!;
    for (let x = 0; x < width; x++) {
      if (x + radius < width) sum += from[row + x + radius]!;
      if (x > radius) sum -= from[row + x - radius - 1]!;
      const count = Math.min(width - 1, x + radius) - Math.max(0, x - radius) + 1;
      to[x * height + y] = Math.max(0, sum / count);
    }
  }
}

/** Enlarges every plane to the picture's full size (bilinear) and makes the classes of each pixel sum to 1. */
export async function enlarge(
  planes: ProbabilityPlanes,
  width: number,
  height: number,
  slices: TimeSlices,
): Promise<ProbabilityPlanes> {
  const { classes } = planes;
  const data =
    width === planes.width && height === planes.height ? planes.data : await stretch(planes, width, height, slices);
  const pixels = width * height;
  for (let start = 0; start < pixels; start += 16_384) {
    const end = Math.min(pixels, start + 16_384);
    for (let pixel = start; pixel < end; pixel++) {
      let sum = 0;
      for (let at = pixel; at < data.length; at += pixels) sum += data[at]!;
      for (let at = pixel; at < data.length; at += pixels) data[at] = sum > 0 ? data[at]! / sum : 1 / classes;
    }
    await slices.pause();
  }
  return { classes, width, height, data };
}

async function stretch(
  planes: ProbabilityPlanes,
  width: number,
  height: number,
  slices: TimeSlices,
): Promise<Float32Array> {
  const data = new Float32Array(planes.classes * width * height);
  const columns = Array.from({ length: width }, (_, x) => between(x, width, planes.width));
  for (let label = 0; label < planes.classes; label++) {
    const plane = label * planes.width * planes.height;
    for (let y = 0; y < height; y++) {
      const row = between(y, height, planes.height);
      const upper = plane + row.first * planes.width;
      const lower = plane + row.second * planes.width;
      const to = (label * height + y) * width;
      for (let x = 0; x < width; x++) {
        const { first, second, share } = columns[x]!;
        const above = planes.data[upper + first]! * (1 - share) + planes.data[upper + second]! * share;
        const below = planes.data[lower + first]! * (1 - share) + planes.data[lower + second]! * share;
        data[to + x] = above * (1 - row.share) + below * row.share;
      }
      if (y % 16 === 15) await slices.pause();
    }
  }
  return data;
}

/** The two samples around the centre of pixel `at`, and the share of the second. */
function between(at: number, length: number, samples: number): { first: number; second: number; share: number } {
  const place = Math.min(samples - 1, Math.max(0, ((at + 0.5) * samples) / length - 0.5));
  const first = Math.floor(place);
  return { first, second: Math.min(samples - 1, first + 1), share: place - first };
}
