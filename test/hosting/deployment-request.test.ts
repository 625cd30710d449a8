import { describe, expect, it } from "vitest";
import { createAwsContext } from "../../src/aws/clients.js";
import { modelFromArtifact } from "../../src/hosting/model.js";
import { defineClasses } from "../../src/mask/classes.js";
import { refusalOf } from "../support/refusal-of.js";

const classes = defineClasses(["background", "sea turtle"]);
const role = "arn:aws:iam::123456789012:role/Turtles";
const artifact = "s3://turtle2022/run-1/output/turtles-1/output/model.tar.gz";
const image = "811284229777.dkr.ecr.us-east-1.amazonaws.com/semantic-segmentation:1";

const context = createAwsContext({ region: "us-east-1", role });
const idle = modelFromArtifact(context, { artifact, classes }).deploy();

describe("toRequest", () => {
  it("shows three requests under the endpoint's name", () => {
    const requests = idle.instance("ml.c5.xlarge").name("turtles").tags({ project: "turtles" }).toRequest();
    const Tags = [{ Key: "project", Value: "turtles" }];
    const modelName = requests.model.ModelName;
    expect(modelName).toMatch(/^turtles-\d{4}-\d\d-\d\d-\d\d-\d\d-\d\d-\d{3}$/);
    expect(requests).toEqual({
      model: {
        ModelName: modelName,
        ExecutionRoleArn: role,
        PrimaryContainer: { Image: image, ModelDataUrl: artifact },
        Tags,
      },
      endpointConfig: {
        EndpointConfigName: "turtles",
        ProductionVariants: [
          {
            VariantName: "AllTraffic",
            ModelName: modelName,
            InstanceType: "ml.c5.xlarge",
            InitialInstanceCount: 1,
            InitialVariantWeight: 1,
          },
        ],
        Tags,
      },
      endpoint: { EndpointName: "turtles", EndpointConfigName: "turtles", Tags },
    });
  });

  it("names all three alike and anew when no name is given", () => {
    const { model, endpointConfig, endpoint } = idle.instance("ml.c5.xlarge").toRequest();
    expect(model.ModelName).toMatch(/^semantic-segmentation-\d{4}-/);
    expect(endpointConfig.EndpointConfigName).toBe(model.ModelName);
    expect(endpoint.EndpointName).toBe(model.ModelName);
    expect(idle.instance("ml.c5.xlarge").toRequest().endpoint.EndpointName).not.toBe(endpoint.EndpointName);
  });

  it("names them after the training job, without its time", () => {
    const model = modelFromArtifact(context, { artifact, classes, trainingJob: "turtles-2026-11-21-08-00-00-000" });
    expect(model.deploy().instance("ml.c5.xlarge").toRequest().endpoint.EndpointName).toMatch(
      /^turtles-\d{4}(-\d\d){5}-\d{3}$/,
    );
  });

  it("keeps long names below AWS's 63 letters", () => {
    const { model, endpoint } = idle.instance("ml.c5.xlarge").name("t".repeat(63)).toRequest();
    expect(endpoint.EndpointName).toHaveLength(63);
    expect(model.ModelName).toHaveLength(63);
  });

  it("lays the override over everything", () => {
    const requests = idle
      .instance("ml.c5.xlarge")
      .count(2)
      .override({ model: { EnableNetworkIsolation: true } })
      .override({ endpoint: { EndpointName: "other" } })
      .toRequest();
    expect(requests.model.EnableNetworkIsolation).toBe(true);
    expect(requests.endpoint.EndpointName).toBe("other");
    expect(requests.endpointConfig.ProductionVariants?.[0]?.InitialInstanceCount).toBe(2);
  });

  it("keeps nothing of the override that it was given", () => {
    const override = { model: { VpcConfig: { Subnets: ["subnet-1"], SecurityGroupIds: ["sg-1"] } } };
    const ready = idle.instance("ml.c5.xlarge").override(override);
    override.model.VpcConfig.Subnets.push("subnet-2");
    expect(ready.toRequest().model.VpcConfig?.Subnets).toEqual(["subnet-1"]);
  });

  it("refuses what cannot be", () => {
    // @ts-expect-error: "instance" is still to do
    expect(refusalOf(() => idle.toRequest()).details).toMatchObject({ missing: ["instance"] });
    expect(refusalOf(() => idle.instance("c5.xlarge")).code).toBe("hosting.invalid");
    expect(refusalOf(() => idle.count(0)).code).toBe("hosting.invalid");
    expect(refusalOf(() => idle.count(1.5)).code).toBe("hosting.invalid");
    expect(refusalOf(() => idle.name("under_score")).code).toBe("input.invalid");
    const bare = createAwsContext({ region: "us-east-1" });
    expect(refusalOf(() => modelFromArtifact(bare, { artifact: "s3://bucket/folder/", classes })).code).toBe(
      "hosting.invalid",
    );
    const withoutRole = modelFromArtifact(bare, { artifact, classes }).deploy().instance("ml.c5.xlarge");
    expect(refusalOf(() => withoutRole.toRequest()).details).toMatchObject({ setting: "role" });
  });
});
