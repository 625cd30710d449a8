/** Options of the augmented manifests. */
export interface AugmentedManifestOptions {
  /** Seed by which SageMaker shuffles the training lines anew for each epoch; default: no shuffling. */
  readonly shuffleSeed?: number;
  /** On abort the signal's reason is thrown. */
  readonly signal?: AbortSignal;
}

/** The augmented manifests of a dataset, as `estimator.augmentedManifests(...)` takes them. */
export interface DatasetManifests {
  /** That of the training images. */
  readonly train: {
    /** S3 address of the manifest. */
    readonly uri: string;
    /** Attribute of the masks. */
    readonly labels: string;
    /** Seed of the shuffling, when one was given. */
    readonly shuffleSeed?: number;
  };
  /** That of the validation images. */
  readonly validation: {
    /** S3 address of the manifest. */
    readonly uri: string;
    /** Attribute of the masks. */
    readonly labels: string;
  };
}

/** Attribute of the masks; its name must end in `-ref` (developer guide, augmented manifests). */
export const maskAttribute = "mask-ref";

/** Address of an augmented manifest: beside the channels, where training does not take it for data. */
export function augmentedManifestUri(folder: string, half: "train" | "validation"): string {
  return `${folder}${half}.manifest`;
}
