import { seededRandom } from "../../core/random.js";
import type { IndexMask } from "../../mask/mask.js";
import { fillFromNearest } from "./nearest-class.js";
import { SmoothNoise } from "./smooth-noise.js";
import { missSpecks } from "./specks.js";

/** What one worker is to paint. */
export interface AnnotationTask {
  /** The mask that the worker would paint without any mistake; 255 and other foreign indices are left to the worker. */
  readonly truth: IndexMask;
  /** Number of classes, background included. */
  readonly classes: number;
  readonly seed: number;
  /** Address of the image. */
  readonly image: string;
  /** 0 for the first worker. */
  readonly worker: number;
}

/** Agreement (mean IoU) with the truth that a worker takes care to reach, as far as a pixel's width allows. */
const care = 0.9;

/**
 * Paints the truth as a person does: with a wavering hand along the boundaries, and overlooking specks.
 *
 * The same task gives the same mask. Where objects are small the hand is steadier, as if the worker zoomed in.
 */
export function annotate({ truth, classes, seed, image, worker }: AnnotationTask): IndexMask {
  const { width, height } = truth;
  const data = fillFromNearest(truth.data, width, height, (index) => index < classes);
  const random = seededRandom(`${seed} ${image} ${worker}`);
  const seen = Uint8Array.from(data);
  missSpecks(seen, width, height, random);
  const waver = hand(width, height, random);
  for (let strength = 1; strength > 0.2; strength /= 2) {
    const painted = displace(seen, width, height, (x, y) => waver(x, y, strength));
    if (agreement(painted, data, classes) >= care) return { width, height, data: painted };
  }
  return { width, height, data: agreement(seen, data, classes) >= care ? seen : data };
}

/** Where a wavering hand lands: slow drift and faster trembling, in pixels. */
function hand(width: number, height: number, random: () => number) {
  const longer = Math.max(width, height);
  const layers = [
    { spacing: Math.max(6, longer / 10), reach: Math.max(1.5, longer / 70) },
    { spacing: Math.max(3, longer / 40), reach: Math.max(0.8, longer / 200) },
  ].map(({ spacing, reach }) => ({
    reach,
    across: new SmoothNoise(width, height, spacing, random),
    down: new SmoothNoise(width, height, spacing, random),
  }));
  return (x: number, y: number, strength: number): readonly [number, number] => {
    let toX = x;
    let toY = y;
    for (const { reach, across, down } of layers) {
      toX += strength * reach * across.at(x, y);
      toY += strength * reach * down.at(x, y);
    }
    return [toX, toY];
  };
}

function displace(
  data: Uint8Array,
  width: number,
  height: number,
  from: (x: number, y: number) => readonly [number, number],
): Uint8Array {
  const moved = new Uint8Array(data.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [fromX, fromY] = from(x, y);
      const column = Math.min(width - 1, Math.max(0, Math.round(fromX)));
      const row = Math.min(height - 1, Math.max(0, Math.round(fromY)));
      moved[y * width + x] = data[row * width + column]!;
    }
  }
  return moved;
}

/** Mean IoU of two masks over the classes that occur. */
function agreement(a: Uint8Array, b: Uint8Array, classes: number): number {
  const both = new Float64Array(classes);
  const either = new Float64Array(classes);
  for (let pixel = 0; pixel < a.length; pixel++) {
    const first = a[pixel]!;
    const second = b[pixel]!;
    either[first] = either[first]! + 1;
    if (first === second) both[first] = both[first]! + 1;
    else either[second] = either[second]! + 1;
  }
  let sum = 0;
  let present = 0;
  for (let index = 0; index < classes; index++) {
    if (either[index] === 0) continue;
    sum += both[index]! / either[index]!;
    present++;
  }
  return present === 0 ? 1 : sum / present;
}
