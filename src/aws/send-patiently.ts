import { retryTransient } from "./retry.js";
import { send, type SendOptions } from "./send.js";

/** Calls that may be sent again: a long run of them must outlive the client's retry quota. */
export function sendPatiently<Output>(
  operation: string,
  call: (options: SendOptions) => Promise<Output>,
  signal: AbortSignal | undefined,
): Promise<Output> {
  const patience = { tolerate: 3, delay: 300, ...(signal === undefined ? {} : { signal }) };
  return retryTransient(() => send(operation, call, signal), patience);
}
