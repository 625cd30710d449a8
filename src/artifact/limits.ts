import { SegmentationError } from "../core/errors.js";

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

const defaultLimits: ArtifactLimits = {
  unpackedBytes: 2 * 1024 ** 3,
  weightsBytes: 1024 ** 3,
  entries: 1000,
  arrays: 4096,
  dimensions: 8,
  nameBytes: 512,
};

/** The limits in effect: those of the caller, and the defaults for the others. Throws `input.invalid`. */
export function limitsOf(given: Partial<ArtifactLimits> = {}): ArtifactLimits {
  for (const [name, value] of Object.entries(given)) {
    if (Object.hasOwn(defaultLimits, name) && Number.isSafeInteger(value) && value > 0) continue;
    const expected = `whole numbers above 0 for ${Object.keys(defaultLimits).join(", ")}`;
    const parameter = `limits.${name}`;
    const message = `The limit ${name} is ${String(value)}: expected ${expected}.`;
    throw new SegmentationError("input.invalid", message, { parameter, value, expected });
  }
  return { ...defaultLimits, ...given };
}
