import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { encode } from "jpeg-js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createMask, createSession, defineClasses } from "../../src/index.js";
import type { LabelingJob, Session } from "../../src/index.js";
import { startLocal } from "../../src/local.js";
import type { LocalBackend } from "../../src/local.js";
import { rejectionOf } from "../support/refusal-of.js";

const classes = defineClasses(["background", "disc", "bar"]);
type Names = "background" | "disc" | "bar";
const width = 48;
const height = 32;
const instructions = { short: "Paint discs and bars.", full: "<p>Paint discs and bars.</p>" };

/** A red disc and a blue bar on green, with the true indices. */
function scene(n: number): { jpeg: Uint8Array; truth: Uint8Array } {
  const rgba = new Uint8Array(width * height * 4).fill(255);
  const truth = new Uint8Array(width * height);
  for (let at = 0; at < truth.length; at++) {
    const [x, y] = [at % width, Math.floor(at / width)];
    const index = Math.hypot(x - 14 - n, y - 16) < 9 ? 1 : x > 34 && y > 4 && y < 28 ? 2 : 0;
    truth[at] = index;
    rgba.set(
      [
        [60, 150, 60],
        [200, 40, 40],
        [40, 60, 200],
      ][index]!,
      4 * at,
    );
  }
  return { jpeg: encode({ data: rgba, width, height }, 90).data, truth };
}

