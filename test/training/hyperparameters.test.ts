import fc from "fast-check";
import { describe, expect, expectTypeOf, it } from "vitest";
import type { ErrorDetails } from "../../src/core/error-catalogue.js";
import { hyperparameterTable } from "../../src/facts/hyperparameter-table.js";
import type { HyperparameterFact } from "../../src/facts/hyperparameter-table.js";
import { hyperparameterAdvice } from "../../src/training/hyperparameter-advice.js";
import { compileHyperparameters } from "../../src/training/hyperparameters.js";
import type { Hyperparameters } from "../../src/training/hyperparameters.js";
import { plainDecimal } from "../../src/training/wire-value.js";
import { refusalOf } from "../support/refusal-of.js";

const needed = { num_classes: 2, num_training_samples: 200 };
const compile = (values: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> =>
  compileHyperparameters({ ...needed, ...values });
const refused = (values: Readonly<Record<string, unknown>>): unknown => {
  const { details } = refusalOf(() => compile(values));
  return (details as ErrorDetails["hyperparameter.invalid"]).problems[0];
};
const facts: Readonly<Record<string, HyperparameterFact>> = hyperparameterTable;

describe("compileHyperparameters", () => {
  it("writes numbers, booleans and texts as the container prints them", () => {
    expect(
      compile({ use_pretrained_model: true, syncbn: false, epochs: 30, learning_rate: 0.001, algorithm: "deeplab" }),
    ).toEqual({
      num_classes: "2",
      num_training_samples: "200",
      use_pretrained_model: "True",
      syncbn: "False",
      epochs: "30",
      learning_rate: "0.001",
      algorithm: "deeplab",
    });
  });

  it("takes values in wire form and keeps their form", () => {
    const wire = {
      num_classes: "3",
      num_training_samples: "100",
      gamma1: "0.90",
      use_pretrained_model: "True",
      lr_scheduler: "step",
      lr_scheduler_step: "10, 20",
    };
    expect(compileHyperparameters(wire)).toEqual(wire);
  });

  it("never sends an exponent, nor a boolean in small letters", () => {
    expect(compile({ learning_rate: 1e-7, weight_decay: "1e-05", early_stopping: "false" })).toMatchObject({
      learning_rate: "0.0000001",
      weight_decay: "0.00001",
      early_stopping: "False",
    });
  });

  it("writes epochs of the step schedule as the guide's sample", () => {
    expect(compile({ lr_scheduler: "step", lr_scheduler_step: [10, 20] })["lr_scheduler_step"]).toBe("10, 20");
    expect(compile({ lr_scheduler: "step", lr_scheduler_step: [10] })["lr_scheduler_step"]).toBe("10");
  });

  it("leaves out what is undefined", () => {
    expect(compile({ epochs: undefined })).toEqual({ num_classes: "2", num_training_samples: "200" });
  });

  // Bounds of the guide's hyperparameter page.
  it.each([
    ["num_classes", 1, "an integer at least 2 and at most 254"],
    ["num_classes", 255, "an integer at least 2 and at most 254"],
    ["crop_size", 16, "an integer greater than 16"],
    ["epochs", 0, "an integer at least 1"],
    ["epochs", 1.5, "an integer at least 1"],
    ["learning_rate", 0, "a number greater than 0 and at most 1"],
    ["learning_rate", 1.1, "a number greater than 0 and at most 1"],
    ["learning_rate", NaN, "a number greater than 0 and at most 1"],
    ["learning_rate", Infinity, "a number greater than 0 and at most 1"],
    ["learning_rate", "", "a number greater than 0 and at most 1"],
    ["learning_rate", "0x1", "a number greater than 0 and at most 1"],
    ["learning_rate", null, "a number greater than 0 and at most 1"],
    ["weight_decay", 1, "a number greater than 0 and less than 1"],
    ["momentum", 0, "a number greater than 0 and at most 1"],
    ["early_stopping_tolerance", -0.1, "a number at least 0 and at most 1"],
    ["early_stopping_patience", "two", "an integer"],
    ["syncbn", 1, "true or false"],
    ["optimizer", "adadelta", 'one of "adam", "adagrad", "nag", "rmsprop", "sgd"'],
    ["backbone", "resnet50", 'one of "resnet-50", "resnet-101": did you mean "resnet-50"?'],
    ["lr_scheduler_step", [20, 10], 'epochs in rising order, as [10, 20] or "10, 20"'],
    ["lr_scheduler_step", "10; 20", 'epochs in rising order, as [10, 20] or "10, 20"'],
    ["lr_scheduler_step", [1.5], 'epochs in rising order, as [10, 20] or "10, 20"'],
  ])("refuses %s = %j", (parameter, value, expected) => {
    expect(refused({ [parameter]: value })).toEqual({ parameter, value, expected });
  });

  it.each([
    ["learning_Rate", "learning_rate"],
    ["valudation_mini_batch_size", "validation_mini_batch_size"],
    ["optmizer", "optimizer"],
    ["model", "backbone"],
    ["lr", "learning_rate"],
    ["batch_size", "mini_batch_size"],
  ])("refuses the unknown name %s and suggests %s", (name, meant) => {
    expect(refused({ [name]: 1 })).toMatchObject({
      parameter: name,
      expected: `a hyperparameter of the algorithm: did you mean "${meant}"?`,
    });
  });

  it("knows no inherited names", () => {
    const hostile = JSON.parse('{"__proto__": "1", "constructor": "1"}') as Record<string, unknown>;
    expect(refusalOf(() => compileHyperparameters({ ...needed, constructor: 1 })).code).toBe("hyperparameter.invalid");
    expect(refusalOf(() => compileHyperparameters(hostile)).code).toBe("hyperparameter.invalid");
  });

  it("names every problem of a set at once", () => {
    const { message, details } = refusalOf(() => compileHyperparameters({ epochs: 0, backbone: "resnet50" }));
    expect(details).toMatchObject({
      parameter: "epochs",
      problems: [
        { parameter: "epochs" },
        { parameter: "backbone" },
        { parameter: "num_classes" },
        { parameter: "num_training_samples" },
      ],
    });
    expect(message).toBe(
      "Hyperparameter epochs is 0: expected an integer at least 1. " +
        'Hyperparameter backbone is "resnet50": expected one of "resnet-50", "resnet-101": did you mean "resnet-50"? ' +
        "Hyperparameter num_classes is missing: expected a value: it is required. " +
        "Hyperparameter num_training_samples is missing: expected a value: it is required.",
    );
  });

  it("asks for the epochs of a step schedule", () => {
    expect(refused({ lr_scheduler: "step" })).toEqual({
      parameter: "lr_scheduler_step",
      expected: 'a value: it is required when lr_scheduler is "step"',
    });
  });

  it("takes the container's own defaults for every parameter", () => {
    const defaults = Object.entries(facts).flatMap(([name, fact]) =>
      fact.default === undefined ? [] : [[name, fact.default]],
    );
    const values = Object.fromEntries(defaults) as Record<string, string>;
    expect(compile(values)).toEqual({ num_classes: "2", num_training_samples: "200", ...values });
  });
});

describe("plainDecimal", () => {
  it("is the same number without an exponent", () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        const text = plainDecimal(value);
        expect(text).toMatch(/^-?\d+(\.\d+)?$/);
        // `-0` prints as `0`.
        expect(Number(text) + 0).toBe(value + 0);
      }),
    );
  });

  it.each([
    [0.00001, "0.00001"],
    [1e-7, "0.0000001"],
    [1.5e-7, "0.00000015"],
    [1e21, "1000000000000000000000"],
    [1.25e22, "12500000000000000000000"],
    [16, "16"],
  ])("writes %d as %s", (value, text) => {
    expect(plainDecimal(value)).toBe(text);
  });
});

