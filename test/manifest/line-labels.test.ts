import { describe, expect, it } from "vitest";
import { defineClasses } from "../../src/mask/classes.js";
import { labelsFromManifest } from "../../src/manifest/labels.js";
import type { Labels } from "../../src/manifest/labels.js";
import type { LineLabels } from "../../src/manifest/entry.js";
import { memoryStore } from "../support/memory-store.js";

const uri = "s3://bucket/out/output.manifest";
const classes = defineClasses(["background", "cat"]);

const mask = (extra: Readonly<Record<string, unknown>>, confidence = 0.5): Record<string, unknown> => ({
  "internal-color-map": { "1": { "class-name": "cat", "hex-color": "#2ca02c", confidence } },
  type: "groundtruth/semantic-segmentation",
  "human-annotated": "yes",
  ...extra,
});

/** A line as three jobs in a row leave it (guide, sms-data-output): labeled, adjusted, verified. */
const chained = {
  "source-ref": "s3://bucket/1.jpg",
  // Keys stand in any order.
  "fixed-ref": "s3://bucket/fixed/1.png",
  "fixed-ref-metadata": mask({
    "creation-date": "2024-02-01T00:00:00.000001",
    "adjustment-status": "adjusted",
    "job-name": "labeling-job/fix",
  }),
  "pets-ref": "s3://bucket/pets/1.png",
  "pets-ref-metadata": mask({ "creation-date": "2024-01-01T00:00:00.000001", "human-annotated": "no" }, 0.9),
  verdict: "1",
  "verdict-metadata": {
    type: "groundtruth/label-verification",
    "class-name": "bad",
    confidence: 0.93,
    "human-annotated": "yes",
    "creation-date": "2024-03-01T00:00:00.000001",
    "worker-feedback": [{ comment: "The left paw is missing." }, { note: "no comment" }, 7],
  },
  "boxes-metadata": { type: "groundtruth/object-detection" },
  boxes: {},
};
const unchanged = {
  "source-ref": "s3://bucket/2.jpg",
  "fixed-ref": "s3://bucket/pets/2.png",
  "fixed-ref-metadata": mask({ "adjustment-status": "unadjusted", "creation-date": "2024-02-02T00:00:00Z" }),
};
const failed = {
  "source-ref": "s3://bucket/3.jpg",
  "pets-ref-metadata": { "failure-reason": "ClientError: Annotation tasks expired.", "human-annotated": "true" },
};
const untouched = { "source-ref": "s3://bucket/4.jpg" };

function labelsOf(...lines: readonly unknown[]): Labels<"background" | "cat"> {
  const text = lines.map((line) => (typeof line === "string" ? line : JSON.stringify(line))).join("\n");
  return labelsFromManifest({ store: memoryStore({ [uri]: text }), uri, classes });
}

describe("all labels of a line", () => {
  it("come oldest first, with verdicts and comments", async () => {
    const found: LineLabels[] = [];
    for await (const line of labelsOf(chained, failed, untouched).lines()) found.push(line);
    const [first, second, third] = found;
    expect(first?.labels.map(({ attribute }) => attribute)).toEqual(["pets-ref", "fixed-ref"]);
    expect(first?.labels).toMatchObject([
      { state: "labeled", annotatedBy: "machine", confidence: 0.9, maskUri: "s3://bucket/pets/1.png" },
      { state: "labeled", annotatedBy: "human", adjustment: "adjusted", jobName: "labeling-job/fix" },
    ]);
    expect(first?.verifications).toEqual([
      {
        attribute: "verdict",
        verdict: "bad",
        annotatedBy: "human",
        confidence: 0.93,
        comments: ["The left paw is missing."],
        createdAt: new Date("2024-03-01T00:00:00.000Z"),
      },
    ]);
    expect(first?.others).toEqual([
      { attribute: "verdict", type: "groundtruth/label-verification" },
      { attribute: "boxes", type: "groundtruth/object-detection" },
    ]);
    expect(second).toMatchObject({ line: 2, labels: [{ state: "failed", attribute: "pets-ref" }], verifications: [] });
    expect(third).toEqual({ line: 3, imageUri: "s3://bucket/4.jpg", labels: [], verifications: [], others: [] });
  });

  it("are summed up by attribute in one reading", async () => {
    const summary = await labelsOf(chained, unchanged, failed, untouched, "nonsense").summary({ onError: "skip" });
    expect(summary).toEqual({
      lines: 4,
      labeled: 2,
      failed: 1,
      untouched: 1,
      skipped: 1,
      attributes: [
        {
          attribute: "pets-ref",
          holds: "masks",
          lines: 2,
          failed: 1,
          annotatedBy: { human: 0, machine: 1, unknown: 0 },
          adjustment: { adjusted: 0, unadjusted: 0, unknown: 1 },
          confidence: { lowest: 0.9, mean: 0.9, highest: 0.9 },
          newest: new Date("2024-01-01T00:00:00.000Z"),
        },
        {
          attribute: "fixed-ref",
          holds: "masks",
          lines: 2,
          failed: 0,
          annotatedBy: { human: 2, machine: 0, unknown: 0 },
          adjustment: { adjusted: 1, unadjusted: 1, unknown: 0 },
          confidence: { lowest: 0.5, mean: 0.5, highest: 0.5 },
          newest: new Date("2024-02-02T00:00:00.000Z"),
          jobName: "labeling-job/fix",
        },
        {
          attribute: "verdict",
          holds:
            "a verification of labels (the masks stand under the verified attribute) (groundtruth/label-verification)",
          lines: 1,
          failed: 0,
          annotatedBy: { human: 0, machine: 0, unknown: 0 },
          adjustment: { adjusted: 0, unadjusted: 0, unknown: 0 },
        },
        expect.objectContaining({
          attribute: "boxes",
          holds: "bounding boxes (groundtruth/object-detection)",
          lines: 1,
        }),
      ],
    });
  });

  it("throw at a bad line unless told otherwise", async () => {
    await expect(labelsOf("nonsense").summary()).rejects.toMatchObject({
      code: "manifest.line",
      details: { offset: 0 },
    });
  });
});
