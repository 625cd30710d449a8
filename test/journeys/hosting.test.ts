import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Model } from "../../src/index.js";
import { rejectionOf } from "../support/refusal-of.js";
import { shapeClasses, shapeEstimator, shapeScene, startShapes } from "../support/shapes.js";
import type { ShapeName, ShapesBackend } from "../support/shapes.js";

describe("an endpoint over HTTP", () => {
  let shapes: ShapesBackend;
  let model: Model<ShapeName>;
  beforeAll(async () => {
    shapes = await startShapes();
    model = await (await shapeEstimator(shapes.session, "shapes").fit()).wait();
  });
  afterAll(async () => {
    await shapes[Symbol.asyncDispose]();
  });

  const { jpeg, truth } = shapeScene(4);
  const gone = async (name: string): Promise<boolean> => {
    const error = await rejectionOf(shapes.session.endpoint(name, shapeClasses).wait());
    return error.code === "aws.not-found" || error.code === "endpoint.failed";
  };

  it("is made in one step, answers, and is deleted on the way out", async () => {
    const reports: string[] = [];
    {
      await using endpoint = await model
        .deploy()
        .instance("ml.c5.xlarge")
        .name("shapes-live")
        .create({ progress: ({ detail = "" }) => reports.push(detail) });
      expect(endpoint.name).toBe("shapes-live");
      expect((await endpoint.describe()).status).toBe("InService");
      const predictor = endpoint.predictor();
      const mask = await predictor.mask(jpeg);
      const right = mask.data.filter((index, at) => index === truth.data[at]).length;
      expect(right / mask.data.length).toBeGreaterThan(0.9);
      const map = await predictor.probabilities(jpeg);
      expect(map.shape).toEqual([3, truth.height, truth.width]);
      expect(Buffer.from(map.argmax().data)).toEqual(Buffer.from(mask.data));
    }
    expect(reports[0]).toBe("Creating");
    expect(reports.at(-1)).toBe("InService");
    expect(await gone("shapes-live")).toBe(true);
  });

  it("is attached by name in another session, which cannot delete it by accident", async () => {
    const owned = await model.deploy().instance("ml.c5.xlarge").create();
    const attached = shapes.session.endpoint(owned.name, shapeClasses);
    expect((await attached.wait()).status).toBe("InService");
    expect((await attached.predictor().mask(jpeg)).width).toBe(truth.width);
    await attached.delete({ everything: true });
    expect(await gone(owned.name)).toBe(true);
    // The one who made it finds nothing left to delete.
    await owned.delete();
  });

  it("leaves nothing behind when there is no capacity", async () => {
    shapes.local.faults.noCapacity("ml.p3.2xlarge");
    const creating = model.deploy().instance("ml.p3.2xlarge").name("scarce").create();
    const { code, details } = await rejectionOf(creating);
    shapes.local.faults.clear();
    expect(code).toBe("endpoint.failed");
    expect(details).toMatchObject({
      endpoint: "scarce",
      removed: ["endpoint scarce", "endpoint configuration scarce", expect.stringMatching(/^model scarce-/) as string],
      remaining: [],
    });
    expect(await gone("scarce")).toBe(true);
    // The names are free again.
    await using endpoint = await model.deploy().instance("ml.c5.xlarge").name("scarce").create();
    expect(endpoint.name).toBe("scarce");
  });

  it("leaves nothing behind when the quota is too small", async () => {
    const message = "The account-level service limit 'ml.c5.xlarge for endpoint usage' is 0 Instances";
    shapes.local.faults.next({ operation: "CreateEndpoint", error: { name: "ResourceLimitExceeded", message } });
    const { details } = await rejectionOf(model.deploy().instance("ml.c5.xlarge").name("quota").create());
    expect(details).toMatchObject({ reason: expect.stringContaining(message) as string, remaining: [] });
    expect((await rejectionOf(shapes.session.endpoint("quota", shapeClasses).describe())).code).toBe("aws.not-found");
  });

  it("waits out a configuration that is not found yet", async () => {
    const message =
      'Could not find endpoint configuration "arn:aws:sagemaker:us-east-1:123456789012:endpoint-config/late".';
    shapes.local.faults.next({
      operation: "CreateEndpoint",
      error: { name: "ValidationException", message },
      times: 2,
    });
    await using endpoint = await model.deploy().instance("ml.c5.xlarge").name("late").create();
    expect(endpoint.name).toBe("late");
  });

  it("refuses an artifact that is not there before anything is made", async () => {
    const nothing = shapes.session.model("s3://shapes/nothing/model.tar.gz", shapeClasses);
    const { code, message } = await rejectionOf(nothing.deploy().instance("ml.c5.xlarge").create());
    expect(code).toBe("aws.validation");
    expect(message).toContain("Could not find model data at s3://shapes/nothing/model.tar.gz");
  });

  it("goes on when we stop waiting, and is found again by name", async () => {
    const stop = new AbortController();
    const reason = new Error("enough");
    const creating = model
      .deploy()
      .instance("ml.c5.xlarge")
      .name("kept")
      .create({ signal: stop.signal, progress: () => stop.abort(reason) });
    await expect(creating).rejects.toBe(reason);
    const attached = shapes.session.endpoint("kept", shapeClasses);
    expect((await attached.wait()).status).toBe("InService");
    await attached.delete({ everything: true });
  });
});
