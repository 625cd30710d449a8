import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { inflateSync } from "node:zlib";
import type * as MasksModule from "../src/masks.js";
import type { Candidate } from "./measure.js";
import { here, later } from "./measure.js";
import type { NodePeers } from "./node-peers.js";
import type { PythonPeer } from "./python-peer.js";
import { sampleMask, sampleProbabilities } from "./sample-masks.js";

type Masks = typeof MasksModule;

/** What a path has to reach beside one candidate. */
export interface Limit {
  readonly peer: string;
  /** At least so many times faster than the peer, or at most so many times slower. */
  readonly kind: "faster" | "slower";
  readonly factor: number;
}

/** One path with its candidates, ours first. */
export interface Case {
  readonly path: string;
  readonly candidates: readonly Candidate[];
  readonly limits: readonly Limit[];
}

/** What the cases are made of. */
export interface Setting {
  readonly masks: Masks;
  readonly python: PythonPeer | undefined;
  readonly node: NodePeers;
  /** Where the files are written. */
  readonly work: string;
}

interface Size {
  readonly label: string;
  readonly width: number;
  readonly height: number;
}

const sizes = [
  { label: "1024²", width: 1024, height: 1024 },
  { label: "12 MP", width: 4096, height: 3072 },
] as const satisfies readonly Size[];

const names = ["background", ...Array.from({ length: 20 }, (_, n) => `class ${n + 1}`)];

/** All cases, one after another: files are made when their turn comes. */
export async function* allCases(setting: Setting): AsyncGenerator<Case> {
  for (const size of sizes) {
    const files = await writeFiles(setting, size);
    yield* decodeCases(setting, size, files);
    yield* encodeCases(setting, size, files);
  }
  yield probabilityCase(setting);
  yield confusionCase(setting);
}

interface Files {
  readonly indices: Uint8Array;
  readonly raw: string;
  readonly paths: Readonly<Record<"gray" | "palette" | "palette4" | "rgb" | "rgba" | "stored", string>>;
  readonly colors: readonly (readonly [number, number, number])[];
}

async function writeFiles({ masks, python, work }: Setting, { width, height }: Size): Promise<Files> {
  const indices = sampleMask(width, height, 7);
  const raw = join(work, `${width}.raw`);
  writeFileSync(raw, indices);
  const classes = masks.defineClasses(names);
  const colors = Array.from({ length: 256 }, (_, index): [number, number, number] => {
    const color = classes.colors[index];
    return color === undefined ? [224, 224, index === 255 ? 192 : 191] : [...color];
  });
  const path = (kind: string): string => join(work, `${width}-${kind}.png`);
  const paths = {
    gray: path("gray"),
    palette: path("palette"),
    palette4: path("palette4"),
    rgb: path("rgb"),
    rgba: path("rgba"),
    stored: path("stored"),
  };
  if (python === undefined) throw new Error("The files of the measurements are written by Pillow: Python is needed.");
  await python.ask({ op: "write-masks", file: raw, width, height, colors, paths });
  return { indices, raw, paths, colors };
}

const pillow = { peer: "Pillow", kind: "faster" } as const;

function* decodeCases({ masks, python, node }: Setting, { label, width, height }: Size, files: Files): Generator<Case> {
  const big = width > 2000;
  const kinds: readonly { readonly kind: keyof Files["paths"]; readonly limits: readonly Limit[] }[] = [
    {
      kind: "gray",
      limits: big
        ? [{ ...pillow, factor: 12 }, inflateLimit(2)]
        : [
            { ...pillow, factor: 5 },
            { peer: "pngjs", kind: "faster", factor: 30 },
            { peer: "@napi-rs/image", kind: "faster", factor: 1.5 },
          ],
    },
    {
      kind: "palette",
      limits: big ? [{ ...pillow, factor: 12 }, inflateLimit(2)] : [{ ...pillow, factor: 3.5 }, inflateLimit(1.2)],
    },
    { kind: "palette4", limits: [] },
    { kind: "stored", limits: big ? [{ ...pillow, factor: 4 }] : [] },
    { kind: "rgb", limits: [{ peer: "Pillow + look-up table", kind: "faster", factor: big ? 10 : 8 }] },
    { kind: "rgba", limits: big ? [] : [{ peer: "Pillow + look-up table", kind: "faster", factor: 8 }] },
  ];
  const out = new Uint8Array(width * height);
  for (const { kind, limits } of kinds) {
    const file = files.paths[kind];
    const png = new Uint8Array(readFileSync(file));
    const colored = kind === "rgb" || kind === "rgba";
    const colorMap = Object.fromEntries(
      [...new Set(files.indices)].map((index) => [masks.formatColor(files.colors[index]!), index]),
    );
    const options = colored ? { colorMap } : {};
    const candidates: Candidate[] = [
      here("ours", () => masks.decodeMask(png, options).data),
      here("ours, memory given", () => masks.decodeMask(png, { ...options, out }).data),
      here("inflate alone", () => inflateAlone(png), false),
      here("fresh memory alone", () => new Uint8Array(width * height).fill(1), false),
    ];
    if (python !== undefined) {
      const ask = (op: string, order: object = {}): Candidate["run"] => {
        return (reps) => python.ask({ op, file, reps, ...order });
      };
      if (colored)
        candidates.push({ name: "Pillow + look-up table", run: ask("pillow-colors", { colors: colorsFor(files) }) });
      else candidates.push({ name: "Pillow", run: ask("pillow-decode") });
      if (kind === "gray" || kind === "stored") candidates.push({ name: "OpenCV", run: ask("opencv-decode") });
    }
    candidates.push(...node.decoders(png, kind, colorMap));
    yield { path: `decode ${label} ${kind}`, candidates, limits };
  }
}

