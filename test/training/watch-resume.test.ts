import { describe, expect, it } from "vitest";
import { createAwsContext } from "../../src/aws/clients.js";
import { defineClasses } from "../../src/mask/classes.js";
import { attachTrainingJob } from "../../src/training/training-job.js";
import type { TrainingJob } from "../../src/training/training-job.js";
import type { TrainingEvent } from "../../src/training/training-events.js";
import { fakeLogs, servedLog } from "../support/fake-logs.js";
import { fakeSageMaker } from "../support/fake-sagemaker.js";
import { refusalOf } from "../support/refusal-of.js";

const classes = defineClasses(["background", "sea turtle"]);

// Line shapes: real logs of 2024 (dossier, section 4.4).
const lines = [
  "LRScheduler setup: iters per epoch: 91, num_epochs 2",
  "#progress_notice. epoch: 0, iterations: 20 speed: 50.5 samples/sec learning_rate: 0.000098",
  "#quality_metric. host: algo-1, epoch: 0, train loss: nan .",
  "#throughput_metric. host: algo-1, epoch: 0, train throughput: 49.1 samples/sec.",
  "#quality_metric. host: algo-1, epoch: 0, validation pixel_accuracy: 0.75 .",
  "#quality_metric. host: algo-1, epoch: 0, validation mIOU: 0.5 .",
  "#throughput_metric. host: algo-1, epoch: 0, validation throughput: 44.9 samples/sec.",
  "#quality_metric. host: algo-1, epoch: 1, train loss: 1.25 .",
];

/** A job whose log lies in two streams, as after an interruption, seen by another process each time. */
function jobOf(): { readonly job: TrainingJob<"background" | "sea turtle">; readonly operations: () => string[] } {
  const step = (Status: string, n: number): object => ({ Status, StartTime: 1_700_000_000 + n, StatusMessage: Status });
  const sagemaker = fakeSageMaker(() => ({
    body: {
      TrainingJobName: "turtles-1",
      TrainingJobStatus: "Completed",
      SecondaryStatus: "Completed",
      SecondaryStatusTransitions: [step("Starting", 0), step("Training", 1), step("Completed", 2)],
      TrainingEndTime: 1_700_000_003,
    },
  }));
  const logs = fakeLogs(
    servedLog(
      new Map([
        ["turtles-1/algo-1-1", lines.slice(0, 3)],
        ["turtles-1/algo-1-2", lines.slice(3)],
      ]),
    ),
  );
  const context = createAwsContext({
    region: "us-east-1",
    pollInterval: 0,
    clients: { sagemaker: sagemaker.client, logs: logs.client },
  });
  const operations = (): string[] => [...sagemaker.calls, ...logs.calls].map(({ operation }) => operation);
  return { job: attachTrainingJob(context, "turtles-1", classes), operations };
}

async function all(events: AsyncIterable<TrainingEvent>): Promise<TrainingEvent[]> {
  const found: TrainingEvent[] = [];
  for await (const event of events) found.push(event);
  return found;
}

describe("watching from a token", () => {
  it("gives the rest, whatever event it was left after, with the same events in all", async () => {
    for (const logs of [true, false]) {
      const whole = await all(jobOf().job.watch({ logs }));
      expect(whole.length).toBe(logs ? 14 : 6);
      for (let left = 0; left <= whole.length; left++) {
        const first = jobOf().job.watch({ logs });
        const seen: TrainingEvent[] = [];
        if (left > 0) {
          for await (const event of first) {
            seen.push(event);
            if (seen.length === left) break;
          }
        }
        const rest = await all(jobOf().job.watch({ logs, from: first.token }));
        expect([...seen, ...rest]).toEqual(whole);
      }
    }
  });

  it("goes on event by event, in as many processes as there are events", async () => {
    const whole = await all(jobOf().job.watch({ logs: true }));
    const seen: TrainingEvent[] = [];
    let from: string | undefined;
    for (let process = 0; process < 20; process++) {
      const watching = jobOf().job.watch({ logs: true, ...(from === undefined ? {} : { from }) });
      for await (const event of watching) {
        seen.push(event);
        break;
      }
      from = watching.token;
    }
    expect(seen).toEqual(whole);
  });

  it("makes no call to refuse a token of another job or none", () => {
    const { job, operations } = jobOf();
    const foreign = Buffer.from(JSON.stringify({ v: 1, job: "turtles-2", steps: 0, streams: [], epochs: [] }));
    const broken = { v: 1, job: "turtles-1", steps: -1, streams: [], epochs: [] };
    for (const from of [
      "",
      "x",
      "e30",
      foreign.toString("base64url"),
      Buffer.from(JSON.stringify(broken)).toString("base64url"),
      Buffer.from(JSON.stringify({ ...broken, steps: 0, streams: [[1, 2]] })).toString("base64url"),
      "A".repeat(200_000),
    ]) {
      const { code, details } = refusalOf(() => job.watch({ from }));
      expect(code).toBe("input.invalid");
      expect(details).toMatchObject({ parameter: "from" });
    }
    expect(operations()).toEqual([]);
  });
});