describe("hyperparameterAdvice", () => {
  const about = (
    values: Readonly<Record<string, unknown>>,
    circumstances?: Parameters<typeof hyperparameterAdvice>[1],
  ): string[] => hyperparameterAdvice(compile(values), circumstances).map(({ parameter }) => parameter);

  it("has nothing to say about the settings of AWS's notebook", () => {
    expect(
      about(
        {
          algorithm: "fcn",
          epochs: 10,
          learning_rate: 0.0001,
          optimizer: "rmsprop",
          lr_scheduler: "poly",
          mini_batch_size: 16,
          validation_mini_batch_size: 16,
          early_stopping: true,
          early_stopping_patience: 2,
          early_stopping_min_epochs: 10,
        },
        { gpus: 1, trainingImages: 200 },
      ),
    ).toEqual([]);
  });

  it.each([
    ["no effect", { gamma1: 0.9 }, "gamma1"],
    ["no effect", { momentum: 0.9, optimizer: "adam" }, "momentum"],
    ["no effect", { early_stopping_patience: 2 }, "early_stopping_patience"],
    ["undocumented", { precision_dtype: "float32" }, "precision_dtype"],
    ["no whole batch", { num_training_samples: 15 }, "mini_batch_size"],
    ["never stops early", { early_stopping: true, epochs: 4 }, "early_stopping_min_epochs"],
    ["deeplab on whole images", { algorithm: "deeplab", validation_mini_batch_size: 1 }, "validation_mini_batch_size"],
    ["step never reached", { lr_scheduler: "step", lr_scheduler_step: [5, 10] }, "lr_scheduler_step"],
  ])("warns: %s", (_, values, parameter) => {
    expect(about(values)).toEqual([parameter]);
  });

  it("knows the data, the GPUs and the earlier job", () => {
    expect(about({}, { trainingImages: 199 })).toEqual(["num_training_samples"]);
    expect(about({ mini_batch_size: 6 }, { gpus: 4 })).toEqual(["mini_batch_size"]);
    expect(about({ backbone: "resnet-50", algorithm: "fcn", crop_size: 240 }, { continued: true })).toEqual([]);
    expect(about({}, { continued: true })).toEqual(["model"]);
  });
});

type ValueOf<Fact> = Fact extends { readonly kind: "integer" | "float" }
  ? number
  : Fact extends { readonly kind: "boolean" }
    ? boolean
    : Fact extends { readonly kind: "enum"; readonly values: readonly (infer Value)[] }
      ? Value
      : string | readonly number[];
type Table = typeof hyperparameterTable;

describe("Hyperparameters", () => {
  it("has the names and values of the table", () => {
    // Checked by the compiler (`npm run typecheck`): the public type is written out, so that each member has its words.
    expectTypeOf<Hyperparameters>().toEqualTypeOf<{ readonly [Name in keyof Table]?: ValueOf<Table[Name]> }>();
    expect(Object.keys(hyperparameterTable)).toHaveLength(25);
  });
});
