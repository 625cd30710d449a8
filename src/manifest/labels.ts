import type { ObjectStore } from "../core/object-store.js";
import { largestMaskFile, readWithin } from "../core/read-within.js";
import type { ClassTable } from "../mask/classes.js";
import { readEntries, readLineLabels } from "./read-entries.js";
import type { BadLineOptions } from "./read-entries.js";
import type { FailedEntry, LabeledEntry, LineLabels, ManifestEntry, UntouchedEntry } from "./entry.js";
import { decodeGroundTruthMask } from "./ground-truth-mask.js";
import type { GroundTruthMask } from "./ground-truth-mask.js";
import { summarize } from "./label-summary.js";
import type { LabelSummary } from "./label-summary.js";

/** How many lines of a manifest are in each state. */
export interface LabelCounts {
  /** Images that have a mask. */
  readonly labeled: number;
  /** Images that could not be labeled. */
  readonly failed: number;
  /** Images that were not labeled when the manifest was written. */
  readonly untouched: number;
  /** Lines of the manifest, those that were passed over not included. */
  readonly total: number;
  /** Lines that could not be read and were passed over; only with `onError: "skip"`. */
  readonly skipped?: number;
}

/** Options of one reading of the manifest. */
export interface ReadLabelsOptions extends BadLineOptions {
  /** On abort the signal's reason is thrown. */
  readonly signal?: AbortSignal;
}

/**
 * What a labeling job has made: the lines of its output manifest, read from S3 each time they are asked for.
 *
 * Every reading streams, so a manifest of 100,000 lines needs no more memory than one line. Iterating over the value
 * itself is `entries()`.
 *
 * All readings throw `manifest.line` for a line that cannot be read and `manifest.attribute` when the manifest holds
 * other kinds of labels only.
 */
export interface Labels<in out Name extends string> extends AsyncIterable<ManifestEntry> {
  /** Address of the output manifest. */
  readonly uri: string;
  /** The class table that masks are decoded into. */
  readonly classes: ClassTable<Name>;
  /** The label attribute that is read; `undefined`: on each line the newest one of type semantic segmentation. */
  readonly attribute: string | undefined;
  /** Every line in order, in all three states. */
  entries(options?: ReadLabelsOptions): AsyncIterable<ManifestEntry>;
  /** The lines with a mask. */
  labeled(options?: ReadLabelsOptions): AsyncIterable<LabeledEntry>;
  /** The lines that could not be labeled, each with the reason. */
  failed(options?: ReadLabelsOptions): AsyncIterable<FailedEntry>;
  /** The lines that nobody labeled. */
  untouched(options?: ReadLabelsOptions): AsyncIterable<UntouchedEntry>;
  /** Reads the manifest once and counts. */
  counts(options?: ReadLabelsOptions): Promise<LabelCounts>;
  /** Every line in order with all its masks and verifications, whatever `attribute` says. */
  lines(options?: ReadLabelsOptions): AsyncIterable<LineLabels>;
  /** Reads the manifest once and tells which label attributes it has, who made them and what was changed. */
  summary(options?: ReadLabelsOptions): Promise<LabelSummary>;
  /**
   * Reads the mask of an entry and decodes it colour first into the class table.
   *
   * @throws `manifest.color-map` when the job's classes do not fit the table, `mask.color` for a colour that belongs
   * to no class, `mask.index` for an index that belongs to none, `codec` for a damaged file and one above 256 MB.
   */
  mask(entry: LabeledEntry, options?: ReadLabelsOptions): Promise<GroundTruthMask<Name>>;
}

/** Where labels are read from. */
export interface LabelsSource<Name extends string> {
  readonly store: ObjectStore;
  /** The output manifest, `s3://bucket/.../output.manifest`. */
  readonly uri: string;
  readonly classes: ClassTable<Name>;
  /** The job's `LabelAttributeName`; default: on each line the newest attribute of type semantic segmentation. */
  readonly attribute?: string | undefined;
}

/** Makes labels of an output manifest. Nothing is read before an entry is asked for. */
export function labelsFromManifest<Name extends string>(source: LabelsSource<Name>): Labels<Name> {
  const { store, uri, classes, attribute } = source;
  const entries = (options: ReadLabelsOptions = {}): AsyncGenerator<ManifestEntry, void, void> => {
    const { signal, onError, onSkip } = options;
    return readEntries(store.stream(uri, abortOf(signal)), { uri, attribute, signal, onError, onSkip });
  };
  const lines = (options: ReadLabelsOptions = {}): AsyncGenerator<LineLabels, void, void> => {
    const { signal, onError, onSkip } = options;
    return readLineLabels(store.stream(uri, abortOf(signal)), { uri, signal, onError, onSkip });
  };
  async function* inState<State extends ManifestEntry["state"]>(
    state: State,
    options: ReadLabelsOptions | undefined,
  ): AsyncGenerator<Extract<ManifestEntry, { state: State }>, void, void> {
    // The comparison narrows `state`, which TypeScript does not carry over to the union.
    for await (const entry of entries(options)) {
      if (entry.state === state) yield entry as Extract<ManifestEntry, { state: State }>;
    }
  }
  return Object.freeze({
    uri,
    classes,
    attribute,
    entries,
    [Symbol.asyncIterator]: () => entries(),
    labeled: (options?: ReadLabelsOptions) => inState("labeled", options),
    failed: (options?: ReadLabelsOptions) => inState("failed", options),
    untouched: (options?: ReadLabelsOptions) => inState("untouched", options),
    counts: (options: ReadLabelsOptions = {}) => countStates(entries, options),
    lines,
    summary: (options: ReadLabelsOptions = {}) => summarize(lines, options),
    async mask(entry: LabeledEntry, { signal }: ReadLabelsOptions = {}) {
      const png = await readWithin(store, entry.maskUri, { what: "mask", limit: largestMaskFile, signal });
      return decodeGroundTruthMask(png, entry.colorMap, classes, { uri: entry.maskUri });
    },
  });
}

function abortOf(signal: AbortSignal | undefined): { readonly signal?: AbortSignal } {
  return signal === undefined ? {} : { signal };
}

async function countStates(
  entries: (options: ReadLabelsOptions) => AsyncIterable<ManifestEntry>,
  options: ReadLabelsOptions,
): Promise<LabelCounts> {
  const counts = { labeled: 0, failed: 0, untouched: 0 };
  let skipped = 0;
  const onSkip: BadLineOptions["onSkip"] = (error) => {
    skipped++;
    options.onSkip?.(error);
  };
  for await (const { state } of entries({ ...options, onSkip })) counts[state]++;
  const total = counts.labeled + counts.failed + counts.untouched;
  return { ...counts, total, ...(options.onError === "skip" ? { skipped } : {}) };
}
