import { describe, expect, it } from "vitest";
import { drawPicture, maskOf, refusalOfRun, sampleOf, trainingRun } from "../../support/training-samples.js";

const refusedSettings: readonly (readonly [settings: Record<string, string>, refusal: string])[] = [
  // The failure reason of a real job (dossier, failure texts).
  [
    { optimizer: "adadelta" },
    "ClientError: The value 'adadelta' is not valid for the 'optimizer' hyperparameter which accepts one of the following: " +
      "'sgd', 'adam', 'rmsprop', 'adagrad', 'nag' (caused by ValidationError)",
  ],
  [
    { x: "1" },
    "ClientError: Additional hyperparameters are not allowed ('x' was unexpected) (caused by ValidationError)",
  ],
  [{ learning_Rate: "0.1" }, "Additional hyperparameters are not allowed ('learning_Rate' was unexpected)"],
  [{ constructor: "1" }, "('constructor' was unexpected)"],
  [{ num_classes: "1" }, "The value '1' is not valid for the 'num_classes' hyperparameter"],
  [{ num_classes: "255" }, "'num_classes'"],
  [{ num_classes: "" }, "'num_classes'"],
  [{ num_classes: "3.5" }, "'num_classes'"],
  [{ epochs: "many" }, "The value 'many' is not valid for the 'epochs' hyperparameter"],
  [{ epochs: "0" }, "'epochs'"],
  [{ backbone: "resnet50" }, "accepts one of the following: 'resnet-50', 'resnet-101'"],
  [{ learning_rate: "0" }, "'learning_rate'"],
  [{ learning_rate: "NaN" }, "'learning_rate'"],
  [{ weight_decay: "1" }, "'weight_decay'"],
  [{ crop_size: "16" }, "'crop_size'"],
  [{ early_stopping: "yes" }, "'early_stopping'"],
  [{ lr_scheduler: "step" }, "'lr_scheduler_step'"],
  [{ lr_scheduler: "step", lr_scheduler_step: "soon" }, "'lr_scheduler_step'"],
];

describe("hyperparameters", () => {
  it.each(refusedSettings)("refuses %o", async (settings, refusal) => {
    expect(await refusalOfRun(trainingRun({}, settings).run)).toContain(refusal);
  });

  it("names every required one that is missing", async () => {
    const { run } = trainingRun({ hyperparameters: {} });
    expect(await refusalOfRun(run)).toBe(
      "ClientError: No value(s) were specified for 'num_classes', 'num_training_samples' which are required hyperparameter(s) (caused by ValidationError)",
    );
  });

  it("takes what tuning jobs add, exponents, and booleans in either case", async () => {
    const { run } = trainingRun(
      {},
      { _tuning_objective_metric: "validation:mIOU", learning_rate: "1e-03", syncbn: "false", epochs: "1" },
    );
    expect(await refusalOfRun(run)).toBe("nothing was refused");
  });
});

describe("data", () => {
  const good = sampleOf(0);

  it("needs images in both channels", async () => {
    expect(await refusalOfRun(trainingRun({ train: [] }).run)).toMatch(/^ClientError: .*channel train$/);
    expect(await refusalOfRun(trainingRun({ validation: [] }).run)).toMatch(/^ClientError: .*channel validation$/);
  });

  it("names image, value and place of an index that is no class", async () => {
    const picture = drawPicture(0);
    const indices = Uint8Array.from(picture.indices);
    indices[2 * 48 + 5] = 3;
    const { run } = trainingRun({ train: [{ ...good, mask: maskOf({ ...picture, indices }) }] });
    expect(await refusalOfRun(run)).toBe(
      "ClientError: Label value 3 at (5, 2) of /opt/ml/input/data/train_annotation/shot-0 is no class: expected 0 to 2, or 255 for ignored pixels",
    );
    const mapped = trainingRun({ validation: [good], validationLabelMap: (pixel) => pixel + 0.5 });
    expect(await refusalOfRun(mapped.run)).toContain("after the label map");
  });

  it("refuses another size, damaged files and foreign ones", async () => {
    const other = trainingRun({ validation: [{ ...good, mask: sampleOf(0, 32, 48).mask }] });
    expect(await refusalOfRun(other.run)).toContain("has 32 x 48 pixels, its image 48 x 32");
    const cut = trainingRun({ train: [{ ...good, mask: good.mask.subarray(0, 60) }] });
    expect(await refusalOfRun(cut.run)).toContain("train_annotation/shot-0 is not a readable annotation");
    const text = trainingRun({ train: [{ ...good, image: new TextEncoder().encode("hello") }] });
    expect(await refusalOfRun(text.run)).toContain("/opt/ml/input/data/train/shot-0 is not a readable image file");
  });

  it("refuses channels in which every pixel is ignored", async () => {
    const mask = maskOf({ ...drawPicture(0), indices: new Uint8Array(48 * 32).fill(255) });
    expect(await refusalOfRun(trainingRun({ train: [{ ...good, mask }] }).run)).toContain(
      "All pixels of the channel train",
    );
    expect(await refusalOfRun(trainingRun({ validation: [{ ...good, mask }] }).run)).toContain(
      "All pixels of the channel validation",
    );
  });
});
