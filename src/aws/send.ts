import { fromAwsError } from "./aws-error.js";

/** What goes to every `client.send` as its second argument. */
export interface SendOptions {
  readonly abortSignal?: AbortSignal;
}

/**
 * The one door to AWS: runs one call and turns what it throws into a `SegmentationError` with an `aws.*` code, the
 * client's own error as its `cause`. On abort the signal's own reason is thrown, not the client's `AbortError`.
 *
 * The client itself repeats a request three times where that can help.
 *
 * @param operation - AWS's name of the operation, for messages, e.g. `CreateTrainingJob`.
 * @param call - Calls `client.send(command, options)`.
 */
export async function send<Output>(
  operation: string,
  call: (options: SendOptions) => Promise<Output>,
  signal?: AbortSignal,
): Promise<Output> {
  signal?.throwIfAborted();
  try {
    // A signal of its own for each request: many requests at a time would each listen to the caller's, which Node takes
    // for a leak and warns about.
    return await call(signal === undefined ? {} : { abortSignal: AbortSignal.any([signal]) });
  } catch (error) {
    signal?.throwIfAborted();
    throw fromAwsError(operation, error);
  }
}

/** Runs a stream that comes out of an AWS answer with the same error rules as {@link send}. */
export async function* guardStream(
  operation: string,
  body: AsyncIterable<Uint8Array>,
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array, void, void> {
  try {
    for await (const chunk of body) {
      signal?.throwIfAborted();
      yield chunk;
    }
  } catch (error) {
    signal?.throwIfAborted();
    throw fromAwsError(operation, error);
  }
}
