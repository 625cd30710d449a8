import type { ObjectStore } from "../core/object-store.js";
import type { WorkOptions } from "../core/progress.js";
import { folderUri, joinS3Uri } from "../core/s3-uri.js";
import { type Todo, requireSteps } from "../core/steps.js";
import { withLocalFiles } from "../files/any-store.js";
import type { Labels } from "../manifest/labels.js";
import type { ClassTable } from "../mask/classes.js";
import { channelUris } from "./channels.js";
import { balanceByName } from "./class-balance.js";
import type { ClassShare, Dataset, DatasetChannels, DatasetWarning, SplitName } from "./dataset.js";
import { ImportSteps } from "./import-steps.js";
import { labelSource } from "./label-source.js";
import { type PairFolders, pairSource } from "./pair-source.js";
import { type PreparedDataset, prepareDataset } from "./plan.js";
import type { SampleSource } from "./sample-source.js";
import { type SplitOptions, checkSplit } from "./split.js";
import { uploadDataset } from "./upload.js";

/** What a dataset needs of its session. */
export interface DatasetContext {
  readonly store: ObjectStore;
  /** The workspace folder. Throws `session.missing`. */
  workspace(neededBy: string): string;
}

/** Options of an upload. */
export interface UploadOptions extends WorkOptions {
  /**
   * File on this machine that remembers what was checked, so that an upload that was killed need not read masks again;
   * it may be deleted at any time. What has arrived in S3 is never sent again, with or without it.
   */
  readonly journal?: string;
}

/** One image of a plan, with where it comes from and where it goes. */
export interface PlannedImage {
  /** Whether it trains or validates. */
  readonly half: SplitName;
  /** Address of the image as it lies now. */
  readonly source: string;
  /** Address of the mask as it lies now. */
  readonly maskSource: string;
  /** Address that the image will be copied to. */
  readonly imageUri: string;
  /** Address that the mask will be written to, as an 8-bit palette PNG. */
  readonly maskUri: string;
  /** Pixels per row, of image and mask. */
  readonly width: number;
  /** Rows, of image and mask. */
  readonly height: number;
}

/** What an upload would write. */
export interface DatasetPlan<in out Name extends string> {
  /** The folder, ending in `/`. */
  readonly uri: string;
  /** Folders that the images and masks would go to. */
  readonly channels: DatasetChannels;
  /** Number of images in each half. */
  readonly counts: Readonly<Record<SplitName, number>>;
  /** How often each class occurs, by half and class name. */
  readonly balance: Readonly<Record<SplitName, Readonly<Record<Name, ClassShare>>>>;
  /** All images that would be written, in the order of the upload. */
  readonly images: readonly PlannedImage[];
  /** What a person should know before the upload. */
  readonly warnings: readonly DatasetWarning[];
}

interface Props<Name extends string> {
  readonly context: DatasetContext;
  readonly classes: ClassTable<Name>;
  readonly source?: SampleSource<Name>;
  readonly split: SplitOptions;
  readonly folder?: string;
  readonly pngImages: boolean;
}

/** Names the step that is to do; `never` when all are done. */
export type DatasetStep = "labels(...) or pairs(...)";

/**
 * Builds a dataset: where images and masks come from, how they are divided, where they go. Every step returns a new
 * builder; only `plan` and `upload` do work.
 *
 * Images are never loaded: their first kilobytes are read for kind and size, and they are copied inside S3. Masks are
 * read, checked, turned into class indices and written as 8-bit palette PNGs.
 */
