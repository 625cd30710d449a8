import { SegmentationError } from "../../core/errors.js";
import { checkLimit } from "../../core/limit.js";

/** Limits of what is read of a record. */
export interface ReadRecordOptions {
  /** Most features, labels and pieces of bytes together, replaced ones included; default 100,000. */
  readonly maxEntries?: number;
  /**
   * Most whole numbers together: values of `int32_tensor`, keys and shapes. Default 16,777,216 (2^24). In the message a
   * number may have one byte, here it takes 8.
   */
  readonly maxIntegers?: number;
}

/** Counts what takes more memory than it has bytes in the message. */
export class RecordBudget {
  #entries = 0;
  #integers = 0;
  readonly #maxEntries: number;
  readonly #maxIntegers: number;

  constructor({ maxEntries = 100_000, maxIntegers = 2 ** 24 }: ReadRecordOptions) {
    this.#maxEntries = checkLimit("maxEntries", maxEntries);
    this.#maxIntegers = checkLimit("maxIntegers", maxIntegers);
  }

  /** One entry more. Throws `codec.limit`. */
  entry(offset: number): void {
    if (++this.#entries > this.#maxEntries) throw above("entries", "maxEntries", this.#maxEntries, offset);
  }

  /** One whole number more. Throws `codec.limit`. */
  integer(offset: number): void {
    if (++this.#integers > this.#maxIntegers) throw above("whole numbers", "maxIntegers", this.#maxIntegers, offset);
  }
}

function above(what: string, option: string, limit: number, offset: number): SegmentationError<"codec.limit"> {
  return new SegmentationError(
    "codec.limit",
    `A record has more than ${limit} ${what} (byte ${offset}). Raise ${option} to read it.`,
    { what: `record ${what}`, limit, actual: limit + 1, offset },
  );
}
