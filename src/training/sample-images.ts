import { sniffImage } from "../codec/sniff-image.js";
import { mapConcurrently } from "../core/concurrency.js";
import { SegmentationError } from "../core/errors.js";
import type { ObjectStore } from "../core/object-store.js";
import { decodeMask } from "../mask/decode-mask.js";
import type { ChannelFiles, Pair } from "./channel-files.js";
import type { TrainingFinding } from "./finding.js";

/** What the images are held against. */
export interface InspectPairs {
  /** Pairs to open, spread evenly. */
  readonly samples: number;
  readonly classes: number;
  readonly cropSize: number;
  readonly baseSize: number;
  readonly algorithm: string;
  /** Whether whole images are scored in validation. */
  readonly wholeImages: boolean;
  readonly labelMap: ((pixel: number) => number | undefined) | undefined;
  readonly signal: AbortSignal | undefined;
}

/** Enough for the header of all but exotic JPEG files. */
const headBytes = 512 * 1024;
const atATime = 8;
const ignored = 255;

type Size = readonly [width: number, height: number];

/** What is wrong with pairs, gathered: each rule is one finding, with its first example. */
class Tally {
  readonly #found = new Map<string, { readonly finding: TrainingFinding; count: number }>();

  add(finding: TrainingFinding): void {
    const entry = this.#found.get(finding.code);
    if (entry === undefined) this.#found.set(finding.code, { finding, count: 1 });
    else entry.count++;
  }

  findings(opened: number): readonly TrainingFinding[] {
    return [...this.#found.values()].map(({ finding, count }) =>
      count === 1
        ? finding
        : { ...finding, message: `${finding.message} So it is with ${count} of the ${opened} that were opened.` },
    );
  }
}

/** Opens some images and masks of a set. */
export async function inspectPairs(
  store: ObjectStore,
  { set, pairs }: ChannelFiles,
  options: InspectPairs,
): Promise<readonly TrainingFinding[]> {
  const { samples, signal } = options;
  const step = Math.max(1, pairs.length / samples);
  const chosen = Array.from({ length: Math.min(samples, pairs.length) }, (_, at) => pairs[Math.floor(at * step)]!);
  const tally = new Tally();
  const sizes = await mapConcurrently(
    chosen,
    atATime,
    async (pair) => {
      const size = await inspectImage(store, pair.image, set, tally, signal);
      await inspectMask(store, pair, size, set, options, tally);
      return size;
    },
    signal,
  );
  return [
    ...tally.findings(chosen.length),
    ...sizeFindings(
      sizes.filter((size) => size !== undefined),
      set,
      options,
    ),
  ];
}

async function inspectImage(
  store: ObjectStore,
  uri: string,
  set: string,
  tally: Tally,
  signal: AbortSignal | undefined,
): Promise<Size | undefined> {
  const bytes = await readOrTell(store, uri, set, headBytes, tally, signal);
  if (bytes === undefined) return undefined;
  const { kind, description, width, height } = sniffImage(bytes);
  const common = { parameter: set, severity: "error" } as const;
  if (kind === "png") {
    tally.add({
      ...common,
      severity: "warning",
      code: "image.png",
      message: `${uri} is a PNG image; only JPEG is documented, and one public job with PNG images worked.`,
      remedy: "Convert the images to JPEG.",
    });
  } else if (kind !== "jpeg" || width === undefined || height === undefined) {
    tally.add({
      ...common,
      code: "image.kind",
      message: `${uri} is ${kind === "jpeg" ? "a damaged JPEG" : description}, not a JPEG image.`,
      remedy: "Convert it to JPEG, or take it out.",
    });
  }
  return width === undefined || height === undefined ? undefined : [width, height];
}

