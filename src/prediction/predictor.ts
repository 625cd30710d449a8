import type { AwsContext } from "../aws/context.js";
import type { CallOptions } from "../aws/job-handle.js";
import { SegmentationError } from "../core/errors.js";
import type { ClassTable } from "../mask/classes.js";
import type { Mask } from "../mask/mask.js";
import type { ProbabilityMap } from "../mask/probability-map.js";
import { defaultTimeout, invoke } from "./invoke.js";
import type { Accept, ProbabilityAccept } from "./invoke-request.js";
import { readMask, readProbabilityMap } from "./read-answer.js";
import { checkBody } from "./request-body.js";

/** Options of a predictor. */
export interface PredictorOptions {
  /** Name under which probabilities are asked for; default `application/x-protobuf`, which is proven in AWS's notebook. */
  readonly accept?: ProbabilityAccept;
  /**
   * Milliseconds to wait for one answer, 1 to 2,147,483,647; default 70,000, since the container may take 60 seconds, and
   * AWS ends what takes longer. When it is over, the picture is not sent again. A runtime client of your own
   * (`clients.runtime`) keeps its own limits beside this one.
   */
  readonly timeout?: number;
}

/**
 * Asks an endpoint what is in a picture.
 *
 * @example
 * ```ts
 * const mask = await predictor.mask(jpegBytes);
 * mask.share("sea turtle"); // e.g. 0.12
 * const probabilities = await predictor.probabilities(jpegBytes);
 * probabilities.at(10, 20, "sea turtle"); // e.g. 0.97
 * ```
 */
export interface Predictor<in out Name extends string> {
  /** Name of the endpoint. */
  readonly endpoint: string;
  /** The classes that the model's answers are read by; their number must be the model's. */
  readonly classes: ClassTable<Name>;
  /**
   * The most probable class of every pixel.
   *
   * @param image - The bytes of a JPEG file (or PNG, which is not documented and works); its mask has the same size.
   * @throws `prediction.body` before anything is sent, `prediction.model` when the container refuses or fails,
   * `prediction.answer` when the answer does not fit image and classes, `aws.not-found` when there is no such endpoint in
   * service, `aws.*`.
   */
  mask(image: Uint8Array, options?: CallOptions): Promise<Mask<Name>>;
  /**
   * The probability of every class at every pixel, `[classes, height, width]`: 4 bytes each, 84 MB for 21 classes and a
   * megapixel. Throws as {@link Predictor.mask} does.
   */
  probabilities(image: Uint8Array, options?: CallOptions): Promise<ProbabilityMap<Name>>;
}

/** Makes a predictor. Does no I/O. Throws `input.invalid` for a time-out that is none. */
export function createPredictor<Name extends string>(
  context: AwsContext,
  endpoint: string,
  classes: ClassTable<Name>,
  { accept = "application/x-protobuf", timeout = defaultTimeout }: PredictorOptions = {},
): Predictor<Name> {
  checkTimeout(timeout);

  async function ask<Result>(
    image: Uint8Array,
    wanted: Accept,
    { signal }: CallOptions,
    read: (...answer: Parameters<typeof readMask<Name>>) => Result,
  ): Promise<Result> {
    const body = checkBody(image);
    const answer = await invoke(context, body, { endpoint, accept: wanted, timeout, signal });
    return read(endpoint, answer, body, classes);
  }

  return {
    endpoint,
    classes,
    mask: (image, options = {}) => ask(image, "image/png", options, readMask<Name>),
    probabilities: (image, options = {}) => ask(image, accept, options, readProbabilityMap<Name>),
  };
}

function checkTimeout(timeout: number): void {
  // Longer than a 32-bit timer can hold would fire at once.
  if (Number.isInteger(timeout) && timeout > 0 && timeout <= 0x7fffffff) return;
  throw new SegmentationError("input.invalid", `timeout is ${timeout}. Expected whole milliseconds above 0.`, {
    parameter: "timeout",
    value: timeout,
    expected: "whole milliseconds above 0",
  });
}
