import { SegmentationError } from "../core/errors.js";
import { folderUri, parseS3Uri } from "../core/s3-uri.js";
import type { TrainingFinding } from "./finding.js";
import type { PlannedChannel, TrainingInputMode } from "./planned-channel.js";

/** Settings of one channel, where its folder alone does not say enough. */
export interface ChannelSettings {
  /** S3 folder, or with `manifest` the S3 address of a manifest. */
  readonly uri: string;
  /** How its data reaches the container; default: the job's input mode. */
  readonly inputMode?: TrainingInputMode;
  /**
   * Content type; default `image/jpeg` for images and `image/png` for masks. `false` leaves it out, as AWS's notebook
   * does.
   */
  readonly contentType?: string | false;
  /**
   * Whether `uri` is a manifest of S3, `[{"prefix": "s3://..."}, "name", ...]`; default `false`. Legal, and seen with no
   * public job of this algorithm.
   */
  readonly manifest?: boolean;
}

/** Where the data of a training job lies in S3, under the algorithm's own channel names. Folders may lack the last `/`. */
export interface TrainingChannels {
  /** Folder of the training images, JPEG. */
  readonly train: string | ChannelSettings;
  /** Folder of the training masks: PNG, same base name as the image, class index or 255 (ignored) in every pixel. */
  readonly train_annotation: string | ChannelSettings;
  /** Folder of the validation images. */
  readonly validation: string | ChannelSettings;
  /** Folder of the validation masks. */
  readonly validation_annotation: string | ChannelSettings;
  /** Folder with `train_label_map.json` and `validation_label_map.json`, when pixel values are not class indices. */
  readonly label_map?: string | ChannelSettings;
  /**
   * `model.tar.gz` of an earlier job of this algorithm, to go on from; `continueFrom` checks more. `backbone`,
   * `algorithm`, `crop_size` and `num_classes` must equal that job's.
   */
  readonly model?: string;
}

/** An augmented manifest as one channel: JSON Lines that name an image and its mask each. */
export interface AugmentedManifest {
  /** S3 address of the manifest, in the region of the job. */
  readonly uri: string;
  /** Attribute that holds the mask's address; it must end in `-ref`. */
  readonly labels: string;
  /** Attribute that holds the image's address; default `source-ref`. */
  readonly images?: string;
  /** Shuffles the lines anew at each epoch, in an order that follows from this number; default: no shuffling. */
  readonly shuffleSeed?: number;
}

/** The two manifests of a job in Pipe mode; they may come from different labeling jobs. */
export interface AugmentedManifests {
  /** Manifest of the training images. */
  readonly train: AugmentedManifest;
  /** Manifest of the validation images; the algorithm needs it, too. */
  readonly validation: AugmentedManifest;
}

// In the order in which the official SDK's users give them.
const folders = ["train", "validation", "train_annotation", "validation_annotation", "label_map"] as const;

const contentTypes = {
  train: "image/jpeg",
  validation: "image/jpeg",
  train_annotation: "image/png",
  validation_annotation: "image/png",
  // The content type of a label map is documented nowhere; without one it works.
  label_map: undefined,
} as const;

/**
 * Checks the channels and ends every folder in `/`.
 *
 * @throws `s3.uri` for an address that is none; `training.invalid` for a missing channel, one that covers a whole
 * bucket, images and masks in one folder, and a model that is no `.tar.gz`.
 */
export function checkChannels(channels: TrainingChannels): readonly PlannedChannel[] {
  const checked: PlannedChannel[] = [];
  for (const name of folders) {
    const given = channels[name];
    if (given === undefined) {
      if (name === "label_map") continue;
      throw invalid(name, given, "an S3 folder, s3://bucket/folder/: the algorithm needs this channel");
    }
    checked.push(checkFolder(name, typeof given === "string" ? { uri: given } : given));
  }
  for (const set of ["train", "validation"] as const) {
    const [images, masks] = [set, `${set}_annotation`].map((name) => checked.find((channel) => channel.name === name));
    if (images?.uri === masks?.uri) {
      throw invalid(`${set}_annotation`, masks?.uri, "a folder of its own: it is that of the images");
    }
  }
  return channels.model === undefined ? checked : [...checked, modelChannel(channels.model)];
}

