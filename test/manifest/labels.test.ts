import { describe, expect, it } from "vitest";
import { defineClasses } from "../../src/mask/classes.js";
import type { ManifestEntry } from "../../src/manifest/entry.js";
import { labelsFromManifest } from "../../src/manifest/labels.js";
import { memoryStore } from "../support/memory-store.js";
import { pngBytes } from "../support/png-bytes.js";

const uri = "s3://bucket/out/pets/manifests/output/output.manifest";
const classes = defineClasses(["background", "cat", "dog"]);

/** The metadata of a mask as Ground Truth writes it. */
function metadata(extra: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    "internal-color-map": {
      "0": { "class-name": "BACKGROUND", "hex-color": "#ffffff", confidence: 0 },
      "1": { "class-name": "cat", "hex-color": "#2ca02c", confidence: 0 },
      "2": { "class-name": "dog", "hex-color": "#1f77b4", confidence: 0 },
    },
    type: "groundtruth/semantic-segmentation",
    "human-annotated": "yes",
    "creation-date": "2020-10-20T21:37:29.853446",
    "job-name": "labeling-job/pets",
    ...extra,
  };
}

const labeledLine = {
  "source-ref": "s3://bucket/1.jpg",
  "pets-ref": "s3://bucket/m/0.png",
  "pets-ref-metadata": metadata(),
};
const failedLine = {
  "source-ref": "s3://bucket/2.jpg",
  "pets-ref-metadata": {
    "retry-count": 1,
    "failure-reason": "ClientError: Annotation tasks expired.",
    "human-annotated": "true",
  },
};
const untouchedLine = { "source-ref": "s3://bucket/3.jpg" };

function labelsOf(lines: readonly unknown[], attribute?: string) {
  const text = lines.map((line) => (typeof line === "string" ? line : JSON.stringify(line))).join("\n");
  return labelsFromManifest({ store: memoryStore({ [uri]: text }), uri, classes, attribute });
}

async function all<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const found: Item[] = [];
  for await (const item of items) found.push(item);
  return found;
}

async function first(line: unknown, attribute?: string): Promise<ManifestEntry> {
  return (await all(labelsOf([line], attribute)))[0]!;
}

