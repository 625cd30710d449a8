import {
  AddTagsCommand,
  DeleteEndpointCommand,
  ListTagsCommand,
  UpdateEndpointCommand,
  UpdateEndpointWeightsAndCapacitiesCommand,
} from "@aws-sdk/client-sagemaker";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { squareScene, startTestBackend, until } from "../../support/local-backend.js";
import type { TestBackend } from "../../support/local-backend.js";
import {
  createConfig,
  createEndpoint,
  createModel,
  describeEndpoint,
  invoke,
  serveSquares,
  settledEndpoint,
} from "../../support/local-hosting.js";

let backend: TestBackend;
beforeAll(async () => {
  backend = await startTestBackend();
  await serveSquares(backend);
  await createConfig(backend, "two", 2);
});
afterAll(() => backend.end());

describe("an endpoint", () => {
  it("is updated while it serves, then takes other weights", async () => {
    await backend.sagemaker.send(new UpdateEndpointCommand({ EndpointName: "Squares", EndpointConfigName: "two" }));
    expect((await describeEndpoint(backend, "Squares")).EndpointStatus).toBe("Updating");
    expect((await invoke(backend, squareScene(1).image, "image/png")).ContentType).toBe("image/png");
    const updated = await settledEndpoint(backend, "Squares");
    expect([updated.EndpointConfigName, updated.ProductionVariants![0]!.CurrentInstanceCount]).toEqual(["two", 2]);
    await backend.sagemaker.send(
      new UpdateEndpointWeightsAndCapacitiesCommand({
        EndpointName: "Squares",
        DesiredWeightsAndCapacities: [{ VariantName: "AllTraffic", DesiredWeight: 0.5, DesiredInstanceCount: 3 }],
      }),
    );
    const [variant] = (await settledEndpoint(backend, "Squares")).ProductionVariants!;
    expect([variant!.CurrentWeight, variant!.CurrentInstanceCount]).toEqual([0.5, 3]);
  });

  it("ends as Failed over an artifact that cannot be loaded, and without capacity", async () => {
    await backend.put("broken.tar.gz", "no archive");
    await createModel(backend, "broken", "s3://bucket/broken.tar.gz");
    await createConfig(backend, "broken", 1, "broken");
    await createEndpoint(backend, "broken", "broken");
    expect((await settledEndpoint(backend, "broken")).FailureReason).toMatch(/did not pass the ping health check/);
    await backend.sagemaker.send(new DeleteEndpointCommand({ EndpointName: "broken" }));

    backend.local.faults.noCapacity("ml.g4dn.xlarge");
    await createConfig(backend, "scarce", 1, "squares", { InstanceType: "ml.g4dn.xlarge" });
    await createEndpoint(backend, "scarce", "scarce");
    const failed = await settledEndpoint(backend, "scarce");
    expect([failed.EndpointStatus, failed.FailureReason]).toEqual([
      "Failed",
      expect.stringMatching(/InsufficientInstanceCapacity/),
    ]);
  });

  it("refuses what the service refuses", async () => {
    // Texts: refusals.md of the dossiers.
    await expect(createModel(backend, "squares", "s3://bucket/models/model/output/model.tar.gz")).rejects.toThrow(
      /^Cannot create already existing model "arn:/,
    );
    await expect(createModel(backend, "other", "s3://bucket/none.tar.gz")).rejects.toThrow(
      "Could not find model data at s3://bucket/none.tar.gz.",
    );
    await expect(createConfig(backend, "one", 1)).rejects.toThrow(
      /^Cannot create already existing endpoint configuration "arn:/,
    );
    await expect(createConfig(backend, "three", 1, "nobody")).rejects.toThrow(/^Could not find model "arn:/);
    await expect(createEndpoint(backend, "squares", "one")).rejects.toThrow(
      /^Cannot create already existing endpoint "arn:aws:sagemaker:us-east-1:123456789012:endpoint\/squares"/,
    );
    await expect(describeEndpoint(backend, "nobody")).rejects.toMatchObject({
      name: "ValidationException",
      message: expect.stringMatching(/^Could not find endpoint "arn:/) as string,
    });
    await createConfig(backend, "huge", 10_000);
    await expect(createEndpoint(backend, "huge", "huge")).rejects.toMatchObject({
      name: "ResourceLimitExceeded",
      message: expect.stringMatching(/^The account-level service limit 'ml\.c5\.xlarge for endpoint usage'/) as string,
    });
  });

  it("keeps tags by ARN", async () => {
    const ResourceArn = (await describeEndpoint(backend, "Squares")).EndpointArn!;
    await backend.sagemaker.send(
      new AddTagsCommand({
        ResourceArn,
        Tags: [
          { Key: "__proto__", Value: "x" },
          { Key: "who", Value: "müller" },
        ],
      }),
    );
    const { Tags } = await backend.sagemaker.send(new ListTagsCommand({ ResourceArn }));
    expect(Tags).toEqual([
      { Key: "__proto__", Value: "x" },
      { Key: "who", Value: "müller" },
    ]);
  });

  it("serves again after a restart, and is gone when deleted", async () => {
    const again = await backend.restart();
    try {
      expect((await describeEndpoint(again, "Squares")).EndpointStatus).toBe("InService");
      expect((await invoke(again, squareScene(2).image, "image/png")).ContentType).toBe("image/png");
      await again.sagemaker.send(new DeleteEndpointCommand({ EndpointName: "Squares" }));
      await expect(
        until(
          () => describeEndpoint(again, "Squares"),
          () => false,
        ),
      ).rejects.toThrow(/^Could not find endpoint/);
    } finally {
      backend = again;
    }
  });
});
