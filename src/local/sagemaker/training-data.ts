import { baseName, stem } from "../../core/s3-uri.js";
import type { LocalObjects, TrainingRun, TrainingSample } from "../contracts.js";
import { ContainerError } from "../contracts.js";
import { parseLabelMap } from "./label-map.js";
import type { Channel, CreateTrainingJobRequest } from "./requests.js";
import { headObject, listPrefix, readLimits, readObject, readText } from "./s3-input.js";

/** What the container finds below `/opt/ml/input/data`. */
export interface TrainingData {
  readonly channels: Pick<TrainingRun, "train" | "validation" | "trainLabelMap" | "validationLabelMap" | "earlier">;
  /** Files that are no images, as the container names them. */
  readonly warnings: readonly string[];
}

/** Most bytes of images and masks of one job: all of them are in memory while it trains. */
export const mostTrainingBytes = 1024 * 1024 * 1024;

/**
 * Reads the channels of a job. Rejects with a {@link ContainerError} for missing channels, unpaired files, and more data
 * than `mostBytes`.
 */
export async function readTrainingData(
  objects: LocalObjects,
  request: CreateTrainingJobRequest,
  mostBytes = mostTrainingBytes,
): Promise<TrainingData> {
  const channels = new Map((request.InputDataConfig ?? []).map((channel) => [channel.ChannelName, channel]));
  const warnings: string[] = [];
  const load = sampleReader(objects, mostBytes);
  const train = await readSamples(objects, load, channels, "train", warnings);
  const validation = await readSamples(objects, load, channels, "validation", warnings);
  const maps = channels.get("label_map");
  const trainLabelMap = await readLabelMap(objects, maps, "train_label_map.json");
  const validationLabelMap = await readLabelMap(objects, maps, "validation_label_map.json");
  const earlier = await readEarlier(objects, channels.get("model"));
  const channelsOfRun = {
    train,
    validation,
    ...(earlier === undefined ? {} : { earlier }),
    ...(trainLabelMap === undefined ? {} : { trainLabelMap }),
    ...(validationLabelMap === undefined ? {} : { validationLabelMap }),
  };
  return { channels: channelsOfRun, warnings };
}

/** The artifact in channel `model`: the one file below the prefix that is a `.tar.gz`. */
async function readEarlier(objects: LocalObjects, channel: Channel | undefined): Promise<Uint8Array | undefined> {
  if (channel === undefined) return undefined;
  const file = (await readFiles(objects, channel)).find(({ uri }) => uri.endsWith(".tar.gz"));
  const bytes = file === undefined ? undefined : await readObject(objects, file.uri);
  if (bytes === undefined) throw new ContainerError("ClientError", "Channel 'model' holds no model.tar.gz.");
  return bytes;
}

/** Reads one file of a sample. */
type ReadFile = (uri: string) => Promise<Uint8Array>;

async function readSamples(
  objects: LocalObjects,
  load: ReadFile,
  channels: ReadonlyMap<string, Channel>,
  split: "train" | "validation",
  warnings: string[],
): Promise<TrainingSample[]> {
  const images = channels.get(split);
  if (images === undefined) throw missing(split);
  if (images.DataSource.S3DataSource?.S3DataType === "AugmentedManifestFile")
    return readAugmented(objects, load, images);
  const annotations = channels.get(`${split}_annotation`);
  if (annotations === undefined) throw missing(`${split}_annotation`);
  const masks = new Map((await readFiles(objects, annotations)).map((file) => [stem(file.name), file]));
  const samples: TrainingSample[] = [];
  const strangers = new Set<string>();
  for (const file of await readFiles(objects, images)) {
    if (!/^[^/]+\.(jpe?g|png)$/i.test(file.name)) {
      strangers.add(file.name.split("/")[0] ?? file.name);
      continue;
    }
    const mask = masks.get(stem(file.name));
    if (mask === undefined) {
      throw new ContainerError("ClientError", `No annotation in channel ${split}_annotation for image ${file.name}.`);
    }
    samples.push({ name: file.name, image: await load(file.uri), mask: await load(mask.uri) });
  }
  for (const name of strangers) warnings.push(`/opt/ml/input/data/${split}/${name} is not a readable image file`);
  return samples;
}

