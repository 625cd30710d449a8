import type { AwsContext } from "../aws/context.js";
import type { WaitOptions } from "../aws/job-handle.js";
import { isTransient, retryTransient } from "../aws/retry.js";
import { SegmentationError } from "../core/errors.js";
import { poll } from "../core/poll.js";
import { progressReporter } from "../core/progress.js";
import { describeEndpoint, endpointPhase } from "./endpoint-state.js";
import type { EndpointState } from "./endpoint-state.js";

/**
 * Looks at an endpoint until it neither changes nor waits, and returns its last state, whatever that is. Hiccups of AWS
 * are waited out.
 *
 * @param justMade - Whether "not found" may only mean that AWS has not caught up yet.
 * @throws `job.timeout`, `aws.*`.
 */
export async function settleEndpoint(
  context: AwsContext,
  name: string,
  options: WaitOptions & { readonly justMade?: boolean },
): Promise<EndpointState> {
  const { signal, timeout, justMade = false } = options;
  const interval = options.pollInterval ?? context.pollInterval;
  const began = Date.now();
  const reporter = progressReporter(options.progress, `endpoint ${name}`, "s");
  let last: EndpointState | undefined;
  const look = (): Promise<EndpointState> =>
    retryTransient(() => describeEndpoint(context, name, signal), {
      tolerate: 8,
      delay: Math.min(1000, interval),
      passing: (error) =>
        isTransient(error) || (justMade && last === undefined && SegmentationError.is(error, "aws.not-found")),
      ...(signal === undefined ? {} : { signal }),
    });
  const pace = {
    interval,
    ...(timeout === undefined ? {} : { timeout }),
    ...(signal === undefined ? {} : { signal }),
  };
  try {
    const settled = (state: EndpointState): boolean => endpointPhase(state) !== "changing";
    for await (const state of poll(look, settled, pace, (waited) => timedOut(name, waited))) {
      last = state;
      reporter.report(Math.round((Date.now() - began) / 1000), undefined, state.status);
    }
  } finally {
    reporter.end();
  }
  // `poll` yields at least once before it ends.
  return last as EndpointState;
}

/** Throws `endpoint.failed` unless the endpoint answers requests. */
export function assertInService(state: EndpointState): void {
  if (endpointPhase(state) === "ready") return;
  const reason = failureText(state);
  throw new SegmentationError("endpoint.failed", `The endpoint "${state.name}" is not in service: ${reason}`, {
    endpoint: state.name,
    reason,
    removed: [],
    remaining: [`endpoint ${state.name}`],
  });
}

/** AWS's reason, or the status when it gives none. */
export function failureText({ status, failureReason }: EndpointState): string {
  return failureReason ?? `its status is ${status}, and AWS gave no reason.`;
}

function timedOut(name: string, waited: number): SegmentationError {
  return new SegmentationError(
    "job.timeout",
    `The endpoint "${name}" was not ready after ${waited} ms of waiting. It goes on; wait for it again by its name.`,
    { kind: "endpoint", job: name, waited },
  );
}
