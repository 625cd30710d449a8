import {
  CreateEndpointCommand,
  CreateEndpointConfigCommand,
  CreateModelCommand,
  CreateTrainingJobCommand,
  DescribeEndpointCommand,
  DescribeTrainingJobCommand,
} from "@aws-sdk/client-sagemaker";
import { InvokeEndpointCommand } from "@aws-sdk/client-sagemaker-runtime";
import { trainingRequest, until } from "./local-backend.js";
import type { TestBackend } from "./local-backend.js";

/** Image of the algorithm, and a role. */
export const image = "811284229777.dkr.ecr.us-east-1.amazonaws.com/semantic-segmentation:1";
export const role = "arn:aws:iam::123456789012:role/Test";
/** Key of the artifact in the bucket `bucket`. */
export const artifactKey = "models/model/output/model.tar.gz";

export const createModel = (at: TestBackend, ModelName: string, ModelDataUrl: string) =>
  at.sagemaker.send(
    new CreateModelCommand({ ModelName, ExecutionRoleArn: role, PrimaryContainer: { Image: image, ModelDataUrl } }),
  );

export const createConfig = (
  at: TestBackend,
  EndpointConfigName: string,
  InitialInstanceCount: number,
  ModelName = "squares",
  more: object = {},
) =>
  at.sagemaker.send(
    new CreateEndpointConfigCommand({
      EndpointConfigName,
      ProductionVariants: [
        { VariantName: "AllTraffic", ModelName, InstanceType: "ml.c5.xlarge", InitialInstanceCount, ...more },
      ],
    }),
  );

export const createEndpoint = (at: TestBackend, EndpointName: string, EndpointConfigName: string) =>
  at.sagemaker.send(new CreateEndpointCommand({ EndpointName, EndpointConfigName }));

export const describeEndpoint = (at: TestBackend, EndpointName: string) =>
  at.sagemaker.send(new DescribeEndpointCommand({ EndpointName }));

/** Waits until an endpoint is in service or failed. */
export const settledEndpoint = (at: TestBackend, name: string) =>
  until(
    () => describeEndpoint(at, name),
    (state) => state.EndpointStatus === "InService" || state.EndpointStatus === "Failed",
  );

/** Sends an image to the endpoint `Squares`. */
export const invoke = (at: TestBackend, Body: Uint8Array, Accept: string, more: object = {}) =>
  at.runtime.send(
    new InvokeEndpointCommand({ EndpointName: "Squares", ContentType: "image/jpeg", Accept, Body, ...more }),
  );

/** Trains on squares, makes the model `squares` and brings the endpoint `Squares` of configuration `one` into service. */
export async function serveSquares(at: TestBackend): Promise<void> {
  await at.sagemaker.send(
    new CreateTrainingJobCommand(await trainingRequest(at, "model", { epochs: "6", learning_rate: "0.01" })),
  );
  await until(
    () => at.sagemaker.send(new DescribeTrainingJobCommand({ TrainingJobName: "model" })),
    (job) => job.TrainingJobStatus === "Completed",
  );
  await createModel(at, "squares", `s3://bucket/${artifactKey}`);
  await createConfig(at, "one", 1);
  await createEndpoint(at, "Squares", "one");
  await settledEndpoint(at, "Squares");
}
