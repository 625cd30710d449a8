import { describe, expect, it } from "vitest";
import { type JobKind, createJobHandle } from "../../src/aws/job-handle.js";
import { SegmentationError } from "../../src/core/errors.js";
import { rejectionOf } from "../support/refusal-of.js";

interface State {
  readonly status: "InProgress" | "Completed" | "Failed" | "Stopped";
  readonly labeled: number;
}

const awsError = (code: "aws.throttled" | "aws.credentials" | "aws.validation"): SegmentationError =>
  new SegmentationError(code, `${code} happened.`, {
    operation: "DescribeJob",
    name: code,
    retryable: code === "aws.throttled",
  });
const running = (labeled: number): State => ({ status: "InProgress", labeled });
const ended = (status: State["status"]): State => ({ status, labeled: 3 });

/** A job that answers looks from a list; the last answer stays. */
function jobOf(looks: readonly (State | Error)[], extra: Partial<JobKind<State, string>> = {}) {
  const seen = { looks: 0, stops: 0 };
  const handle = createJobHandle<State, string>({
    kind: "labeling job",
    name: "turtles",
    pollInterval: 0,
    describe: () => {
      const look = looks[Math.min(seen.looks++, looks.length - 1)]!;
      return look instanceof Error ? Promise.reject(look) : Promise.resolve(look);
    },
    stop: () => {
      seen.stops++;
      return Promise.resolve();
    },
    status: ({ status }) => status,
    phase: ({ status }) =>
      (({ InProgress: "running", Completed: "completed", Failed: "failed", Stopped: "stopped" }) as const)[status],
    reason: ({ status }) => (status === "Failed" ? "ClientError: no images" : undefined),
    outcome: ({ labeled }) => Promise.resolve(`${labeled} labels`),
    ...extra,
  });
  return { handle, seen };
}

async function all<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const found: Item[] = [];
  for await (const item of items) found.push(item);
  return found;
}

it("is made from a name without any call", () => {
  const { handle, seen } = jobOf([running(0)]);
  expect(handle.name).toBe("turtles");
  expect(seen).toEqual({ looks: 0, stops: 0 });
});

describe("wait", () => {
  it("gives the result of a completed job and reports progress", async () => {
    const { handle } = jobOf([running(1), running(2), ended("Completed")], {
      progress: { unit: "images", of: ({ labeled }) => ({ done: labeled, total: 3 }) },
    });
    const reports: string[] = [];
    const result = await handle.wait({
      progress: ({ done, total, unit, detail }) => reports.push(`${done}/${total ?? "?"} ${unit} ${detail ?? ""}`),
    });
    expect(result).toBe("3 labels");
    expect(reports).toEqual(["1/3 images InProgress", "2/3 images InProgress", "3/3 images Completed"]);
  });

  it("never resolves for a failed job: AWS's reason and our hint stand in the error", async () => {
    const { handle } = jobOf([running(0), ended("Failed")], {
      hint: (reason) => `Check the prefix (${reason.length}).`,
    });
    const error = await rejectionOf(handle.wait());
    expect(error).toMatchObject({
      code: "job.failed",
      details: {
        kind: "labeling job",
        job: "turtles",
        status: "Failed",
        reason: "ClientError: no images",
        hint: "Check the prefix (22).",
      },
    });
    expect(error.message).toContain("ClientError: no images");
  });

  it("never resolves for a job that somebody stopped", async () => {
    expect((await rejectionOf(jobOf([ended("Stopped")]).handle.wait())).code).toBe("job.stopped");
  });

  it("waits trouble out that may pass", async () => {
    const { handle, seen } = jobOf([
      running(0),
      awsError("aws.throttled"),
      awsError("aws.throttled"),
      ended("Completed"),
    ]);
    expect(await handle.wait()).toBe("3 labels");
    expect(seen.looks).toBe(4);
  });

  it("ends with expired credentials at once; a new handle goes on", async () => {
    const { handle, seen } = jobOf([running(0), awsError("aws.credentials"), ended("Completed")]);
    expect((await rejectionOf(handle.wait())).code).toBe("aws.credentials");
    expect(seen.looks).toBe(2);
    expect(await handle.wait()).toBe("3 labels");
  });

  it("gives up after many failures in a row", async () => {
    const { handle, seen } = jobOf([awsError("aws.throttled")]);
    expect((await rejectionOf(handle.wait())).code).toBe("aws.throttled");
    expect(seen.looks).toBe(9);
  });

  it("runs out of its own time, and does not stop the job", async () => {
    const { handle, seen } = jobOf([running(0)]);
    const error = await rejectionOf(handle.wait({ pollInterval: 5, timeout: 20 }));
    expect(error).toMatchObject({ code: "job.timeout", details: { job: "turtles" } });
    expect(seen.stops).toBe(0);
  });

  it("ends with the signal's own reason, and does not stop the job", async () => {
    const reason = new Error("closing time");
    const controller = new AbortController();
    const { handle, seen } = jobOf([running(0)]);
    const waiting = handle.wait({ pollInterval: 60_000, signal: controller.signal });
    setImmediate(() => controller.abort(reason));
    await expect(waiting).rejects.toBe(reason);
    expect(seen.stops).toBe(0);
  });

  it("refuses an interval that is none", async () => {
    expect((await rejectionOf(jobOf([running(0)]).handle.wait({ pollInterval: NaN }))).code).toBe("input.invalid");
  });
});

describe("watch", () => {
  it("yields every look, the last one too, also of a failed job", async () => {
    const states = await all(jobOf([running(0), running(0), ended("Failed")]).handle.watch());
    expect(states.map(({ status }) => status)).toEqual(["InProgress", "InProgress", "Failed"]);
  });

  it("leaves out states that are the same to a watcher", async () => {
    const { handle } = jobOf([running(0), running(0), running(1), ended("Completed")], {
      fingerprint: ({ status, labeled }) => `${status} ${labeled}`,
    });
    expect((await all(handle.watch())).map(({ labeled }) => labeled)).toEqual([0, 1, 3]);
  });
});

describe("stop", () => {
  const refused = { stop: () => Promise.reject(awsError("aws.validation")) };

  it("does nothing when the job has ended, which AWS refuses", async () => {
    await expect(jobOf([ended("Completed")], refused).handle.stop()).resolves.toBeUndefined();
  });

  it("throws the signal's own reason when it aborts while the job is looked at", async () => {
    const reason = new Error("enough");
    const stop = new AbortController();
    const { handle } = jobOf([running(0)], {
      ...refused,
      describe: (signal) => {
        stop.abort(reason);
        signal?.throwIfAborted();
        return Promise.reject(new Error("not reached"));
      },
    });
    await expect(handle.stop({ signal: stop.signal })).rejects.toBe(reason);
  });

  it("tells a refusal for a running job", async () => {
    expect((await rejectionOf(jobOf([running(0)], refused).handle.stop())).code).toBe("aws.validation");
  });
});
