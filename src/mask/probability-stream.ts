import { checkShape, defaultMaxPixels, noTarget, sparseTarget } from "../codec/record/probabilities.js";
import type { Probabilities } from "../codec/record/probabilities.js";
import { TargetStream } from "../codec/record/target-stream.js";
import { eachItem } from "../core/abortable.js";
import { SegmentationError } from "../core/errors.js";
import { checkLimit } from "../core/limit.js";
import type { ClassTable } from "./classes.js";
import { otherClasses } from "./decode-probabilities.js";
import { createCheckedMask } from "./mask-value.js";
import type { Mask } from "./mask.js";
import type { MaskWithConfidence } from "./probability-map.js";
import { RunningArgmax } from "./running-argmax.js";

/** Options of {@link maskFromProbabilityStream}. */
export interface ProbabilityStreamOptions<in out Name extends string> {
  /** The classes of the answer; it must have as many planes. */
  readonly classes: ClassTable<Name>;
  /** Largest picture in pixels; default 100 million. */
  readonly maxPixels?: number;
  /** Longest answer in bytes; default 1 GiB. */
  readonly maxBytes?: number;
  /**
   * Most bytes of values to keep where an answer tells the number of pixels too late (see below); default 64 MiB.
   */
  readonly maxBufferedBytes?: number;
  /** On abort the signal's reason is thrown, and the source is told to stop. */
  readonly signal?: AbortSignal;
}

/**
 * Reads a probability answer while it arrives and gives the most probable class of every pixel.
 *
 * It needs memory for one mask (5 bytes a pixel) and one chunk, not for the answer (4 bytes a pixel and class). Takes what
 * {@link decodeProbabilities} takes, in chunks of any size. The algorithm writes the features `shape` and `target` in any
 * order: where `target` comes first, its length and the number of classes tell the number of pixels. In files of other
 * writers it may be unknown until the end (values in several pieces before the shape, a name behind its value): then up
 * to `maxBufferedBytes` are kept.
 *
 * @param chunks - E.g. the body of a `fetch`, or a file's read stream.
 * @returns The mask; with `confidence: true` also the highest probability of every pixel.
 * @throws `codec.recordio` and `codec.record` for damaged or unfit answers, also when the number of classes differs;
 * `codec.limit`; `input.invalid` for chunks that are no bytes; and what the source throws.
 *
 * @example
 * ```ts
 * import { createReadStream } from "node:fs";
 * import { defineClasses, maskFromProbabilityStream } from "sagemaker-semseg/masks";
 *
 * const classes = defineClasses(["background", "sea turtle"]);
 * const mask = await maskFromProbabilityStream(createReadStream("answer.rec"), { classes });
 * ```
 */
export function maskFromProbabilityStream<Name extends string>(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  options: ProbabilityStreamOptions<Name> & { readonly confidence: true },
): Promise<MaskWithConfidence<Name>>;
export function maskFromProbabilityStream<Name extends string>(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  options: ProbabilityStreamOptions<Name> & { readonly confidence?: false },
): Promise<Mask<Name>>;
export async function maskFromProbabilityStream<Name extends string>(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  options: ProbabilityStreamOptions<Name> & { readonly confidence?: boolean },
): Promise<Mask<Name> | MaskWithConfidence<Name>> {
  const { classes, maxPixels = defaultMaxPixels, maxBytes = 2 ** 30, maxBufferedBytes = 2 ** 26 } = options;
  for (const [name, value] of Object.entries({ maxPixels, maxBytes, maxBufferedBytes })) checkLimit(name, value);
  const running = new RunningArgmax(classes.count, { maxPixels, maxBuffered: maxBufferedBytes });
  let shape: Probabilities["shape"] | undefined;
  const stream = new TargetStream(
    {
      shape(sizes) {
        shape = sizes === undefined ? undefined : checkClasses(checkShape(sizes), classes);
        if (shape !== undefined && running.count > 0) running.size(shape[1] * shape[2]);
      },
      begin() {
        running.begin();
        if (shape !== undefined) running.size(shape[1] * shape[2]);
      },
      announce(count) {
        if (shape === undefined && running.count === 0 && count > 0 && count % classes.count === 0) {
          running.size(count / classes.count);
        }
      },
      push: (values) => running.push(values),
    },
    maxBufferedBytes,
  );
  await eachItem(chunks, options.signal, (chunk) => {
    checkChunk(chunk, stream.bytes, maxBytes);
    stream.push(chunk);
  });
  const end = stream.end();
  if (!end.found) throw noTarget(end.names);
  if (end.sparse) throw sparseTarget();
  const [count, height, width] = shape ?? checkClasses(checkShape(end.ownShape), classes);
  const { index, best } = running.end([count, height, width]);
  const mask = createCheckedMask(width, height, index, classes);
  return options.confidence === true ? { mask, confidence: best } : mask;
}

function checkClasses<Name extends string>(
  shape: Probabilities["shape"],
  classes: ClassTable<Name>,
): Probabilities["shape"] {
  if (shape[0] !== classes.count) throw otherClasses(shape[0], classes);
  return shape;
}

function checkChunk(chunk: Uint8Array, before: number, limit: number): void {
  if (!(chunk instanceof Uint8Array)) {
    const expected = "chunks of bytes (Uint8Array)";
    throw new SegmentationError("input.invalid", `A chunk is of the type ${typeof chunk}. Expected ${expected}.`, {
      parameter: "chunks",
      expected,
    });
  }
  const actual = before + chunk.length;
  if (actual <= limit) return;
  throw new SegmentationError("codec.limit", `The answer has more than ${limit} bytes. Raise maxBytes to read it.`, {
    what: "bytes",
    limit,
    actual,
  });
}
