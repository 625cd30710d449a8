import { seededRandom, shuffle } from "../../core/random.js";
import { ContainerError } from "../contracts.js";
import type { TrainingRun, TrainingSample } from "../contracts.js";
import type { LogLines } from "./log-lines.js";
import { SampleCollector } from "./sample-collector.js";
import type { Normalisation, SamplePool } from "./sample-pool.js";
import type { Settings } from "./settings.js";
import type { TimeSlices } from "./time-slices.js";
import { readPicture } from "./training-picture.js";
import type { PictureReading } from "./training-picture.js";
import { ValidationSet } from "./validation-set.js";

/** Pictures of a channel that are looked at; of larger sets this many are chosen by chance. */
const maxPictures = 600;

/** Training and validation data, described. */
export interface Preparation {
  readonly pool: SamplePool;
  readonly normalisation: Normalisation;
  readonly validation: ValidationSet;
}

/** Reads both channels. Rejects with a `ClientError` for bad data and for channels without a labelled pixel. */
export async function prepare(
  run: TrainingRun,
  settings: Settings,
  lines: LogLines,
  slices: TimeSlices,
): Promise<Preparation> {
  for (const channel of ["train", "validation"] as const) {
    if (run[channel].length === 0) {
      throw new ContainerError("ClientError", `No image with an annotation was found in the channel ${channel}`);
    }
  }
  const { classes, longSide } = settings;
  const random = seededRandom(`pixels ${run.seed}`);

  const training: PictureReading = { channel: "train", classes, longSide, labelMap: run.trainLabelMap };
  announceLabelMap(lines, training);
  const trainSamples = choose(run.train, `train ${run.seed}`);
  const collector = new SampleCollector(classes, trainSamples.length);
  for (const sample of trainSamples) {
    await collector.add(await readPicture(sample, training, slices), random, slices);
    await slices.pause();
  }
  const pool = collector.pool();
  if (pool.size === 0) throw onlyIgnored("train");

  const validating: PictureReading = { ...training, channel: "validation", labelMap: run.validationLabelMap };
  announceLabelMap(lines, validating);
  const validationSamples = choose(run.validation, `validation ${run.seed}`);
  const validation = new ValidationSet(validationSamples.length);
  for (const sample of validationSamples) {
    await validation.add(await readPicture(sample, validating, slices), slices);
    await slices.pause();
  }
  if (validation.size === 0) throw onlyIgnored("validation");
  return { pool, normalisation: await pool.normalize(slices), validation };
}

/** All samples, or as many as allowed, in the order given. */
function choose(samples: readonly TrainingSample[], seed: string): readonly TrainingSample[] {
  if (samples.length <= maxPictures) return samples;
  const numbers = shuffle(Array.from(samples.keys()), seededRandom(seed)).slice(0, maxPictures);
  return numbers.sort((a, b) => a - b).map((number) => samples[number]!);
}

function announceLabelMap(lines: LogLines, { channel, labelMap }: PictureReading): void {
  if (labelMap === undefined) {
    lines.warning("label maps not provided, using defaults.");
    lines.info(`#label_map ${channel} :{'scale': 1}`);
    return;
  }
  const entries: string[] = [];
  for (let pixel = 0; pixel < 256; pixel++) {
    const index = labelMap(pixel);
    if (Number.isInteger(index) && index >= 0 && index <= 255) entries.push(`'${index}': ${pixel}`);
  }
  lines.info(`#label_map ${channel} :{'map': {${entries.join(", ")}}}`);
}

function onlyIgnored(channel: string): ContainerError {
  return new ContainerError("ClientError", `All pixels of the channel ${channel} are ignored (255)`);
}
