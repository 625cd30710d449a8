import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { encode } from "jpeg-js";
import { createMask, defineClasses } from "../../src/index.js";
import type { Estimator, Mask, Session } from "../../src/index.js";
import { startLocal } from "../../src/local.js";
import type { LocalBackend } from "../../src/local.js";

/** Classes of the drawn scenes. */
export const shapeClasses = defineClasses(["background", "disc", "bar"]);
export type ShapeName = "background" | "disc" | "bar";

const width = 48;
const height = 32;
const colors = [
  [60, 150, 60, 255],
  [200, 40, 40, 255],
  [40, 60, 200, 255],
] as const;

/** A red disc and a blue bar on green, with the true mask; `n` moves the disc. */
export function shapeScene(n: number): { readonly jpeg: Uint8Array; readonly truth: Mask<ShapeName> } {
  const rgba = new Uint8Array(width * height * 4);
  const truth = new Uint8Array(width * height);
  for (let at = 0; at < truth.length; at++) {
    const [x, y] = [at % width, Math.floor(at / width)];
    const index = Math.hypot(x - 10 - n, y - 16) < 8 ? 1 : x > 36 && y > 4 && y < 28 ? 2 : 0;
    truth[at] = index;
    rgba.set(colors[index], 4 * at);
  }
  return {
    jpeg: encode({ data: rgba, width, height }, 90).data,
    truth: createMask(width, height, truth, shapeClasses),
  };
}

/** A running backend with the scenes in the channels of a training job. */
export interface ShapesBackend extends AsyncDisposable {
  readonly local: LocalBackend;
  readonly session: Session;
}

export const shapeChannels = {
  train: "s3://shapes/data/train/",
  train_annotation: "s3://shapes/data/train_annotation/",
  validation: "s3://shapes/data/validation/",
  validation_annotation: "s3://shapes/data/validation_annotation/",
};

/** Starts the backend in a new directory and fills the channels: 8 training images, 2 for validation. */
export async function startShapes(): Promise<ShapesBackend> {
  const directory = await mkdtemp(path.join(tmpdir(), "shapes-"));
  const local = await startLocal({ directory, seed: 7, speed: 50 });
  const session = local.session({ workspace: "s3://shapes/run-1", pollInterval: 10 });
  for (let n = 0; n < 10; n++) {
    const channel = n < 8 ? "train" : "validation";
    const { jpeg, truth } = shapeScene(n);
    await session.store.write(`${shapeChannels[channel]}shot-${n}.jpg`, jpeg);
    await session.store.write(`${shapeChannels[`${channel}_annotation`]}shot-${n}.png`, truth.toPng({ kind: "gray" }));
  }
  return {
    local,
    session,
    async [Symbol.asyncDispose]() {
      await local.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** An estimator on the scenes, ready to fit. */
export function shapeEstimator(session: Session, name: string, epochs = 4): Estimator<ShapeName, never> {
  return session
    .estimator(name)
    .channels(shapeChannels)
    .classes(shapeClasses)
    .instance("ml.p3.2xlarge")
    .hyperparameters({ num_training_samples: 8, mini_batch_size: 4, epochs, learning_rate: 0.01 });
}
