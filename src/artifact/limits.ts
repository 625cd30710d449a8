/** The most that is read of an artifact: what a training job writes lies far below, what is above is refused. */
export interface ArtifactLimits {
  /** Bytes of the unpacked archive. Default 2 GiB; two weights files of the largest network have 0.6 GB. */
  readonly unpackedBytes: number;
  /** Bytes of a weights file. Default 1 GiB; the largest network of the algorithm has 0.27 GB. */
  readonly weightsBytes: number;
  /** Entries of the archive, folders and links included. Default 1,000; a training job writes three. */
  readonly entries: number;
  /** Arrays of a weights file. Default 4,096; the largest network has 574. */
  readonly arrays: number;
  /** Dimensions of an array. Default 8; convolutions have four. */
  readonly dimensions: number;
  /** Bytes of an array's name. Default 512. */
  readonly nameBytes: number;
}

/** The limits that hold where the caller gives none. */
export const defaultLimits: ArtifactLimits = {
  unpackedBytes: 2 * 1024 ** 3,
  weightsBytes: 1024 ** 3,
  entries: 1000,
  arrays: 4096,
  dimensions: 8,
  nameBytes: 512,
};