export class DatasetBuilder<in out Name extends string, Missing extends string = DatasetStep>
  extends ImportSteps<Name, DatasetBuilder<Name, never>>
  implements Todo<Missing>
{
  /** Never there at run time: it holds the steps that are to do in the type, `never` when all are done. */
  declare readonly "~todo"?: Missing;
  readonly #props: Props<Name>;

  /** @internal */
  constructor(props: Props<Name>) {
    super(props.classes);
    this.#props = Object.freeze(props);
  }

  /**
   * Takes the labeled images of a labeling job; failed and unlabeled ones are left out and reported as warnings.
   *
   * @throws `input.invalid` when the labels belong to other classes.
   */
  labels(labels: Labels<Name>): DatasetBuilder<Name, never> {
    return this.#with({ source: labelSource(this.#props.classes, labels) });
  }

  /**
   * Takes two folders whose files pair by name: `images/beach/12.jpg` with `masks/beach/12.png`.
   *
   * @throws `s3.uri`, `input.invalid`, `classes.unknown` for settings that cannot be right.
   */
  pairs(folders: PairFolders<Name>): DatasetBuilder<Name, never> {
    return this.#with({ source: pairSource(this.#props.classes, folders) });
  }

  /**
   * Divides by shares with a seed, or by names. Default: 0.8 trains, 0.2 validates, seed 0.
   *
   * @throws `input.invalid` for shares that are not above 0 or exceed 1 together.
   */
  split(options: SplitOptions): DatasetBuilder<Name, Missing> {
    return this.#with({ split: checkSplit(options) });
  }

  /** The folder to write to; default `dataset/` in the session's workspace. Throws `s3.uri`. */
  to(uri: string): DatasetBuilder<Name, Missing> {
    return this.#with({ folder: folderUri(uri) });
  }

  /**
   * Takes PNG images as well. AWS documents JPEG only; a public job with PNG images has trained. Without this step a
   * PNG image is an error.
   */
  allowPngImages(): DatasetBuilder<Name, Missing> {
    return this.#with({ pngImages: true });
  }

  /**
   * Does all checks and writes nothing.
   *
   * @throws `dataset.empty`, `dataset.unpaired`, `dataset.duplicate`, `dataset.image`, `dataset.mask`, `manifest`,
   * `aws`, `session.missing`.
   */
  async plan(this: DatasetBuilder<Name, never>, options: WorkOptions = {}): Promise<DatasetPlan<Name>> {
    const { classes } = this.#props;
    const { folder, prepared } = await this.#prepare(options);
    const { samples, tally, warnings } = prepared;
    const count = (half: SplitName): number => samples.filter((sample) => sample.half === half).length;
    return {
      uri: folder,
      channels: channelUris(folder),
      counts: { train: count("train"), validation: count("validation") },
      balance: { train: balanceByName(classes, tally.train), validation: balanceByName(classes, tally.validation) },
      images: samples.map(({ half, source, maskSource, imageUri, maskUri, width, height }) => ({
        half,
        source: source.uri,
        maskSource,
        imageUri,
        maskUri,
        width,
        height,
      })),
      warnings,
    };
  }

  /**
   * Checks everything, then writes the channels. Images in S3 are copied there, those above 5 GB in parts. The same
   * upload run again goes on where it was interrupted or killed, and does nothing when it was complete; equal inputs
   * give equal keys and bytes.
   *
   * @throws As {@link plan}, before anything is written; `dataset.occupied` when the folder holds something else.
   */
  async upload(this: DatasetBuilder<Name, never>, options: UploadOptions = {}): Promise<Dataset<Name>> {
    const { context, classes } = this.#props;
    const { folder, prepared } = await this.#prepare(options);
    const { signal, progress } = options;
    return uploadDataset({ store: context.store, classes, folder, prepared, signal, progress });
  }

  async #prepare({ signal, progress, journal }: UploadOptions): Promise<{ folder: string; prepared: PreparedDataset }> {
    const { context, source, split, pngImages } = this.#props;
    requireSteps("The dataset", { "labels(...) or pairs(...)": source } satisfies Record<DatasetStep, unknown>);
    const folder = this.#props.folder ?? joinS3Uri(context.workspace("A dataset"), "dataset/");
    // `requireSteps` has thrown without it.
    const given = source as SampleSource<Name>;
    const { store } = context;
    return {
      folder,
      prepared: await prepareDataset({ store, source: given, split, folder, pngImages, journal, signal, progress }),
    };
  }

  /** @internal */
  protected override fromSource(source: SampleSource<Name>): DatasetBuilder<Name, never> {
    return this.#with({ source });
  }

  #with<Next extends string>(change: Partial<Props<Name>>): DatasetBuilder<Name, Next> {
    return new DatasetBuilder<Name, Next>({ ...this.#props, ...change });
  }
}

/** Starts a dataset of these classes. */
export function datasetBuilder<Name extends string>(
  context: DatasetContext,
  classes: ClassTable<Name>,
): DatasetBuilder<Name> {
  const reading = { store: withLocalFiles(context.store), workspace: context.workspace.bind(context) };
  return new DatasetBuilder({ context: reading, classes, split: {}, pngImages: false });
}