async function inspectMask(
  store: ObjectStore,
  { mask: uri }: Pair,
  size: Size | undefined,
  set: string,
  { classes, labelMap, signal }: InspectPairs,
  tally: Tally,
): Promise<void> {
  const parameter = `${set}_annotation`;
  const error = (code: string, message: string, remedy: string): void =>
    tally.add({ code, severity: "error", parameter, message, remedy });
  const bytes = await readOrTell(store, uri, parameter, undefined, tally, signal);
  if (bytes === undefined) return;
  let mask;
  try {
    mask = decodeMask(bytes);
  } catch (thrown) {
    if (!SegmentationError.is(thrown)) throw thrown;
    error("mask.unreadable", `${uri}: ${thrown.message}`, "Write masks as PNG with the class index in every pixel.");
    return;
  }
  if (size !== undefined && (mask.width !== size[0] || mask.height !== size[1])) {
    const message = `${uri} has ${mask.width} x ${mask.height} pixels, its image ${size[0]} x ${size[1]}.`;
    error("mask.size", message, "Give image and mask the same size.");
  }
  const present = new Uint8Array(256);
  for (const value of mask.data) present[value] = 1;
  for (let value = 0; value < 256; value++) {
    if (present[value] === 0 || (value === ignored && labelMap === undefined)) continue;
    const index = labelMap === undefined ? value : labelMap(value);
    // 255 with a label map, and values that it does not list: nobody knows what the container does.
    if (value === ignored && (index === undefined || index >= classes)) continue;
    if (index !== undefined && index < classes) continue;
    const what = index === undefined ? "which the label map does not list" : `class ${index}`;
    error(
      "mask.values",
      `${uri} has pixels of value ${value}, ${what}; num_classes is ${classes}.`,
      `Use 0 to ${classes - 1} and 255 (ignored), or write a label map.`,
    );
    return;
  }
}

/** The file, or nothing and a finding when there is none. */
async function readOrTell(
  store: ObjectStore,
  uri: string,
  parameter: string,
  bytes: number | undefined,
  tally: Tally,
  signal: AbortSignal | undefined,
): Promise<Uint8Array | undefined> {
  try {
    return await store.read(uri, {
      ...(bytes === undefined ? {} : { bytes }),
      ...(signal === undefined ? {} : { signal }),
    });
  } catch (error) {
    if (!SegmentationError.is(error, "aws.not-found") && !SegmentationError.is(error, "s3.uri")) throw error;
    const message = `There is no ${uri}.`;
    tally.add({ code: "data.missing", severity: "error", parameter, message, remedy: "Correct the manifest." });
    return undefined;
  }
}

/** What sizes of images say about the crop. */
function sizeFindings(sizes: readonly Size[], set: string, options: InspectPairs): readonly TrainingFinding[] {
  const { cropSize, baseSize, algorithm, wholeImages } = options;
  const found: TrainingFinding[] = [];
  if (sizes.length === 0) return found;
  const add = (code: string, message: string, remedy: string): void =>
    void found.push({ code, severity: "warning", parameter: "crop_size", message, remedy });
  // The algorithm rounds the crop up to a multiple of 8.
  const crop = Math.ceil(cropSize / 8) * 8;
  if (set === "train") {
    // Longer sides become base_size times 0.5 to 2; the shorter ones follow (algorithm page).
    const flat = Math.min(...sizes.map(([width, height]) => Math.min(width, height) / Math.max(width, height)));
    if (crop > 2 * baseSize * flat) {
      const message = `Crops of ${crop} pixels are larger than any image becomes: scaled to base_size ${baseSize}, shorter sides reach at most ${Math.floor(2 * baseSize * flat)}.`;
      add("crop.larger", message, "Lower crop_size or raise base_size.");
    }
    const longest = Math.max(...sizes.map(([width, height]) => Math.max(width, height)));
    if (longest < crop) {
      const message = `Crops of ${crop} pixels are larger than the images themselves (longest side ${longest}): details are made up by enlarging.`;
      add("crop.enlarged", message, "Lower crop_size towards the size of the images.");
    }
  }
  const other = sizes.find(([width, height]) => width !== crop || height !== crop);
  if (wholeImages && algorithm !== "fcn" && other !== undefined) {
    const message = `Whole images are scored (validation_mini_batch_size 1), ${other[0]} x ${other[1]} is not the crop of ${crop}: ${algorithm} was reported to fail so.`;
    add("validation.shape", message, "Set validation_mini_batch_size to 2 or more.");
  }
  return found;
}
