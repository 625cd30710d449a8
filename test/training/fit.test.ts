import { describe, expect, it } from "vitest";
import { createAwsContext } from "../../src/aws/clients.js";
import { defineClasses } from "../../src/mask/classes.js";
import { estimatorBuilder } from "../../src/training/estimator-builder.js";
import type { TrainableDataset } from "../../src/training/estimator.js";
import { fakeSageMaker } from "../support/fake-sagemaker.js";
import { rejectionOf } from "../support/refusal-of.js";

const classes = defineClasses(["background", "sea turtle"]);
const role = "arn:aws:iam::123456789012:role/Turtles";
const folder = "s3://turtle2022/run-1";
const channels = {
  train: `${folder}/train`,
  train_annotation: `${folder}/train_annotation/`,
  validation: `${folder}/validation/`,
  validation_annotation: `${folder}/validation_annotation`,
};
const dataset: TrainableDataset<"background" | "sea turtle"> = { classes, channels, counts: { train: 200 } };

describe("fit", () => {
  it("sends what toRequest shows, once, and returns the handle", async () => {
    const { client, calls } = fakeSageMaker(() => ({ body: { TrainingJobArn: "arn" } }));
    const sending = createAwsContext({ region: "us-east-1", role, workspace: folder, clients: { sagemaker: client } });
    const estimator = estimatorBuilder(sending, "turtles")
      .dataset(dataset)
      .instance("ml.p3.2xlarge")
      .jobName("turtles-1");
    const job = await estimator.fit();
    expect(job.name).toBe("turtles-1");
    expect(job.classes).toBe(classes);
    expect(calls).toEqual([{ operation: "CreateTrainingJob", input: estimator.toRequest() }]);
  });

  it("tells the name that it made up before the job is created, so that an abort does not lose it", async () => {
    const reason = new Error("enough");
    const stop = new AbortController();
    const names: string[] = [];
    const { client, calls } = fakeSageMaker(() => {
      expect(names).toHaveLength(1);
      stop.abort(reason);
      return { error: "InternalFailure", message: "try later", status: 500 };
    });
    const sending = createAwsContext({ region: "us-east-1", role, workspace: folder, clients: { sagemaker: client } });
    const estimator = estimatorBuilder(sending, "turtles").dataset(dataset).instance("ml.p3.2xlarge");
    const fitting = estimator.fit({ signal: stop.signal, onName: (name) => names.push(name) });
    await expect(fitting).rejects.toBe(reason);
    expect(calls[0]?.input["TrainingJobName"]).toBe(names[0]);
  });

  it("takes up the job that it made when the answer was lost and the client's repetition was refused", async () => {
    const { client } = fakeSageMaker(({ operation, input }) =>
      operation === "CreateTrainingJob"
        ? { error: "ResourceInUse", message: "Training job names must be unique within an AWS account and region" }
        : { body: { TrainingJobName: input["TrainingJobName"], TrainingJobStatus: "InProgress" } },
    );
    const sending = createAwsContext({ region: "us-east-1", role, workspace: folder, clients: { sagemaker: client } });
    const estimator = estimatorBuilder(sending, "turtles").dataset(dataset).instance("ml.p3.2xlarge");
    // The name has the time in it, so nobody else can have taken it.
    expect((await estimator.fit()).name).toMatch(/^turtles-\d{4}-/);
    // A given name may be somebody else's.
    expect((await rejectionOf(estimator.jobName("turtles-1").fit())).code).toBe("aws.conflict");
    const renamed = estimator.override({ TrainingJobName: "turtles-1" });
    expect((await rejectionOf(renamed.fit())).code).toBe("aws.conflict");
  });

  it("tells a failure that made no job", async () => {
    const { client } = fakeSageMaker(({ operation }) =>
      operation === "CreateTrainingJob"
        ? { error: "InternalFailure", message: "try later", status: 500 }
        : { error: "ValidationException", message: "Requested resource not found." },
    );
    const sending = createAwsContext({ region: "us-east-1", role, workspace: folder, clients: { sagemaker: client } });
    const estimator = estimatorBuilder(sending, "turtles").dataset(dataset).instance("ml.p3.2xlarge");
    expect((await rejectionOf(estimator.fit())).code).toBe("aws.server");
  });

  it("says that a name is taken", async () => {
    const { client } = fakeSageMaker(() => ({ error: "ResourceInUse", message: "Training job names must be unique" }));
    const sending = createAwsContext({ region: "us-east-1", role, workspace: folder, clients: { sagemaker: client } });
    const estimator = estimatorBuilder(sending, "turtles").dataset(dataset).instance("ml.p3.2xlarge");
    expect((await rejectionOf(estimator.fit())).code).toBe("aws.conflict");
  });

  it("sends nothing when a value is wrong", async () => {
    const { client, calls } = fakeSageMaker(() => ({ body: {} }));
    const sending = createAwsContext({ region: "us-east-1", role, workspace: folder, clients: { sagemaker: client } });
    const estimator = estimatorBuilder(sending, "t").dataset(dataset).instance("ml.p3.2xlarge");
    const wrong = estimator.hyperparameters({ epochs: -1 });
    expect((await rejectionOf(wrong.fit())).code).toBe("hyperparameter.invalid");
    expect(calls).toEqual([]);
  });

  it("throws the signal's own reason", async () => {
    const { client, calls } = fakeSageMaker(() => ({ body: {} }));
    const sending = createAwsContext({ region: "us-east-1", role, workspace: folder, clients: { sagemaker: client } });
    const reason = new Error("enough");
    const fit = estimatorBuilder(sending, "t").dataset(dataset).instance("ml.p3.2xlarge");
    await expect(fit.fit({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    expect(calls).toEqual([]);
  });
});
