import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { encode } from "jpeg-js";
import { createMask, defineClasses } from "../../src/index.js";
import type { Mask, Session } from "../../src/index.js";
import { startLocal } from "../../src/local.js";
import type { LocalBackend } from "../../src/local.js";

export const sceneClasses = defineClasses(["background", "disc", "bar"]);
export type SceneNames = "background" | "disc" | "bar";
export const sceneInstructions = { short: "Paint discs and bars.", full: "<p>Paint discs and bars.</p>" };
export const sceneSize = { width: 48, height: 32 };

/** A red disc and a blue bar on green, with the true mask. */
export function scene(n: number): { readonly jpeg: Uint8Array; readonly truth: Mask<SceneNames> } {
  const { width, height } = sceneSize;
  const rgba = new Uint8Array(width * height * 4).fill(255);
  const truth = new Uint8Array(width * height);
  for (let at = 0; at < truth.length; at++) {
    const [x, y] = [at % width, Math.floor(at / width)];
    const index = Math.hypot(x - 14 - (n % 8), y - 16) < 9 ? 1 : x > 34 && y > 4 && y < 28 ? 2 : 0;
    truth[at] = index;
    const color = [
      [60, 150, 60],
      [200, 40, 40],
      [40, 60, 200],
    ][index]!;
    rgba.set(color, 4 * at);
  }
  return {
    jpeg: encode({ data: rgba, width, height }, 90).data,
    truth: createMask(width, height, truth, sceneClasses),
  };
}

/** A backend with a session on it and scenes in `s3://shapes/images/`. */
export interface SceneBackend {
  readonly local: LocalBackend;
  readonly session: Session;
  readonly team: string;
  /** Puts scenes with their truth; returns the images' addresses. */
  put(count: number, options?: { readonly truth?: boolean; readonly folder?: string }): Promise<readonly string[]>;
  /** Closes the backend and starts another on the same directory; gives a session on it. */
  restart(): Promise<Session>;
  end(): Promise<void>;
}

/** Starts a backend for labeling journeys. */
export async function startScenes(speed = 200): Promise<SceneBackend> {
  const directory = await mkdtemp(path.join(tmpdir(), "labeling-scenes-"));
  const start = () => startLocal({ directory, seed: 3, speed });
  let local = await start();
  const open = (): Session => local.session({ workspace: "s3://shapes/run-1", pollInterval: 10 });
  let session = open();
  return {
    get local() {
      return local;
    },
    get session() {
      return session;
    },
    async restart() {
      await local.close();
      local = await start();
      session = open();
      return session;
    },
    team: `arn:aws:sagemaker:${local.region}:${local.account}:workteam/private-crowd/painters`,
    async put(count, { truth = true, folder = "images" } = {}) {
      const uris: string[] = [];
      for (let n = 0; n < count; n++) {
        const made = scene(n);
        const uri = `s3://shapes/${folder}/shot-${n}.jpg`;
        await session.store.write(uri, made.jpeg);
        if (truth) await session.store.write(`s3://shapes/truth/shot-${n}.png`, made.truth.toPng());
        uris.push(uri);
      }
      return uris;
    },
    async end() {
      await local.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** All that an async iterable gives. */
export async function all<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const found: Item[] = [];
  for await (const item of items) found.push(item);
  return found;
}
