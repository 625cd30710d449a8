import type * as Runtime from "@aws-sdk/client-sagemaker-runtime";
import type { InvokeEndpointCommandInput } from "@aws-sdk/client-sagemaker-runtime";
import type { AwsContext } from "../aws/context.js";
import { send } from "../aws/send.js";
import { SegmentationError } from "../core/errors.js";
import { invokeRequest } from "./invoke-request.js";
import type { Accept } from "./invoke-request.js";
import type { RequestBody } from "./request-body.js";

/** Loaded by the first call and kept: asking for a module again takes a third of a short prediction's time. */
let commands: Promise<typeof Runtime> | undefined;

/** An endpoint's answer, unread. */
export interface Answer {
  readonly bytes: Uint8Array;
  readonly contentType: string | undefined;
}

/** The container may take 60 seconds; AWS advises 70 for the client. */
export const defaultTimeout = 70_000;

/** Everything about one call but its body. */
export interface InvokeOptions {
  readonly endpoint: string;
  readonly accept: Accept;
  /** Milliseconds. */
  readonly timeout: number;
  readonly signal: AbortSignal | undefined;
}

/** Sends one image. Throws `prediction.model` for an error of the container, `aws.network` after `timeout`, `aws.*`. */
export async function invoke(context: AwsContext, body: RequestBody, options: InvokeOptions): Promise<Answer> {
  const { endpoint, accept, timeout, signal } = options;
  const request: InvokeEndpointCommandInput = invokeRequest(endpoint, accept, body);
  const client = await context.clients.runtime();
  const { InvokeEndpointCommand } = await (commands ??= import("@aws-sdk/client-sagemaker-runtime"));
  const limit = AbortSignal.timeout(timeout);
  const either = signal === undefined ? limit : AbortSignal.any([signal, limit]);
  try {
    const answer = await send(
      "InvokeEndpoint",
      () => client.send(new InvokeEndpointCommand(request), { abortSignal: either }),
      signal,
    );
    // An empty answer is `null` here, whatever the client's type says.
    const bytes = answer.Body as Uint8Array | null;
    return { bytes: bytes ?? new Uint8Array(), contentType: answer.ContentType };
  } catch (error) {
    signal?.throwIfAborted();
    if (limit.aborted) throw tooSlow(endpoint, timeout, error);
    throw modelError(endpoint, body, error) ?? error;
  }
}

function tooSlow(endpoint: string, timeout: number, cause: unknown): SegmentationError {
  return new SegmentationError(
    "aws.network",
    `The endpoint "${endpoint}" did not answer within ${timeout} ms. Large images take longer, above all without a GPU.`,
    { operation: "InvokeEndpoint", name: "TimeoutError", retryable: true },
    { cause },
  );
}

/** A refusal or failure of the container itself (HTTP 424), with what it said; `undefined` for any other error. */
function modelError(endpoint: string, body: RequestBody, error: unknown): SegmentationError | undefined {
  const cause = SegmentationError.is(error, "aws") ? error.cause : undefined;
  if (typeof cause !== "object" || cause === null || (cause as { name?: unknown }).name !== "ModelError")
    return undefined;
  const { OriginalStatusCode, OriginalMessage, LogStreamArn } = cause as Readonly<Record<string, unknown>>;
  const status = typeof OriginalStatusCode === "number" ? OriginalStatusCode : undefined;
  const said = typeof OriginalMessage === "string" ? OriginalMessage.slice(0, 2000) : undefined;
  const size =
    body.bytes.length > 6_291_456
      ? ` The body has ${body.bytes.length} bytes: containers were reported to stop at 6 or 10 MB.`
      : "";
  return new SegmentationError(
    "prediction.model",
    `The model behind "${endpoint}" answered with an error${status === undefined ? "" : ` (${status})`}: ${said ?? "no message"}.${size}`,
    {
      endpoint,
      ...(status === undefined ? {} : { originalStatus: status }),
      ...(said === undefined ? {} : { originalMessage: said }),
      ...(typeof LogStreamArn === "string" ? { logs: LogStreamArn } : {}),
    },
    { cause },
  );
}
