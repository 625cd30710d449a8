import { SegmentationError } from "../core/errors.js";
import { folderUri, parseS3Uri } from "../core/s3-uri.js";
import type { TrainingWarning } from "./hyperparameter-advice.js";

/** Where the data of a training job lies in S3, under the algorithm's own channel names. Folders may lack the last `/`. */
export interface TrainingChannels {
  /** Folder of the training images, JPEG. */
  readonly train: string;
  /** Folder of the training masks: PNG, same base name as the image, class index or 255 (ignored) in every pixel. */
  readonly train_annotation: string;
  /** Folder of the validation images. */
  readonly validation: string;
  /** Folder of the validation masks. */
  readonly validation_annotation: string;
  /** Folder with `train_label_map.json` and `validation_label_map.json`, when pixel values are not class indices. */
  readonly label_map?: string;
  /**
   * `model.tar.gz` of an earlier job of this algorithm, to go on from. `backbone`, `algorithm`, `crop_size` and
   * `num_classes` must equal that job's.
   */
  readonly model?: string;
}

const folders = ["train", "validation", "train_annotation", "validation_annotation", "label_map"] as const;

/**
 * Checks the channels and ends every folder in `/`.
 *
 * @throws `s3.uri` for an address that is none; `training.invalid` for a missing channel, one that covers a whole
 * bucket, images and masks in one folder, and a model that is no `.tar.gz`.
 */
export function checkChannels(channels: TrainingChannels): TrainingChannels {
  const checked = new Map<string, string>();
  for (const name of folders) {
    const uri = channels[name];
    if (uri === undefined) {
      if (name === "label_map") continue;
      throw invalid(name, uri, "an S3 folder, s3://bucket/folder/: the algorithm needs this channel");
    }
    const folder = folderUri(uri);
    if (parseS3Uri(folder).key === "") throw invalid(name, uri, "a folder in the bucket, not the whole bucket");
    checked.set(name, folder);
  }
  for (const set of ["train", "validation"] as const) {
    if (checked.get(set) === checked.get(`${set}_annotation`)) {
      throw invalid(
        `${set}_annotation`,
        channels[`${set}_annotation`],
        "a folder of its own: it is that of the images",
      );
    }
  }
  if (channels.model !== undefined) {
    const { key } = parseS3Uri(channels.model);
    if (!key.endsWith(".tar.gz")) throw invalid("model", channels.model, "the model.tar.gz of an earlier training job");
    checked.set("model", channels.model);
  }
  // Made of exactly the names above.
  return Object.fromEntries(checked) as unknown as TrainingChannels;
}

/** A channel inside another is downloaded twice, and its files are reported as unreadable there. */
export function channelAdvice(channels: TrainingChannels): readonly TrainingWarning[] {
  const found: TrainingWarning[] = [];
  for (const outer of folders) {
    for (const inner of folders) {
      const [outside, inside] = [channels[outer], channels[inner]];
      if (outer === inner || outside === undefined || inside === undefined || outside === inside) continue;
      if (inside.startsWith(outside)) {
        found.push({
          parameter: outer,
          message: `Channel ${outer} also takes everything of channel ${inner}, which lies in its folder.`,
        });
      }
    }
  }
  return found;
}

function invalid(parameter: string, value: unknown, expected: string): SegmentationError {
  return new SegmentationError("training.invalid", `Channel ${parameter}: expected ${expected}.`, {
    parameter,
    ...(value === undefined ? {} : { value }),
    expected,
  });
}