describe("a labeling job over HTTP", () => {
  let directory: string;
  let local: LocalBackend;
  let session: Session;

  beforeAll(async () => {
    directory = await mkdtemp(path.join(tmpdir(), "labeling-journey-"));
    local = await startLocal({ directory, seed: 3, speed: 50 });
    session = local.session({ workspace: "s3://shapes/run-1", pollInterval: 10 });
    for (let n = 0; n < 6; n++) {
      const { jpeg, truth } = scene(n);
      await session.store.write(`s3://shapes/images/shot-${n}.jpg`, jpeg);
      // The last one has no truth, so no annotator can label it.
      if (n < 5) {
        await session.store.write(`s3://shapes/truth/shot-${n}.png`, createMask(width, height, truth, classes).toPng());
      }
    }
  });
  afterAll(async () => {
    await local.close();
    await rm(directory, { recursive: true, force: true });
  });

  const describeJob = (name: string, from: Session = session) =>
    from
      .labelingJob(name)
      .images("s3://shapes/images/")
      .classes(classes)
      .workteam(`arn:aws:sagemaker:${local.region}:${local.account}:workteam/private-crowd/painters`)
      .instructions(instructions);

  it("goes from a folder of images to masks in the class table", async () => {
    const job: LabelingJob<Names> = await describeJob("Shapes-1").start();
    const seen: string[] = [];
    let labeledBefore = 0;
    for await (const { status, labeled, total } of job.watch()) {
      if (seen.at(-1) !== status) seen.push(status);
      expect(labeled).toBeGreaterThanOrEqual(labeledBefore);
      labeledBefore = labeled;
      expect(total).toBe(6);
    }
    // Order of states: API reference, DescribeLabelingJob.
    expect(["Initializing", "InProgress", "Completed"]).toEqual(expect.arrayContaining(seen));
    expect(seen.at(-1)).toBe("Completed");

    const labels = await job.wait();
    // Ground Truth adds the job's name as it was typed (section on the output layout).
    expect(labels.uri).toBe("s3://shapes/run-1/labels/Shapes-1/manifests/output/output.manifest");
    expect(labels.attribute).toBe("Shapes-1-ref");
    expect(await labels.counts()).toEqual({ labeled: 5, failed: 1, untouched: 0, total: 6 });
    let n = 0;
    for await (const entry of labels.labeled()) {
      expect(entry.imageUri).toBe(`s3://shapes/images/shot-${n}.jpg`);
      expect(entry.annotatedBy).toBe("human");
      const { mask, findings } = await labels.mask(entry);
      expect(findings).toEqual([]);
      expect([mask.width, mask.height]).toEqual([width, height]);
      const { truth } = scene(n);
      const right = mask.data.filter((index, at) => index === truth[at]).length;
      // Annotators are as careful as people, not exact: most pixels are right.
      expect(right / truth.length).toBeGreaterThan(0.85);
      n++;
    }
    expect(n).toBe(5);
    for await (const { imageUri, reason } of labels.failed()) {
      expect(imageUri).toBe("s3://shapes/images/shot-5.jpg");
      expect(reason).toContain("Annotation tasks expired");
    }
  });

  it("is found again by its name, in another session", async () => {
    const other = local.session({ workspace: "s3://shapes/run-1", pollInterval: 10 });
    const job = other.attachLabelingJob("Shapes-1", classes);
    expect(await job.describe()).toMatchObject({
      status: "Completed",
      labeled: 5,
      failed: 1,
      total: 6,
      attribute: "Shapes-1-ref",
    });
    expect((await (await job.wait()).counts()).labeled).toBe(5);
    await job.stop();
  });

  it("refuses a name that is taken, in any case, and leaves the other job's files", async () => {
    const manifest = "s3://shapes/run-1/labeling/Shapes-1/input.manifest";
    const before = await session.store.head(manifest);
    expect(await rejectionOf(describeJob("Shapes-1").start())).toMatchObject({ code: "aws.conflict" });
    expect(await rejectionOf(describeJob("SHAPES-1").start())).toMatchObject({ code: "aws.conflict" });
    expect((await session.store.head(manifest))?.etag).toBe(before?.etag);
    expect(await session.store.head("s3://shapes/run-1/labeling/SHAPES-1/input.manifest")).toBeUndefined();
  });

  it("writes nothing for an empty folder", async () => {
    const starting = describeJob("Empty").images("s3://shapes/nothing-here/").start();
    expect(await rejectionOf(starting)).toMatchObject({ code: "labeling.no-images", details: { found: 0 } });
    expect(await session.store.head("s3://shapes/run-1/labeling/Empty/input.manifest")).toBeUndefined();
    expect(await rejectionOf(session.attachLabelingJob("Empty", classes).describe())).toMatchObject({
      code: "aws.not-found",
    });
  });

  it("tells a failed job from a finished one, with AWS's reason", async () => {
    local.faults.failJob("Doomed", "ClientError: The manifest could not be read.");
    const job = await describeJob("Doomed").start();
    expect(await rejectionOf(job.wait())).toMatchObject({
      code: "job.failed",
      details: { job: "Doomed", status: "Failed", reason: "ClientError: The manifest could not be read." },
    });
  });

  it("tells a job that somebody else stopped, and still gives what was labeled", async () => {
    const job = await describeJob("Halted").stopAfter({ humanLabeledObjects: 2 }).start();
    expect(await rejectionOf(job.wait())).toMatchObject({ code: "job.stopped", details: { job: "Halted" } });
    expect(await (await job.labels()).counts()).toMatchObject({ labeled: 2, untouched: 4 });
  });

  it("waits out throttling, ends on expired credentials, and goes on from the name", async () => {
    const job = await describeJob("Shapes-2").start();
    local.faults.next({
      operation: "DescribeLabelingJob",
      error: { name: "ThrottlingException", message: "Rate exceeded" },
      times: 2,
    });
    for await (const { status } of job.watch()) {
      if (status === "Completed") break;
    }
    local.faults.next({
      operation: "DescribeLabelingJob",
      error: { name: "ExpiredTokenException", message: "The security token included in the request is expired" },
    });
    expect(await rejectionOf(job.wait())).toMatchObject({ code: "aws.credentials" });
    const again = createSession({
      region: local.region,
      endpoint: local.url,
      credentials: local.credentials,
      pollInterval: 10,
    });
    expect((await (await again.attachLabelingJob("Shapes-2", classes).wait()).counts()).labeled).toBe(5);
  });

  it("takes its own output as the input of the next job: only what is not labeled is sent", async () => {
    const next = await describeJob("Shapes-3")
      .manifest("s3://shapes/run-1/labels/Shapes-1/manifests/output/output.manifest")
      .attribute("Shapes-1-ref")
      .start();
    const labels = await next.wait();
    expect(await labels.counts()).toEqual({ labeled: 5, failed: 1, untouched: 0, total: 6 });
    expect((await next.describe()).labeled).toBe(0);
  });

  it("paints the same masks for the same seed, others for another", async () => {
    const masks = async (seed: number): Promise<readonly string[]> => {
      const folder = await mkdtemp(path.join(tmpdir(), "labeling-seed-"));
      try {
        await using other = await startLocal({ directory: folder, seed, speed: 200 });
        const shapes = other.session({ workspace: "s3://shapes/run-1", pollInterval: 10 });
        const { jpeg, truth } = scene(1);
        await shapes.store.write("s3://shapes/images/a.jpg", jpeg);
        await shapes.store.write("s3://shapes/truth/a.png", createMask(width, height, truth, classes).toPng());
        const labels = await (await describeJob("Seeded", shapes).start()).wait();
        const found: string[] = [];
        for await (const { maskUri } of labels.labeled()) found.push((await shapes.store.head(maskUri))?.etag ?? "");
        return found;
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    };
    const first = await masks(5);
    expect(first).toHaveLength(1);
    expect(await masks(5)).toEqual(first);
    expect(await masks(6)).not.toEqual(first);
  });
});
