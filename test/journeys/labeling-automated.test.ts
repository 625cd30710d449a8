import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { rejectionOf } from "../support/refusal-of.js";
import { all, scene, sceneClasses, sceneInstructions, startScenes } from "../support/labeling-scenes.js";
import type { SceneBackend } from "../support/labeling-scenes.js";

/** The fewest objects of such a job (guide, sms-automated-labeling). */
const fewest = 1250;
const images: string[] = [];
let at: SceneBackend;

beforeAll(async () => {
  at = await startScenes(20_000);
  // A small dataset can stand for a large one: the same few images under many lines would be refused by `images`, not in
  // a manifest of one's own.
  await at.put(8);
  for (let n = 0; n < fewest; n++) images.push(`s3://shapes/images/shot-${n % 8}.jpg`);
  const lines = images.map((uri, n) => JSON.stringify({ "source-ref": uri, n })).join("\n");
  await at.session.store.write("s3://shapes/many.manifest", new TextEncoder().encode(`${lines}\n`));
}, 60_000);
afterAll(() => at.end());

const begin = (name: string) =>
  at.session
    .labelingJob(name)
    .manifest("s3://shapes/many.manifest")
    .classes(sceneClasses)
    .workteam(at.team)
    .instructions(sceneInstructions)
    .automatedLabeling();

describe("automated labeling over HTTP", () => {
  it("has people label a part, the model the rest, and leaves a model", async () => {
    const job = await begin("Auto-1").start();
    const labels = await job.wait({ pollInterval: 500 });
    const state = await job.describe();
    expect(state.labeled).toBe(fewest);
    expect(state.labeledByHumans + state.labeledByMachine).toBe(fewest);
    // 20 % are the validation set below 5,000 objects; some more are unsure.
    expect(state.labeledByHumans).toBeGreaterThanOrEqual(fewest / 5);
    expect(state.labeledByMachine).toBeGreaterThan(fewest / 2);
    expect(state.finalModel).toMatch(/^arn:aws:sagemaker:us-east-1:\d{12}:model\/auto-1/);
    const entries = await all(labels.labeled());
    const machine = entries.filter(({ annotatedBy }) => annotatedBy === "machine");
    expect(machine).toHaveLength(state.labeledByMachine);
    expect(machine.every(({ confidence = 0 }) => confidence >= 0.7 && confidence < 1)).toBe(true);
    const { mask } = await labels.mask(machine[0]!);
    expect(mask.width).toBe(scene(0).truth.width);
    // The model can begin the next job.
    expect(begin("Auto-2").automatedLabeling({ initialModel: state.finalModel! }).toRequest()).toMatchObject({
      LabelingJobAlgorithmsConfig: { InitialActiveLearningModelArn: state.finalModel },
    });
  }, 120_000);

  it("fails as a whole when more than a tenth of the first sample fails", async () => {
    at.local.faults.failObject("shot-1.jpg", { times: 1000 });
    at.local.faults.failObject("shot-2.jpg", { times: 1000 });
    const job = await begin("Auto-bad").start();
    expect((await rejectionOf(job.wait({ pollInterval: 500 }))).message).toMatch(/More than 10 %/);
    at.local.faults.clear();
  }, 60_000);

  it("is refused below the minimum before anything is written", async () => {
    const few = begin("Auto-few").images("s3://shapes/images/");
    expect((await rejectionOf(few.start())).message).toMatch(/1250/);
    expect(await at.session.store.head("s3://shapes/run-1/labeling/Auto-few/input.manifest")).toBeUndefined();
  });
});