/** Files of a channel by the name that they have in the container: what follows the last slash of the prefix. */
async function readFiles(
  objects: LocalObjects,
  channel: Channel,
): Promise<readonly { readonly name: string; readonly uri: string }[]> {
  const source = channel.DataSource.S3DataSource!;
  if (source.S3DataType === "ManifestFile") return readManifestFile(objects, source.S3Uri);
  const prefix = source.S3Uri;
  const whole = prefix.endsWith("/") ? prefix : `${prefix}/`;
  const folder = prefix.slice(0, prefix.lastIndexOf("/") + 1);
  return (await listPrefix(objects, prefix))
    .map(({ bucket, key }) => `s3://${bucket}/${key}`)
    .filter((uri) => !uri.endsWith("/"))
    .map((uri) => ({ name: uri.startsWith(whole) ? uri.slice(whole.length) : uri.slice(folder.length), uri }));
}

/** A manifest of S3: `[{"prefix": "s3://b/p/"}, "a.jpg", ...]`. */
async function readManifestFile(objects: LocalObjects, uri: string): Promise<{ name: string; uri: string }[]> {
  const list = parseJson((await readText(objects, uri, readLimits.manifest)) ?? "[]", uri);
  const [head, ...names] = Array.isArray(list) ? (list as unknown[]) : [];
  const prefix = (head as { prefix?: unknown } | null | undefined)?.prefix;
  if (typeof prefix !== "string") throw new ContainerError("ClientError", `The manifest ${uri} has no prefix.`);
  return names.map((name) => ({ name: String(name), uri: prefix + String(name) }));
}

/** Augmented manifest: every line names image and mask by the channel's two attributes, in this order. */
async function readAugmented(objects: LocalObjects, load: ReadFile, channel: Channel): Promise<TrainingSample[]> {
  const source = channel.DataSource.S3DataSource!;
  const [image = "", mask = ""] = source.AttributeNames ?? [];
  const samples: TrainingSample[] = [];
  for (const text of ((await readText(objects, source.S3Uri, readLimits.manifest)) ?? "").split(/\r?\n/)) {
    if (text.trim() === "") continue;
    const line = parseJson(text, source.S3Uri) as Readonly<Record<string, unknown>> | null;
    const [imageUri, maskUri] = [line?.[image], line?.[mask]];
    if (typeof imageUri !== "string" || typeof maskUri !== "string") continue; // such lines are ignored
    samples.push({
      name: baseName(imageUri),
      image: await load(imageUri),
      mask: await load(maskUri),
    });
  }
  return samples;
}

function parseJson(text: string, uri: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new ContainerError("ClientError", `The manifest ${uri} is not valid JSON: ${text.slice(0, 80)}`);
  }
}

async function readLabelMap(
  objects: LocalObjects,
  channel: Channel | undefined,
  name: string,
): Promise<((pixel: number) => number) | undefined> {
  if (channel === undefined) return undefined;
  const file = (await readFiles(objects, channel)).find((item) => baseName(item.name) === name);
  const text = file === undefined ? undefined : await readText(objects, file.uri, readLimits.setting);
  return text === undefined ? undefined : parseLabelMap(name, text);
}

/** Reads files until they have more than `most` bytes together. */
function sampleReader(objects: LocalObjects, most: number): ReadFile {
  let left = most;
  return async (uri) => {
    left -= (await headObject(objects, uri))?.size ?? 0;
    if (left < 0) {
      throw new ContainerError(
        "ClientError",
        `Images and masks of the job have more than ${most} bytes, which the embedded backend does not take. Train on fewer or smaller images.`,
      );
    }
    const bytes = await readObject(objects, uri);
    if (bytes === undefined) throw new ContainerError("ClientError", `Cannot read ${uri}.`);
    return bytes;
  };
}

function missing(channel: string): ContainerError {
  return new ContainerError("ClientError", `Required channel '${channel}' is missing in the input data configuration.`);
}
