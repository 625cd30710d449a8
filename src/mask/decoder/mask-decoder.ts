import { inOrder } from "../../core/in-order.js";
import { SegmentationError } from "../../core/errors.js";
import type { ClassTable } from "../classes.js";
import { checkClasses, checkPngBytes } from "../decode-mask.js";
import type { DecodedMask, DecodeMaskOptions } from "../decode-mask.js";
import { createCheckedMask } from "../mask-value.js";
import type { Mask } from "../mask.js";
import { plainClasses } from "./messages.js";
import type { DecodeJob } from "./messages.js";
import { startWorker } from "./start-worker.js";
import { WorkerPool } from "./worker-pool.js";

/** Options of {@link createMaskDecoder}. */
export interface MaskDecoderOptions {
  /** Worker threads, 1 to 64; default: as many as the machine can run at a time. They start when there is work. */
  readonly workers?: number;
}

/** Options of {@link MaskDecoder}; those of `decodeMask`, without `out`. */
export interface DecodeInWorkerOptions extends Omit<DecodeMaskOptions, "out"> {
  /** On abort the signal's reason is thrown. A mask that a worker has begun is decoded in vain. */
  readonly signal?: AbortSignal;
}

/** Decodes masks in worker threads. */
export interface MaskDecoder extends AsyncDisposable {
  /** How many threads it may have. */
  readonly workers: number;
  /**
   * Decodes one mask, as `decodeMask` does. The bytes must stay unchanged until then.
   *
   * @throws What `decodeMask` throws; `decoder.failed` when the decoder is closed or a thread breaks down.
   */
  decode<Name extends string>(
    png: Uint8Array,
    options: DecodeInWorkerOptions & { readonly classes: ClassTable<Name> },
  ): Promise<Mask<Name>>;
  /** The same without a class table: the mask has indices only. */
  decode(png: Uint8Array, options?: DecodeInWorkerOptions): Promise<DecodedMask>;
  /**
   * Decodes many masks and gives them in their order. Of the source it takes no more than two masks for each worker beyond
   * what was taken from it; the rest waits until results are read.
   *
   * @throws As {@link MaskDecoder.decode}, for the first mask that fails, and what the source throws.
   */
  decodeMany<Name extends string>(
    pngs: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
    options: DecodeInWorkerOptions & { readonly classes: ClassTable<Name> },
  ): AsyncGenerator<Mask<Name>, void, undefined>;
  /** The same without a class table: the masks have indices only. */
  decodeMany(
    pngs: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
    options?: DecodeInWorkerOptions,
  ): AsyncGenerator<DecodedMask, void, undefined>;
  /** Ends the threads; what is not decoded fails with `decoder.failed`. The same as `await using`. */
  close(): Promise<void>;
}

/**
 * Makes a decoder that reads masks in worker threads: for servers, which must not stand still, and for many masks.
 *
 * Needs Node. Threads that have nothing to do do not keep the process alive.
 *
 * @throws `input.invalid` for another number of workers than 1 to 64, `decoder.failed` where there are no worker threads.
 *
 * @example
 * ```ts
 * import { createMaskDecoder, defineClasses } from "sagemaker-semseg/masks";
 *
 * async function turtles(files: AsyncIterable<Uint8Array>) {
 *   const classes = defineClasses(["background", "sea turtle"]);
 *   const decoder = createMaskDecoder();
 *   for await (const mask of decoder.decodeMany(files, { classes })) console.log(mask.share("sea turtle"));
 *   await decoder.close();
 * }
 * ```
 */
export function createMaskDecoder(options: MaskDecoderOptions = {}): MaskDecoder {
  const { start, parallelism } = startWorker();
  return decoderOf(options.workers ?? Math.min(64, parallelism), start);
}

const sentOptions = ["colorMap", "transparent", "maxPixels", "maxChunks", "ignoreUnknown", "name"] as const;

/** The options by name: what JavaScript users have beside them may be nothing that can be sent to a thread. */
function sendable(options: DecodeInWorkerOptions): DecodeJob["options"] {
  const given = sentOptions.filter((name) => options[name] !== undefined);
  return Object.fromEntries(given.map((name) => [name, options[name]]));
}

/** The decoder over any worker script. */
export function decoderOf(workers: number, start: ConstructorParameters<typeof WorkerPool>[1]): MaskDecoder {
  if (!Number.isInteger(workers) || workers < 1 || workers > 64) {
    const expected = "an integer from 1 to 64";
    throw new SegmentationError("input.invalid", `workers is ${workers}. Expected ${expected}.`, {
      parameter: "workers",
      value: workers,
      expected,
    });
  }
  const pool = new WorkerPool(workers, start);

  async function decode<Name extends string>(
    png: Uint8Array,
    options: DecodeInWorkerOptions & { readonly classes?: ClassTable<Name> } = {},
  ): Promise<Mask<Name> | DecodedMask> {
    const { classes, signal } = options;
    checkPngBytes(png);
    checkClasses(classes);
    const job = { options: sendable(options), classes: classes === undefined ? undefined : plainClasses(classes) };
    const { width, height, data, kind = "gray", palette } = await pool.run(png, job, signal);
    if (classes === undefined) return { width, height, data, kind, palette };
    return createCheckedMask(width, height, data, classes);
  }

  return {
    workers,
    // The overloads say which of the two it is.
    decode: decode as MaskDecoder["decode"],
    decodeMany: ((pngs: AsyncIterable<Uint8Array>, options: DecodeInWorkerOptions = {}) =>
      inOrder(
        pngs,
        workers * 2,
        (png, signal) => decode(png, { ...options, signal }),
        options.signal,
      )) as MaskDecoder["decodeMany"],
    close: () => pool.close(),
    [Symbol.asyncDispose]: () => pool.close(),
  };
}
