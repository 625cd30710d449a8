import { readImageHead } from "../../codec/image-head.js";
import { SegmentationError } from "../../core/errors.js";
import { inOrder } from "../../core/in-order.js";
import type { ObjectStore } from "../../core/object-store.js";
import { labelingLimits } from "../../facts/labeling-limits.js";
import { isObject, ownText } from "../../manifest/json.js";
import { readLines } from "../../manifest/lines.js";
import { readEntries } from "../../manifest/read-entries.js";
import { namedLikeImage } from "../image-source.js";
import type { NamedImages } from "../image-source.js";
import type { LabelingSource } from "../labeling-plan.js";
import type { Report } from "./finding.js";
import { ImageProblems, judgeImage } from "./image-problems.js";

/** How to check images. */
export interface CheckImagesOptions {
  readonly automated: boolean;
  /** Folders that this package writes. */
  readonly ownFolders: readonly string[];
  /** Most images to open. */
  readonly open: number;
  readonly opened: (done: number, total: number) => void;
  readonly signal: AbortSignal | undefined;
}

/** What the check of the images gives besides findings. */
export interface CheckedImages {
  /** Images of the job; `undefined` when they are not known before it runs. */
  readonly count: number | undefined;
  readonly opened: number;
  /** The buckets that the images lie in, or should. */
  readonly buckets: readonly string[];
  readonly first: string | undefined;
}

interface Candidate {
  readonly uri: string;
  readonly size?: number;
}

const atATime = 16;

/** Lists the images of a source without changing anything, and opens a sample of them, spread evenly. */
export async function checkImages(
  store: ObjectStore,
  source: LabelingSource | undefined,
  options: CheckImagesOptions,
  report: Report,
): Promise<CheckedImages> {
  const problems = new ImageProblems();
  const candidates = await gather(store, source, options, problems, report);
  const folder = folderOf(source);
  const asked = folder === undefined ? [] : [bucketOf(folder)];
  if (candidates === undefined) return { count: undefined, opened: 0, buckets: asked, first: undefined };
  const chosen = spread(candidates, options.open);
  await openEach(store, chosen, options, problems);
  problems.report(report);
  if (chosen.length < candidates.length) {
    report({
      code: "images.sampled",
      severity: "note",
      message: `${chosen.length} of ${candidates.length} images were opened.`,
      advice: "check({ openImages: Infinity }) opens all.",
      count: candidates.length,
    });
  }
  checkCount(candidates.length, options.automated, report);
  const buckets = new Set([...asked, ...candidates.map(({ uri }) => bucketOf(uri))]);
  return { count: candidates.length, opened: chosen.length, buckets: [...buckets], first: candidates[0]?.uri };
}

function folderOf(source: LabelingSource | undefined): string | undefined {
  const named = source?.kind === "masks" ? source.images : source;
  return named?.kind === "folder" ? named.uri : undefined;
}

/** The bucket of an address. */
export function bucketOf(uri: string): string {
  return uri.split("/")[2] ?? "";
}

async function gather(
  store: ObjectStore,
  source: LabelingSource | undefined,
  options: CheckImagesOptions,
  problems: ImageProblems,
  report: Report,
): Promise<readonly Candidate[] | undefined> {
  const named = candidatesOf(store, source, options);
  if (named === undefined) {
    report({
      code: "images.unknown",
      severity: "note",
      message: "The images are not known before the job runs.",
      advice: "Check them where they are made: 40 MB, 100 million pixels, JPEG or PNG, not turned by EXIF.",
    });
    return undefined;
  }
  const seen = new Set<string>();
  const found: Candidate[] = [];
  try {
    for await (const candidate of named) {
      if (seen.has(candidate.uri)) problems.add("images.duplicate", candidate.uri);
      else seen.add(candidate.uri);
      found.push(candidate);
      // Enough to say that there are too many.
      if (found.length > 5 * labelingLimits.objects) break;
    }
  } catch (error) {
    options.signal?.throwIfAborted();
    if (!(error instanceof SegmentationError)) throw error;
    const isAws = SegmentationError.is(error, "aws");
    report({
      code: isAws ? "images.unreadable" : "images.line",
      severity: "error",
      message: isAws ? `The images cannot be listed: ${error.message}` : error.message,
      advice: isAws
        ? "Check bucket and address, and that you may list and read them."
        : "Each line must be a JSON object with source-ref, the S3 address of an image.",
    });
    if (found.length === 0) return undefined;
  }
  return found;
}

function candidatesOf(
  store: ObjectStore,
  source: LabelingSource | undefined,
  options: CheckImagesOptions,
): AsyncIterable<Candidate> | Iterable<Candidate> | undefined {
  if (source === undefined) return undefined;
  const { signal } = options;
  switch (source.kind) {
    case "folder":
    case "list":
      return namedCandidates(store, source, options);
    case "manifest":
      return manifestCandidates(store, source.uri, signal);
    case "labels":
      return labelCandidates(store, source, signal);
    case "masks":
      if (source.images !== undefined) return namedCandidates(store, source.images, options);
      // Any other iterable may give its masks once only.
      return source.given === undefined ? undefined : source.given.map(({ image }) => ({ uri: image }));
  }
}

