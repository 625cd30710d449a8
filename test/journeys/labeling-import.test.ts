import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createMask, encodeMask } from "../../src/index.js";
import { rejectionOf } from "../support/refusal-of.js";
import { all, scene, sceneClasses, sceneInstructions, startScenes } from "../support/labeling-scenes.js";
import type { SceneBackend } from "../support/labeling-scenes.js";

let at: SceneBackend;
let images: readonly string[];
const text = (value: string): Uint8Array => new TextEncoder().encode(value);

beforeAll(async () => {
  at = await startScenes();
  images = await at.put(4);
});
afterAll(() => at.end());

describe("masks from elsewhere as labels", () => {
  it("reads another tool's manifest, and its masks go into a dataset and a verification job", async () => {
    const { store } = at.session;
    // As a custom task writes: own keys, masks in folders beside the manifest, one line without a mask.
    await store.write("s3://shapes/plus/masks/0.png", scene(0).truth.toPng());
    await store.write("s3://shapes/plus/masks/1.png", encodeMask(scene(1).truth, { kind: "gray" }));
    const lines = [
      { "source-ref": images[0], result: { mask: "masks/0.png" } },
      {
        "source-ref": images[1],
        result: { mask: "s3://shapes/plus/masks/1.png" },
        "result-metadata": { type: "groundtruth/custom" },
      },
      { "source-ref": images[2], result: {} },
    ];
    await store.write("s3://shapes/plus/all.manifest", text(lines.map((line) => JSON.stringify(line)).join("\r\n")));
    const masks = at.session.masksInManifest("s3://shapes/plus/all.manifest", { mask: "result.mask" });
    const labels = await at.session.importLabels("plus", sceneClasses, masks);
    expect(labels).toMatchObject({ uri: "s3://shapes/run-1/labels/plus/imported.manifest", attribute: "plus-ref" });
    const entries = await all(labels.labeled());
    expect(entries.map(({ imageUri }) => imageUri)).toEqual(images.slice(0, 2));
    for (const [n, entry] of entries.entries()) {
      const { mask, findings } = await labels.mask(entry);
      expect(mask.data).toEqual(scene(n).truth.data);
      expect(findings).toEqual([]);
    }
    const dataset = await at.session
      .dataset(sceneClasses)
      .labels(labels)
      .split({ train: 0.5, validation: 0.5, seed: 1 })
      .upload();
    expect(dataset).toMatchObject({ classes: sceneClasses });
    const job = await at.session
      .labelingJob("Plus-check")
      .verify(labels)
      .workteam(at.team)
      .instructions(sceneInstructions)
      .start();
    await job.wait();
    expect((await all(job.verdicts())).map(({ verdict }) => verdict)).toEqual(["correct", "correct"]);
  });

  it("reads colour pictures by a colour map, and makes ignored pixels background", async () => {
    const rgb = encodeMask(scene(0).truth, { colors: [[0, 0, 0], [255, 0, 0], [0, 0, 255]] }); // prettier-ignore
    const ignored = createMask(
      48,
      32,
      scene(1).truth.data.map((index) => (index === 2 ? 255 : index)),
      sceneClasses,
    );
    const labels = await at.session.importLabels("colours", sceneClasses, [{ image: images[0]!, mask: rgb }], {
      colorMap: { "#000000": 0, "#ff0000": 2, "#0000ff": 1 },
    });
    const [entry] = await all(labels.labeled());
    const swapped = scene(0).truth.data.map((index) => [0, 2, 1][index]!);
    expect((await labels.mask(entry!)).mask.data).toEqual(swapped);
    const other = await at.session.importLabels("ignored", sceneClasses, [{ image: images[1]!, mask: ignored }]);
    const [second] = await all(other.labeled());
    const { mask } = await other.mask(second!);
    expect([mask.ignored(), mask.share("bar")]).toEqual([0, 0]);
  });

  it("names the line that cannot be read", async () => {
    const read = async (line: string, withoutMask: "skip" | "throw" = "throw") => {
      await at.session.store.write(
        "s3://shapes/plus/bad.manifest",
        text(`{"source-ref":"s3://b-b/a.jpg","m":"s3://b-b/a.png"}\n${line}`),
      );
      return all(at.session.masksInManifest("s3://shapes/plus/bad.manifest", { mask: "m", withoutMask }));
    };
    for (const line of [
      "{",
      "[]",
      '{"m":"a.png"}',
      '{"source-ref":"s3://b-b/a.jpg"}',
      '{"source-ref":"https://x/a.jpg","m":"a"}',
      '{"source-ref":"a.jpg","m":"../../a.png"}',
      '{"__proto__":{"source-ref":"a.jpg"},"m":"a"}',
    ]) {
      expect(await rejectionOf(read(line))).toMatchObject({ code: "manifest.line", details: { line: 2 } });
    }
    expect(await read('{"source-ref":"s3://b-b/b.jpg"}', "skip")).toHaveLength(1);
    expect((await rejectionOf(at.session.importLabels("none", sceneClasses, []))).code).toBe("labeling.no-images");
    expect(await at.session.store.head("s3://shapes/run-1/labels/none/imported.manifest")).toBeUndefined();
  });
});
