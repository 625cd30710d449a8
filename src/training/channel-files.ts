import type { ObjectStore } from "../core/object-store.js";
import { baseName, stem } from "../core/s3-uri.js";
import type { EstimatorPlan } from "./estimator-plan.js";
import type { TrainingFinding } from "./finding.js";

/** An image and its mask, by address. */
export interface Pair {
  readonly image: string;
  readonly mask: string;
}

/** What lies in the channels of one set. */
export interface ChannelFiles {
  readonly set: "train" | "validation";
  readonly pairs: readonly Pair[];
  /** Images, with or without mask. */
  readonly images: number;
  readonly findings: readonly TrainingFinding[];
}

/** More are not listed: a check is to be quick. */
const mostFiles = 200_000;
/** Names in a message. */
const named = 3;

/** Lists a set's folders and pairs the files as the container does: same name, another extension. */
export async function listChannels(
  store: ObjectStore,
  { channels }: EstimatorPlan,
  set: "train" | "validation",
  signal: AbortSignal | undefined,
): Promise<ChannelFiles | undefined> {
  const images = channels.find(({ name }) => name === set);
  const masks = channels.find(({ name }) => name === `${set}_annotation`);
  if (images?.kind !== "prefix" || masks?.kind !== "prefix") return undefined;
  const findings: TrainingFinding[] = [];
  const add = (code: string, severity: TrainingFinding["severity"], parameter: string, text: string, remedy: string) =>
    void findings.push({ code, severity, parameter, message: text, remedy });

  const [imageFiles, maskFiles] = [await list(store, images.uri, signal), await list(store, masks.uri, signal)];
  for (const [channel, files] of [
    [images, imageFiles],
    [masks, maskFiles],
  ] as const) {
    if (files.length > 0) continue;
    const message = `Channel ${channel.name} is empty: nothing lies below ${channel.uri}.`;
    add("channel.empty", "error", channel.name, message, "Correct the address, or upload the files.");
  }
  const inFolder = (uri: string, folder: string): boolean => !uri.slice(folder.length).includes("/");
  const isImage = (uri: string): boolean => /\.(?:jpe?g|png)$/i.test(uri) && inFolder(uri, images.uri);
  const photographs = imageFiles.filter(isImage);
  const strangers = imageFiles.filter((uri) => !isImage(uri));
  if (strangers.length > 0) {
    const message = `${strangers.length} objects of channel ${set} are no images directly in its folder (${some(strangers)}); the container only warns of them.`;
    add("data.strangers", "warning", set, message, `Move them out of ${images.uri}.`);
  }
  const byStem = new Map(maskFiles.filter((uri) => /\.png$/i.test(uri)).map((uri) => [stem(baseName(uri)), uri]));
  const pairs: Pair[] = [];
  const single: string[] = [];
  for (const image of photographs) {
    const mask = byStem.get(stem(baseName(image)));
    if (mask === undefined) single.push(image);
    else pairs.push({ image, mask });
  }
  if (single.length > 0 && maskFiles.length > 0) {
    const message = `${single.length} of ${photographs.length} images of channel ${set} have no mask of the same name (${some(single)}).`;
    add("data.unpaired", "error", set, message, `Put NAME.png for each NAME.jpg into ${masks.uri}.`);
  }
  const unused = byStem.size - pairs.length;
  if (unused > 0 && photographs.length > 0) {
    const message = `${unused} masks of channel ${masks.name} have no image of the same name.`;
    add("data.masks-unused", "warning", masks.name, message, "Remove them, or add the images.");
  }
  return { set, pairs, images: photographs.length, findings };
}

async function list(store: ObjectStore, folder: string, signal: AbortSignal | undefined): Promise<string[]> {
  const found: string[] = [];
  for await (const { uri } of store.list(folder, signal === undefined ? {} : { signal })) {
    // Consoles make an empty object for a folder.
    if (uri !== folder) found.push(uri);
    if (found.length >= mostFiles) break;
  }
  return found;
}

function some(uris: readonly string[]): string {
  const names = uris.slice(0, named).map(baseName).join(", ");
  return uris.length > named ? `${names}, ...` : names;
}
