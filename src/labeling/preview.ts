import type { AwsContext } from "../aws/context.js";
import { sniffImage } from "../codec/sniff-image.js";
import { SegmentationError } from "../core/errors.js";
import { renderLiquid } from "../core/liquid.js";
import type { ObjectStore } from "../core/object-store.js";
import { readWithin } from "../core/read-within.js";
import type { LabelingPlan } from "./labeling-plan.js";
import { previewHtml } from "./preview-html.js";
import { renderByService, templateOf } from "./render-page.js";
import type { RenderedPage } from "./render-page.js";
import { sampleTask } from "./sample-task.js";

/** Options of `.preview(...)`. */
export interface PreviewOptions {
  /**
   * `machine` (default) renders here, into a page that needs no network: pictures are in it, AWS's elements are replaced
   * by a stand-in, and it runs no script. `service` has SageMaker render the real page, which loads AWS's elements.
   */
  readonly by?: "machine" | "service";
  /** Address of the image to show; default: the job's first. */
  readonly image?: string;
  /** Path of a file on this machine that the page is written to as well. */
  readonly file?: string;
  /** On abort the signal's reason is thrown. */
  readonly signal?: AbortSignal;
}

/** A worker page to look at. */
export interface WorkerPagePreview {
  /** The page, UTF-8 text. */
  readonly html: string;
  /** What is wrong with the page or its pictures; empty when all is right. */
  readonly errors: readonly string[];
}

/** Largest picture that is put into a page; Ground Truth's limit for images. */
const largestPicture = 40 * 1024 * 1024;
const mostPictures = 50;

/** Renders the worker page of a plan. */
export async function previewPage<Name extends string>(
  context: AwsContext,
  plan: LabelingPlan<Name>,
  { by = "machine", image, file, signal }: PreviewOptions,
): Promise<WorkerPagePreview> {
  const page =
    by === "service"
      ? await renderByService(context, plan, image, signal)
      : await renderHere(context.store, plan, image, signal);
  if (file !== undefined) {
    const { writeFile } = await import("node:fs/promises");
    await writeFile(file, page.html);
  }
  return page;
}

async function renderHere<Name extends string>(
  store: ObjectStore,
  plan: LabelingPlan<Name>,
  image: string | undefined,
  signal: AbortSignal | undefined,
): Promise<RenderedPage> {
  const input = await sampleTask(store, plan, image, signal);
  const errors: string[] = [];
  const asked = new Set<string>();
  const values = { task: { input } };
  // The first rendering tells which pictures the page asks for.
  const collect = (uri: string): string => {
    asked.add(uri);
    return "";
  };
  renderLiquid(templateOf(plan), values, collect, (message) => errors.push(message));
  const pictures = await readPictures(store, [...asked], errors, signal);
  const render = (text: string): string =>
    renderLiquid(
      text,
      values,
      (uri) => pictures.get(uri) ?? "data:,",
      () => undefined,
    );
  return { html: previewHtml({ plan, input, pictures, render }), errors };
}

/** Pictures as data addresses, so that the page needs nothing else. */
async function readPictures(
  store: ObjectStore,
  uris: readonly string[],
  errors: string[],
  signal: AbortSignal | undefined,
): Promise<ReadonlyMap<string, string>> {
  const pictures = new Map<string, string>();
  if (uris.length > mostPictures) errors.push(`Only the first ${mostPictures} of ${uris.length} pictures are shown.`);
  for (const uri of uris.slice(0, mostPictures)) {
    try {
      const bytes = await readWithin(store, uri, { what: "picture", limit: largestPicture, signal });
      const { kind, description } = sniffImage(bytes);
      if (["jpeg", "png", "gif", "webp"].includes(kind)) {
        pictures.set(uri, `data:image/${kind};base64,${Buffer.from(bytes).toString("base64")}`);
      } else errors.push(`${uri} is ${description}, which browsers may not show.`);
    } catch (error) {
      signal?.throwIfAborted();
      if (!(error instanceof SegmentationError)) throw error;
      errors.push(`${uri}: ${error.message}`);
    }
  }
  return pictures;
}
