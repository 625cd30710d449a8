import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Candidate } from "./measure.js";
import { here, later } from "./measure.js";

/** The readers and writers of npm beside which we measure. */
export interface NodePeers {
  readonly versions: Readonly<Record<string, string | undefined>>;
  decoders(png: Uint8Array, kind: string, colorMap: Readonly<Record<string, number>>): readonly Candidate[];
  encoders(mask: Grid, kind: "gray" | "palette", level: number): readonly Candidate[];
}

interface Grid {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

// What is used of the peers; they are installed in this folder only.
interface Pngjs {
  readonly PNG: {
    readonly sync: {
      read(data: Buffer): { readonly data: Buffer };
      write(image: object, options: object): Buffer;
    };
  };
}
interface FastPng {
  decode(
    data: Uint8Array,
    options: object,
  ): { readonly data: Uint8Array; readonly channels: number; readonly depth: number };
  encode(image: object, options: object): Uint8Array;
}
interface SharpImage {
  toColourspace(name: string): SharpImage;
  raw(): SharpImage;
  png(options: object): SharpImage;
  toBuffer(): Promise<Buffer>;
}
type Sharp = ((data: Uint8Array, options?: object) => SharpImage) & { concurrency(threads: number): void };
interface Napi {
  readonly Transformer: new (data: Uint8Array) => { rawPixelsSync(): Buffer };
}

/** Loads the peers that are installed in `bench/`. */
export async function loadNodePeers(folder: string): Promise<NodePeers> {
  const { resolve } = createRequire(join(folder, "package.json"));
  const versions: Record<string, string | undefined> = {};
  const load = async <Module>(name: string): Promise<Module | undefined> => {
    versions[name] = undefined;
    const about = join(folder, "node_modules", name, "package.json");
    if (!existsSync(about)) return undefined;
    const found = (await import(pathToFileURL(resolve(name)).href)) as Module;
    versions[name] = (JSON.parse(readFileSync(about, "utf8")) as { version: string }).version;
    return found;
  };
  const pngjs = await load<Pngjs>("pngjs");
  const fastPng = await load<FastPng>("fast-png");
  const sharp = (await load<{ readonly default: Sharp }>("sharp"))?.default;
  const napi = await load<Napi>("@napi-rs/image");
  sharp?.concurrency(2);

  return {
    versions,
    decoders(png, kind, colorMap) {
      const colored = kind === "rgb" || kind === "rgba";
      // Palettes: sharp and @napi-rs/image give colours, and indices are lost; pngjs gives RGBA, too.
      const gray = kind === "gray" || kind === "stored";
      const candidates: Candidate[] = [];
      const byColor = (data: Uint8Array, step: number): Uint8Array => mapColors(data, step, colorMap);
      if (pngjs !== undefined && (gray || colored)) {
        const buffer = Buffer.from(png);
        candidates.push(
          here("pngjs", () => {
            const { data } = pngjs.PNG.sync.read(buffer);
            return colored ? byColor(data, 4) : every(data, 4);
          }),
        );
      }
      if (fastPng !== undefined && kind !== "palette4") {
        candidates.push(
          here("fast-png", () => {
            const { data, channels } = fastPng.decode(png, { checkCrc: true });
            return colored ? byColor(data, channels) : data;
          }),
        );
      }
      if (sharp !== undefined && (gray || colored)) {
        candidates.push(
          later("sharp", async () => {
            const image = sharp(png, { ignoreIcc: true });
            const data = await (gray ? image.toColourspace("b-w") : image).raw().toBuffer();
            return colored ? byColor(data, kind === "rgb" ? 3 : 4) : data;
          }),
        );
      }
      if (napi !== undefined && (gray || colored)) {
        candidates.push(
          here("@napi-rs/image", () => {
            const data = new napi.Transformer(png).rawPixelsSync();
            return colored ? byColor(data, kind === "rgb" ? 3 : 4) : data;
          }),
        );
      }
      return candidates;
    },
    encoders({ width, height, data }, kind, level) {
      const candidates: Candidate[] = [];
      if (pngjs !== undefined && kind === "gray") {
        const options = { colorType: 0, inputColorType: 0, filterType: 0, deflateLevel: level };
        candidates.push(
          here("pngjs", () => pngjs.PNG.sync.write({ width, height, data: Buffer.from(data) }, options), false),
        );
      }
      if (fastPng !== undefined && kind === "gray") {
        const image = { width, height, data, channels: 1, depth: 8 };
        candidates.push(here("fast-png", () => fastPng.encode(image, { zlib: { level } }), false));
      }
      if (sharp !== undefined && kind === "gray") {
        const run = later("sharp", () =>
          sharp(data, { raw: { width, height, channels: 1 } })
            .toColourspace("b-w")
            .png({ compressionLevel: level })
            .toBuffer(),
        );
        candidates.push({ name: run.name, run: async (reps) => ({ ...(await run.run(reps)), digest: undefined }) });
      }
      return candidates;
    },
  };
}

function every(data: Uint8Array, step: number): Uint8Array {
  const values = new Uint8Array(data.length / step);
  for (let at = 0; at < values.length; at++) values[at] = data[at * step]!;
  return values;
}

/** A quick look-up by colour, remembering the last one. */
function mapColors(data: Uint8Array, step: number, colorMap: Readonly<Record<string, number>>): Uint8Array {
  const indices = new Map(Object.entries(colorMap).map(([color, index]) => [parseInt(color.slice(1), 16), index]));
  const values = new Uint8Array(data.length / step);
  let last = -1;
  let index = 0;
  for (let at = 0, from = 0; at < values.length; at++, from += step) {
    const color = (data[from]! << 16) | (data[from + 1]! << 8) | data[from + 2]!;
    if (color !== last) {
      index = indices.get(color) ?? 255;
      last = color;
    }
    values[at] = index;
  }
  return values;
}
