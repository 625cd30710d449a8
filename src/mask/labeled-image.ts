import type { Mask } from "./mask.js";

/**
 * An image with its true mask, both read only when asked for.
 *
 * A dataset's channels are made of these, and `evaluate` takes them.
 */
export interface LabeledImage<in out Name extends string> {
  /** Name of the image within its set, e.g. `beach-12.jpg`. */
  readonly name: string;
  /** Reads the image file, JPEG or PNG bytes as they are stored; of a dataset `codec.limit` above 256 MiB. */
  image(signal?: AbortSignal): Promise<Uint8Array>;
  /**
   * Reads the true mask; it has the stored size of the image (EXIF orientation is not applied). Of a dataset `codec.limit`
   * above 256 MiB.
   */
  mask(signal?: AbortSignal): Promise<Mask<Name>>;
}