/** Only the colours that occur: Pillow's table gets the same ones. */
function colorsFor({ colors, indices }: Files): readonly (readonly number[])[] {
  const used = new Set(indices);
  return colors.map((color, index) => (used.has(index) ? color : ([1, 2, 3] as const)));
}

function inflateLimit(factor: number): Limit {
  return { peer: "inflate alone", kind: "slower", factor };
}

/** The least that any reader over zlib does: the inflated bytes, in memory of exactly their size. */
function inflateAlone(png: Uint8Array): Uint8Array {
  const view = new DataView(png.buffer, png.byteOffset, png.byteLength);
  const parts: Uint8Array[] = [];
  for (let at = 8; at < png.length; at += 12 + view.getUint32(at)) {
    if (view.getUint32(at + 4) === 0x49444154) parts.push(png.subarray(at + 8, at + 8 + view.getUint32(at)));
  }
  const [width, height] = [view.getUint32(16), view.getUint32(20)];
  const channels = { 0: 1, 2: 3, 3: 1, 6: 4 }[png[25]!] ?? 1;
  const size = height * (1 + Math.ceil((width * channels * png[24]!) / 8));
  return inflateSync(parts.length === 1 ? parts[0]! : Buffer.concat(parts), { chunkSize: size + 1 });
}

function* encodeCases({ masks, python, node }: Setting, { label, width, height }: Size, files: Files): Generator<Case> {
  const mask = { width, height, data: files.indices };
  const big = width > 2000;
  const order = { file: files.raw, width, height, palette: files.colors.flat() };
  for (const kind of ["gray", "palette"] as const) {
    for (const compression of ["stored", "fast"] as const) {
      const level = compression === "stored" ? 0 : 6;
      const candidates: Candidate[] = [
        here(
          "ours",
          () => masks.encodeMask(mask, { kind, compression, ...(kind === "palette" ? { colors: files.colors } : {}) }),
          false,
        ),
      ];
      if (python !== undefined) {
        const ask =
          (op: string): Candidate["run"] =>
          async (reps) => {
            const { ns, bytes } = await python.ask({ op, kind, level, reps, ...order });
            return { ns, bytes };
          };
        candidates.push({ name: "Pillow", run: ask("pillow-encode") });
        if (kind === "gray") candidates.push({ name: "OpenCV", run: ask("opencv-encode") });
      }
      candidates.push(...node.encoders(mask, kind, level));
      yield {
        path: `encode ${label} ${kind} ${compression}`,
        candidates,
        limits: big ? [] : [{ ...pillow, factor: 9 }],
      };
    }
  }
}

function probabilityCase({ masks, python, work }: Setting): Case {
  const [count, width, height] = [21, 512, 512];
  const data = sampleProbabilities(sampleMask(width, height, 3, count), count, 5);
  const body = masks.encodeProbabilities({ shape: [count, height, width], data });
  const file = join(work, "probabilities.bin");
  writeFileSync(file, body);
  const classes = masks.defineClasses(names);
  const copy = new Uint8Array(body.length);
  const chunks = Array.from({ length: Math.ceil(body.length / 65_536) }, (_, n) =>
    body.subarray(n * 65_536, (n + 1) * 65_536),
  );
  const candidates: Candidate[] = [
    here("ours", () => masks.decodeProbabilities(body, { classes }).argmax().data),
    later("ours, as it arrives", async () => (await masks.maskFromProbabilityStream(chunks, { classes })).data),
    here("memcpy, memory reused", () => {
      copy.set(body);
      return undefined;
    }),
  ];
  const order = { file, shape: [count, height, width] };
  if (python !== undefined) {
    candidates.push({
      name: "the notebook's way",
      run: (reps) => python.ask({ op: "notebook-argmax", reps, ...order }),
    });
    candidates.push({
      name: "NumPy without protobuf",
      run: (reps) => python.ask({ op: "lean-argmax", reps, ...order }),
    });
  }
  return {
    path: "probabilities 21×512×512 to mask",
    candidates,
    limits: [
      { peer: "the notebook's way", kind: "faster", factor: 100 },
      { peer: "memcpy, memory reused", kind: "slower", factor: 2.5 },
    ],
  };
}

function confusionCase({ masks, python, work }: Setting): Case {
  const { width, height } = sizes[1];
  const truth = sampleMask(width, height, 7);
  // A prediction that is a pixel or two beside the truth at every border, and never undecided.
  const found = truth.map((_, at) => {
    const index = truth[at + 2 * width + 1] ?? 0;
    return index === 255 ? 0 : index;
  });
  const [truthFile, foundFile] = [join(work, "truth.raw"), join(work, "found.raw")];
  writeFileSync(truthFile, truth);
  writeFileSync(foundFile, found);
  const classes = masks.defineClasses(names);
  const candidates: Candidate[] = [
    later("ours", () => {
      const matrix = masks.createConfusionMatrix(classes);
      matrix.add(masks.createMask(width, height, truth, classes), masks.createMask(width, height, found, classes));
      return Promise.resolve(undefined);
    }),
  ];
  if (python !== undefined) {
    const order = { op: "bincount", truth: truthFile, found: foundFile, classes: 21 };
    candidates.push({
      name: "numpy.bincount",
      run: async (reps) => ({ ns: (await python.ask({ ...order, reps })).ns }),
    });
  }
  return {
    path: "confusion matrix 12 MP",
    candidates,
    limits: [{ peer: "numpy.bincount", kind: "faster", factor: 4 }],
  };
}