async function* namedCandidates(
  store: ObjectStore,
  source: NamedImages,
  { ownFolders, signal }: CheckImagesOptions,
): AsyncGenerator<Candidate, void, void> {
  if (source.kind === "list") {
    for (const uri of source.uris) yield { uri };
    return;
  }
  const leaveOut = ownFolders.filter((own) => !source.uri.startsWith(own));
  for await (const { uri, size } of store.list(source.uri, signal === undefined ? {} : { signal })) {
    if (namedLikeImage(uri) && !leaveOut.some((own) => uri.startsWith(own))) yield { uri, size };
  }
}

async function* manifestCandidates(
  store: ObjectStore,
  uri: string,
  signal: AbortSignal | undefined,
): AsyncGenerator<Candidate, void, void> {
  const abort = signal === undefined ? {} : { signal };
  for await (const { number, text } of readLines(store.stream(uri, abort), { uri, ...abort })) {
    let line: unknown;
    try {
      line = JSON.parse(text);
    } catch {
      line = undefined;
    }
    const image = isObject(line) ? ownText(line, "source-ref") : undefined;
    if (image === undefined || !/^s3:\/\/[^/]+\/.+/.test(image)) {
      const expected = '"source-ref" with the S3 address of an image';
      throw new SegmentationError("manifest.line", `Line ${number} of ${uri}: expected ${expected}.`, {
        line: number,
        expected,
        uri,
      });
    }
    yield { uri: image };
  }
}

async function* labelCandidates(
  store: ObjectStore,
  { uri, attribute, filter }: Extract<LabelingSource, { kind: "labels" }>,
  signal: AbortSignal | undefined,
): AsyncGenerator<Candidate, void, void> {
  const chunks = store.stream(uri, signal === undefined ? {} : { signal });
  for await (const entry of readEntries(chunks, { uri, attribute, signal })) {
    if (entry.state === "labeled" && filter(entry)) yield { uri: entry.imageUri };
  }
}

function spread(candidates: readonly Candidate[], open: number): readonly Candidate[] {
  if (candidates.length <= open) return candidates;
  const step = candidates.length / Math.max(1, Math.floor(open));
  return Array.from({ length: Math.floor(open) }, (_, at) => candidates[Math.floor(at * step)]!);
}

async function openEach(
  store: ObjectStore,
  candidates: readonly Candidate[],
  { automated, opened, signal }: CheckImagesOptions,
  problems: ImageProblems,
): Promise<void> {
  let done = 0;
  const look = async ({ uri, size }: Candidate, abort: AbortSignal) => {
    try {
      const bytes = size ?? (await store.head(uri, { signal: abort }))?.size;
      if (bytes === undefined) problems.add("images.unreadable", uri);
      else if (bytes > labelingLimits.imageBytes) problems.add("images.size", `${uri} (${bytes} bytes)`);
      else {
        const head = await readImageHead(store, uri, abort);
        for (const [code, example] of judgeImage(uri, head, automated)) problems.add(code, example);
      }
    } catch (error) {
      abort.throwIfAborted();
      if (!SegmentationError.is(error, "aws")) throw error;
      problems.add("images.unreadable", `${uri} (${error.details.name})`);
    }
  };
  const counted = async (candidate: Candidate, abort: AbortSignal): Promise<number> => {
    await look(candidate, abort);
    return ++done;
  };
  for await (const count of inOrder(candidates, atATime, counted, signal)) opened(count, candidates.length);
}

function checkCount(count: number, automated: boolean, report: Report): void {
  const { objects, automatedObjects, advisedAutomatedObjects } = labelingLimits;
  if (count === 0) {
    const advice = "Name a folder or a list with .jpg, .jpeg or .png images.";
    report({ code: "images.none", severity: "error", message: "There are no images.", advice });
  } else if (count > objects) {
    report({
      code: "images.count",
      severity: "error",
      message: `There are ${count} images or more; a segmentation job takes ${objects}.`,
      advice: "Share them out over several jobs.",
      count,
    });
  } else if (automated && count < automatedObjects) {
    report({
      code: "images.count",
      severity: "error",
      message: `There are ${count} images; automated labeling takes ${automatedObjects} at least.`,
      advice: "Leave automated labeling out, or add images.",
      count,
    });
  } else if (automated && count < advisedAutomatedObjects) {
    report({
      code: "images.count",
      severity: "warning",
      message: `There are ${count} images; AWS advises ${advisedAutomatedObjects} for automated labeling.`,
      advice:
        "With few images the model rarely gets good enough to label any, and its training is billed all the same.",
      count,
    });
  }
}
