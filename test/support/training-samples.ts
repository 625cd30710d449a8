import { encode } from "jpeg-js";
import { PNG } from "pngjs";
import { learner } from "../../src/local/learner/index.js";
import { ContainerError } from "../../src/local/contracts.js";
import type { TrainingRun, TrainingSample } from "../../src/local/contracts.js";
import { seededRandom } from "../../src/core/random.js";
import { encodeMask } from "../../src/masks.js";

/** A drawn picture with what is in it. */
export interface DrawnPicture {
  readonly width: number;
  readonly height: number;
  readonly rgba: Uint8Array;
  readonly indices: Uint8Array;
}

const colors = [
  [60, 130, 170],
  [200, 110, 60],
  [90, 160, 70],
] as const;

/** An orange disc (1) and a green square (2) on blue (0), with noise and light from one side. */
export function drawPicture(seed: number, width = 48, height = 32): DrawnPicture {
  const random = seededRandom(`picture ${seed}`);
  const radius = height * (0.2 + 0.1 * random());
  const disc = [width * (0.2 + 0.2 * random()), height * (0.35 + 0.3 * random())] as const;
  const square = [width * (0.65 + 0.15 * random()), height * (0.35 + 0.3 * random())] as const;
  const rgba = new Uint8Array(width * height * 4).fill(255);
  const indices = new Uint8Array(width * height);
  for (let at = 0; at < indices.length; at++) {
    const x = at % width;
    const y = Math.floor(at / width);
    if (Math.hypot(x - disc[0], y - disc[1]) < radius) indices[at] = 1;
    if (Math.abs(x - square[0]) < radius * 0.8 && Math.abs(y - square[1]) < radius * 0.8) indices[at] = 2;
    for (let channel = 0; channel < 3; channel++) {
      const value = colors[indices[at]!]![channel]! * (0.8 + (0.4 * x) / width) + 40 * (random() - 0.5);
      rgba[at * 4 + channel] = Math.max(0, Math.min(255, value));
    }
  }
  return { width, height, rgba, indices };
}

/** The picture as JPEG bytes. */
export function jpegOf({ width, height, rgba }: DrawnPicture): Uint8Array {
  return new Uint8Array(encode({ width, height, data: rgba }, 92).data);
}

/** The picture as PNG bytes, written by pngjs. */
export function pngOf({ width, height, rgba }: DrawnPicture): Uint8Array {
  const png = new PNG({ width, height });
  png.data.set(rgba);
  return new Uint8Array(PNG.sync.write(png));
}

/** An image of a channel with its annotation. */
export function sampleOf(seed: number, width?: number, height?: number): TrainingSample {
  const picture = drawPicture(seed, width, height);
  return { name: `shot-${seed}`, image: jpegOf(picture), mask: maskOf(picture) };
}

/** Gray PNG bytes of the true indices. */
export function maskOf({ width, height, indices }: DrawnPicture): Uint8Array {
  return encodeMask({ width, height, data: indices }, { kind: "gray" });
}

/** Log and metrics that a run told. */
export interface Told {
  readonly lines: string[];
  readonly metrics: { readonly name: string; readonly value: number; readonly epoch: number }[];
}

/** A run on six pictures with two for validation, two epochs, and a clock that goes on 100 ms with every look. */
export function trainingRun(changes: Partial<TrainingRun> = {}, more: Readonly<Record<string, string>> = {}) {
  const told: Told = { lines: [], metrics: [] };
  let time = Date.UTC(2024, 0, 28, 2, 19, 43);
  const run: TrainingRun = {
    train: [0, 1, 2, 3, 4, 5].map((seed) => sampleOf(seed)),
    validation: [10, 11].map((seed) => sampleOf(seed)),
    hyperparameters: { num_classes: "3", num_training_samples: "6", mini_batch_size: "2", epochs: "2", ...more },
    seed: 7,
    now: () => (time += 100),
    log: (line) => void told.lines.push(line),
    metric: (name, value, epoch) => void told.metrics.push({ name, value, epoch }),
    ...changes,
  };
  return { run, told };
}

/** How the container refuses a run, e.g. `ClientError: ...`. */
export async function refusalOfRun(run: TrainingRun): Promise<string> {
  return learner.train(run).then(
    () => "nothing was refused",
    (error: unknown) => (error instanceof ContainerError ? `${error.kind}: ${error.message}` : String(error)),
  );
}
