import { createHash } from "node:crypto";
import { mapConcurrently } from "../core/concurrency.js";
import { SegmentationError } from "../core/errors.js";
import type { ObjectStore } from "../core/object-store.js";
import { type ProgressOption, progressReporter } from "../core/progress.js";
import { openCheckJournal } from "./check-journal.js";
import { BalanceCounter, type SplitTally } from "./class-balance.js";
import type { DatasetWarning } from "./dataset.js";
import { conservativeStems } from "./object-name.js";
import { type ChosenSample, type PreparedSample, prepareSample } from "./prepare-sample.js";
import { createProblemList } from "./problem-list.js";
import type { SampleSource, SourceSample } from "./sample-source.js";
import { type SplitOptions, isStratified, splitImages } from "./split.js";
import { createWarningList, type WarningList } from "./warning-list.js";

/** What is to be checked and planned. */
export interface PlanRequest<in out Name extends string> {
  readonly store: ObjectStore;
  readonly source: SampleSource<Name>;
  readonly split: SplitOptions;
  /** Folder of the dataset, ending in `/`. */
  readonly folder: string;
  readonly pngImages: boolean;
  /** File that remembers checks. */
  readonly journal?: string | undefined;
  readonly signal: AbortSignal | undefined;
  readonly progress: ProgressOption | undefined;
}

/** The outcome of all checks. */
export interface PreparedDataset {
  readonly samples: readonly PreparedSample[];
  readonly tally: SplitTally;
  readonly warnings: readonly DatasetWarning[];
  /** Hex SHA-256 over everything that decides the result: equal inputs, equal digest. */
  readonly digest: string;
}

/** Requests in flight at a time; more does not help, since masks are decoded on one thread. */
export const parallelRequests = 16;

/** Mask files up to this sum are kept between checking and writing; others are read a second time. */
const keptMaskBytes = 64 * 1024 ** 2;

/** Finds, pairs, splits and checks everything; reads images by their first kilobytes, masks whole. Writes nothing. */
export async function prepareDataset<Name extends string>(request: PlanRequest<Name>): Promise<PreparedDataset> {
  const { store, source, signal } = request;
  const warnings = createWarningList();
  const found = await source.collect({ store, warnings, signal });
  if (found.length === 0)
    throw new SegmentationError("dataset.empty", `There is no labeled image in ${source.description}.`, {
      channel: "train",
      source: source.description,
    });
  const present = isStratified(request.split) ? await presentClasses(found, signal) : undefined;
  const chosen = choose(found, request.split, warnings, present);
  const balance = new BalanceCounter(source.classes);
  const problems = createProblemList();
  const budget = { left: keptMaskBytes };
  const reporter = progressReporter(request.progress, "check dataset", "images");
  const journal = request.journal === undefined ? undefined : await openCheckJournal(request.journal, signal);
  let done = 0;
  try {
    const samples = await mapConcurrently(
      chosen,
      parallelRequests,
      async (sample, position) => {
        try {
          return await prepareSample(sample, { ...request, balance, warnings, budget, journal });
        } catch (error) {
          if (sample.sample.skip?.(error) !== true) problems.add(position, error);
          return undefined;
        } finally {
          reporter.report(++done, chosen.length);
        }
      },
      signal,
    );
    problems.throwFirst();
    balance.warn(warnings);
    const usable = samples.filter((sample) => sample !== undefined);
    assertBothHalves(usable, source.description);
    return { samples: usable, tally: balance.tally(), warnings: warnings.list(), digest: digestOf(source, usable) };
  } finally {
    reporter.end();
    await journal?.close();
  }
}

/** Classes that occur in each mask. What is wrong with a mask is said when it is checked. */
function presentClasses<Name extends string>(
  found: readonly SourceSample<Name>[],
  signal: AbortSignal | undefined,
): Promise<readonly (readonly number[])[]> {
  return mapConcurrently(
    found,
    parallelRequests,
    async (sample) => {
      try {
        const { mask } = await sample.readMask(signal);
        const counts = mask.counts();
        return [...mask.classes.names.keys()].filter((index) => counts[mask.classes.names[index]!] > 0);
      } catch (error) {
        if (SegmentationError.is(error) && !SegmentationError.is(error, "aws")) return [];
        throw error;
      }
    },
    signal,
  );
}

/** Names and splits; in the order of names, so that a listing's order has no effect. */
function choose<Name extends string>(
  found: readonly SourceSample<Name>[],
  split: SplitOptions,
  warnings: WarningList,
  present: readonly (readonly number[])[] | undefined,
): ChosenSample<Name>[] {
  const names = conservativeStems(found.map(({ stem, imageUri }) => ({ stem, uri: imageUri })));
  const named = found.map((sample, at) => ({
    sample,
    name: names[at]!,
    imageUri: sample.imageUri,
    ...(present === undefined ? {} : { classes: present[at]! }),
  }));
  const halves = splitImages(named, split);
  const chosen: ChosenSample<Name>[] = [];
  for (const [at, { sample, name }] of named.entries()) {
    const half = halves[at];
    if (half === undefined) continue;
    if (name !== sample.stem) warnings.add("renamed", `Its copy is called ${name}.`, sample.imageUri);
    chosen.push({ sample, name, half });
  }
  return chosen.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Images that were skipped may have been all of a half. */
function assertBothHalves(samples: readonly PreparedSample[], source: string): void {
  for (const half of ["train", "validation"] as const) {
    if (samples.some((sample) => sample.half === half)) continue;
    const message = `No usable image is left for ${half} in ${source}. Training needs at least one image in each half.`;
    throw new SegmentationError("dataset.empty", message, { channel: half, source });
  }
}

function digestOf<Name extends string>(source: SampleSource<Name>, samples: readonly PreparedSample[]): string {
  const hash = createHash("sha256");
  const { names, ignoreIndex } = source.classes;
  hash.update(JSON.stringify(["sagemaker-semseg dataset 1", names, ignoreIndex]));
  for (const { imageUri, maskUri, source: image, maskFile } of samples)
    hash.update(`\n${JSON.stringify([relative(imageUri), relative(maskUri), image.size, image.etag, maskFile.md5])}`);
  return hash.digest("hex");
}

/** Channel and file: a dataset that is copied elsewhere stays the same dataset. */
function relative(uri: string): string {
  return uri.split("/").slice(-2).join("/");
}