/** The channel of an earlier artifact. Throws `training.invalid` for what is no `.tar.gz`. */
export function modelChannel(uri: string): PlannedChannel {
  if (!parseS3Uri(uri).key.endsWith(".tar.gz")) {
    throw invalid("model", uri, "the model.tar.gz of an earlier training job");
  }
  return { name: "model", kind: "prefix", uri, contentType: "application/x-sagemaker-model", inputMode: "File" };
}

/**
 * The channels of a job that reads augmented manifests: Pipe mode, image and mask records in turn.
 *
 * @throws `s3.uri`, and `training.invalid` for attributes that the service does not take as addresses.
 */
export function manifestChannels(manifests: AugmentedManifests): readonly PlannedChannel[] {
  return (["train", "validation"] as const).map((name) => {
    const { uri, images = "source-ref", labels, shuffleSeed } = manifests[name];
    const { key } = parseS3Uri(uri);
    if (key === "" || key.endsWith("/")) throw invalid(name, uri, "the address of a manifest file");
    for (const attribute of [images, labels]) {
      // Developer guide, augmented manifests: only attributes named so hold addresses that SageMaker opens.
      if (!/^.{1,252}-ref$/.test(attribute)) throw invalid(name, attribute, 'an attribute that ends in "-ref"');
    }
    if (images === labels) throw invalid(name, labels, "another attribute for the masks than for the images");
    if (shuffleSeed !== undefined && !Number.isSafeInteger(shuffleSeed)) {
      throw invalid(name, shuffleSeed, "an integer as shuffleSeed");
    }
    return {
      name,
      kind: "augmented",
      uri,
      contentType: "application/x-recordio",
      inputMode: "Pipe",
      // Their order is that of the records in the stream.
      attributes: [images, labels],
      ...(shuffleSeed === undefined ? {} : { shuffleSeed }),
    } as const;
  });
}

/** A channel inside another is downloaded twice, and its files are reported as unreadable there. */
export function channelFindings(channels: readonly PlannedChannel[]): readonly TrainingFinding[] {
  const prefixes = channels.filter(({ kind, name }) => kind === "prefix" && name !== "model");
  return prefixes.flatMap((outer) =>
    prefixes.flatMap((inner): readonly TrainingFinding[] =>
      outer === inner || outer.uri === inner.uri || !inner.uri.startsWith(outer.uri)
        ? []
        : [
            {
              code: "channel.nested",
              severity: "warning",
              parameter: outer.name,
              message: `Channel ${outer.name} also takes everything of channel ${inner.name}, which lies in its folder.`,
              remedy: `Move the files of channel ${inner.name} out of ${outer.uri}.`,
            },
          ],
    ),
  );
}

function checkFolder(name: (typeof folders)[number], settings: ChannelSettings): PlannedChannel {
  const { uri, inputMode, contentType = contentTypes[name], manifest = false } = settings;
  const kind = manifest ? "manifest" : "prefix";
  const address = manifest ? uri : folderUri(uri);
  if (parseS3Uri(address).key === "") throw invalid(name, uri, "a folder in the bucket, not the whole bucket");
  if (manifest && address.endsWith("/")) throw invalid(name, uri, "the address of a manifest file");
  if (typeof contentType === "string" && (contentType === "" || contentType.length > 256)) {
    throw invalid(name, contentType, "a content type of 1 to 256 characters, or false");
  }
  return {
    name,
    kind,
    uri: address,
    ...(typeof contentType === "string" ? { contentType } : {}),
    ...(inputMode === undefined ? {} : { inputMode }),
  };
}

function invalid(parameter: string, value: unknown, expected: string): SegmentationError {
  return new SegmentationError("training.invalid", `Channel ${parameter}: expected ${expected}.`, {
    parameter,
    ...(value === undefined ? {} : { value }),
    expected,
  });
}