describe("labels of an output manifest", () => {
  it("tells the three states of a line apart", async () => {
    const labels = labelsOf([labeledLine, failedLine, untouchedLine], "pets-ref");
    expect(await labels.counts()).toEqual({ labeled: 1, failed: 1, untouched: 1, total: 3 });
    expect(await all(labels.labeled())).toEqual([
      {
        state: "labeled",
        line: 1,
        imageUri: "s3://bucket/1.jpg",
        attribute: "pets-ref",
        maskUri: "s3://bucket/m/0.png",
        colorMap: [
          { index: 0, className: "BACKGROUND", color: [255, 255, 255], confidence: 0 },
          { index: 1, className: "cat", color: [0x2c, 0xa0, 0x2c], confidence: 0 },
          { index: 2, className: "dog", color: [0x1f, 0x77, 0xb4], confidence: 0 },
        ],
        annotatedBy: "human",
        confidence: 0,
        createdAt: new Date("2020-10-20T21:37:29.853Z"),
        jobName: "labeling-job/pets",
      },
    ]);
    expect(await all(labels.failed())).toEqual([
      {
        state: "failed",
        line: 2,
        imageUri: "s3://bucket/2.jpg",
        attribute: "pets-ref",
        reason: "ClientError: Annotation tasks expired.",
        retryCount: 1,
      },
    ]);
    expect(await all(labels.untouched())).toEqual([{ state: "untouched", line: 3, imageUri: "s3://bucket/3.jpg" }]);
    // Every reading is a new one, and the value itself is iterable.
    expect((await all(labels)).map(({ state }) => state)).toEqual(["labeled", "failed", "untouched"]);
    expect((await all(labels.entries())).length).toBe(3);
  });

  it("finds the same states without being told the attribute", async () => {
    const labels = labelsOf([labeledLine, failedLine, untouchedLine]);
    expect((await all(labels)).map(({ state }) => state)).toEqual(["labeled", "failed", "untouched"]);
  });

  it("takes the newest mask by default and any other by name", async () => {
    const line = {
      ...labeledLine,
      "fixed-ref": "s3://bucket/m/fixed.png",
      "fixed-ref-metadata": metadata({
        "creation-date": "2021-01-01T00:00:00.000001",
        "adjustment-status": "adjusted",
      }),
      "anomaly-label": 1,
      "anomaly-label-metadata": { type: "groundtruth/image-classification", "creation-date": "2024-01-01T00:00:00Z" },
    };
    expect(await first(line)).toMatchObject({ attribute: "fixed-ref", adjustment: "adjusted" });
    expect(await first(line, "pets-ref")).toMatchObject({ attribute: "pets-ref", maskUri: "s3://bucket/m/0.png" });
    const older = { ...line, "fixed-ref-metadata": metadata({ "creation-date": "2019-01-01T00:00:00Z" }) };
    expect(await first(older)).toMatchObject({ attribute: "pets-ref" });
    // An adjustment that failed leaves the mask that was there.
    const failed = { ...labeledLine, "fixed-ref-metadata": failedLine["pets-ref-metadata"] };
    expect(await first(failed)).toMatchObject({ state: "labeled", attribute: "pets-ref" });
    expect(await first(failed, "fixed-ref")).toMatchObject({ state: "failed" });
  });

  it("reads the shapes that were seen in other files", async () => {
    const handMade = metadata({
      "internal-color-map": { "0": { "class-name": "cat", "hex-color": "#23A436" }, note: "x" },
      "creation-date": "Mon Aug 22 2022 13:52:52 GMT-0700 (Pacific Daylight Time)",
      "human-annotated": "no",
      "job-name": 7,
    });
    const line = {
      ...labeledLine,
      "pets-ref-metadata": handMade,
      "$x-metadata": metadata(),
      "source-ref-metadata": {},
    };
    const entry = await first(line);
    expect(entry).toMatchObject({
      state: "labeled",
      attribute: "pets-ref",
      annotatedBy: "machine",
      createdAt: new Date("2022-08-22T20:52:52Z"),
      colorMap: [{ index: 0, className: "cat", color: [0x23, 0xa4, 0x36] }],
    });
    expect(entry).not.toHaveProperty("confidence");
    expect(entry).not.toHaveProperty("jobName");
    // The guide's first sample: keys out of order, no colours, no "0", `x-ref` beside `x-metadata`.
    const oldest = {
      "source-ref": "s3://bucket/1.jpg",
      "city-ref": "s3://bucket/m.png",
      "city-metadata": metadata({
        "internal-color-map": {
          "5": { "class-name": "dog", confidence: 0.9 },
          "2": { "class-name": "cat", confidence: 0.9 },
        },
      }),
    };
    expect(await first(oldest)).toMatchObject({
      attribute: "city-ref",
      confidence: 0.9,
      colorMap: [
        { index: 2, className: "cat" },
        { index: 5, className: "dog" },
      ],
    });
  });

  it.each([
    ["groundtruth/object-detection", "bounding boxes"],
    ["groundtruth/image-classification", "image classification"],
    ["groundtruth/custom", "a custom task"],
    ["groundtruth/label-verification", "a verification of labels"],
    ["groundtruth/point_cloud_single_frame_semantic_segmentation", "semantic segmentation of point clouds"],
    ["groundtruth/something-new", "labels of type groundtruth/something-new"],
  ])("refuses %s by name", async (type, words) => {
    const line = { "source-ref": "s3://bucket/1.jpg", x: 1, "x-metadata": { type } };
    await expect(all(labelsOf([line, line]))).rejects.toMatchObject({
      code: "manifest.attribute",
      message: expect.stringContaining(words) as string,
      details: { found: [expect.stringContaining(type)] },
    });
    await expect(all(labelsOf([line], "x"))).rejects.toMatchObject({
      code: "manifest.attribute",
      details: { attribute: "x" },
    });
    // Beside masks they are no reason to refuse, and a line without mask is only untouched.
    expect(await labelsOf([line, { ...line, ...labeledLine }]).counts()).toMatchObject({ labeled: 1, untouched: 1 });
    expect(await labelsOf([line], "pets-ref").counts()).toMatchObject({ untouched: 1 });
  });

  it.each([
    ["no JSON", "{nonsense}", "one JSON object"],
    ["a list", "[1]", "one JSON object"],
    ["a text", '"x"', "one JSON object"],
    ["no image", { source: "some text" }, `an image under "source-ref"`],
    ["an image of the wrong kind", { "source-ref": 3 }, `an image under "source-ref"`],
    ["a mask of the wrong kind", { ...labeledLine, "pets-ref": 1 }, `the address of a mask under "pets-ref"`],
    [
      "no map",
      { ...labeledLine, "pets-ref-metadata": { type: "groundtruth/semantic-segmentation" } },
      "an object as internal-color-map",
    ],
    [
      "a map key above 8 bits",
      { ...labeledLine, "pets-ref-metadata": metadata({ "internal-color-map": { "256": { "class-name": "cat" } } }) },
      "keys from 0 to 255 in internal-color-map, not 256: masks have 8 bits",
    ],
    ...["00", "+1", "1.0", "-1", " 1", "0x1"].map((key): [string, object, string] => [
      `the map key "${key}"`,
      {
        ...labeledLine,
        "pets-ref-metadata": metadata({
          "internal-color-map": { "0": { "class-name": "BACKGROUND" }, [key]: { "class-name": "cat" } },
        }),
      },
      `keys such as "0" and "17" in internal-color-map, not "${key}"`,
    ]),
    [
      "a class without name",
      { ...labeledLine, "pets-ref-metadata": metadata({ "internal-color-map": { "1": { "hex-color": "#ffffff" } } }) },
      `a class-name at "1" of internal-color-map`,
    ],
    [
      "a colour that is none",
      {
        ...labeledLine,
        "pets-ref-metadata": metadata({ "internal-color-map": { "1": { "class-name": "cat", "hex-color": "green" } } }),
      },
      `a hex-color such as #2ca02c at "1" of internal-color-map`,
    ],
  ])("refuses %s with the line number", async (_, line, expected) => {
    await expect(all(labelsOf([untouchedLine, "", line]))).rejects.toMatchObject({
      code: "manifest.line",
      details: { line: 3, uri, expected },
    });
  });

  it("asks for the metadata of an attribute that stands alone", async () => {
    const line = { "source-ref": "s3://bucket/1.jpg", "pets-ref": "s3://bucket/m.png" };
    await expect(all(labelsOf([line], "pets-ref"))).rejects.toMatchObject({ code: "manifest.line" });
    expect(await first(line)).toMatchObject({ state: "untouched" });
  });

  it("never mistakes a key for something of Object.prototype", async () => {
    const line =
      '{"source-ref":"s3://bucket/1.jpg","__proto__":{"x":1},"constructor-metadata":{"type":"groundtruth/semantic-segmentation"}}';
    expect(await first(line)).toMatchObject({ state: "untouched" });
    expect(await first(untouchedLine, "constructor")).toMatchObject({ state: "untouched" });
    expect(await first(untouchedLine, "__proto__")).toMatchObject({ state: "untouched" });
  });

  it("reads nothing before it is asked, and decodes the mask of an entry", async () => {
    const png = pngBytes({
      width: 3,
      height: 1,
      colorType: 3,
      samples: [0, 1, 2],
      palette: [
        [255, 255, 255],
        [0x2c, 0xa0, 0x2c],
        [0x1f, 0x77, 0xb4],
      ],
    });
    const store = memoryStore({ [uri]: JSON.stringify(labeledLine), "s3://bucket/m/0.png": png });
    const labels = labelsFromManifest({ store, uri, classes, attribute: "pets-ref" });
    expect(store.calls).toEqual([]);
    const [entry] = await all(labels.labeled());
    const { mask, findings } = await labels.mask(entry!);
    expect([...mask.data]).toEqual([0, 1, 2]);
    expect(mask.nameAt(2, 0)).toBe("dog");
    expect(findings).toEqual([]);
    // A manifest may name any object: not more of it is fetched than a mask can have.
    const limit = 256 * 1024 ** 2;
    expect(store.calls.at(-1)).toEqual({ verb: "read", uri: "s3://bucket/m/0.png", bytes: limit + 1 });
    const huge = { ...store, read: () => Promise.resolve(new Uint8Array(limit + 1)) };
    const refusal = labelsFromManifest({ store: huge, uri, classes, attribute: "pets-ref" }).mask(entry!);
    await expect(refusal).rejects.toMatchObject({ code: "codec.limit", details: { limit } });
    const reason = new RangeError("enough");
    await expect(labels.counts({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    await expect(labels.mask(entry!, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });
});
