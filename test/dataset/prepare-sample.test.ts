import { describe, expect, it } from "vitest";
import { BalanceCounter } from "../../src/dataset/class-balance.js";
import { prepareSample } from "../../src/dataset/prepare-sample.js";
import type { PreparedSample } from "../../src/dataset/prepare-sample.js";
import { createWarningList } from "../../src/dataset/warning-list.js";
import { defineClasses } from "../../src/mask/classes.js";
import { createMask } from "../../src/mask/mask-value.js";
import { jpegBytes } from "../support/jpeg-bytes.js";
import { memoryStore } from "../support/memory-store.js";
import { rejectionOf } from "../support/refusal-of.js";

const classes = defineClasses(["background", "turtle"]);
const imageUri = "s3://bucket/images/a.jpg";
const maskUri = "s3://bucket/masks/a.png";

/** A sample whose mask file is not kept, as of a dataset larger than memory; each reading gives the next mask. */
function notKept(...masks: readonly (readonly number[])[]): Promise<PreparedSample> {
  let reads = 0;
  const store = memoryStore({ [imageUri]: jpegBytes({ width: 2, height: 1 }) });
  const readMask = () =>
    Promise.resolve({ mask: createMask(2, 1, Uint8Array.from(masks[reads++] ?? []), classes), findings: [] });
  return prepareSample(
    { sample: { stem: "a", imageUri, maskUri, readMask }, name: "a", half: "train" },
    {
      store,
      folder: "s3://work/dataset/",
      pngImages: false,
      signal: undefined,
      balance: new BalanceCounter(classes),
      warnings: createWarningList(),
      budget: { left: 0 },
    },
  );
}

describe("a mask that is read a second time", () => {
  it("gives the file that was checked", async () => {
    const sample = await notKept([0, 1], [0, 1]);
    expect(await sample.encode(undefined)).toHaveLength(sample.maskFile.size);
  });

  it("is refused when it was changed in between", async () => {
    const sample = await notKept([0, 1], [1, 1]);
    const error = await rejectionOf(sample.encode(undefined));
    expect(error).toMatchObject({ code: "dataset.mask", details: { uri: maskUri } });
    expect(error.message).toContain("was changed after it was checked");
  });
});
