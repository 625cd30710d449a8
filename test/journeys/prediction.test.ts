import { SageMakerRuntimeClient } from "@aws-sdk/client-sagemaker-runtime";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createSession, defineClasses, evaluate } from "../../src/index.js";
import type { OwnedEndpoint, Predictor } from "../../src/index.js";
import { rejectionOf } from "../support/refusal-of.js";
import { shapeClasses, shapeEstimator, shapeScene, startShapes } from "../support/shapes.js";
import type { ShapeName, ShapesBackend } from "../support/shapes.js";

describe("predictions over HTTP", () => {
  let shapes: ShapesBackend;
  let endpoint: OwnedEndpoint<ShapeName>;
  let predictor: Predictor<ShapeName>;
  beforeAll(async () => {
    shapes = await startShapes();
    const model = await (await shapeEstimator(shapes.session, "shapes").fit()).wait();
    endpoint = await model.deploy().instance("ml.c5.xlarge").create();
    predictor = endpoint.predictor();
  });
  afterAll(async () => {
    await shapes[Symbol.asyncDispose]();
  });

  const { jpeg, truth } = shapeScene(9);

  it("gives the same answer under both names of the probabilities", async () => {
    const named = endpoint.predictor({ accept: "application/x-recordio-protobuf" });
    const [one, other] = [await predictor.probabilities(jpeg), await named.probabilities(jpeg)];
    expect(Buffer.from(other.data.buffer, other.data.byteOffset, other.data.byteLength)).toEqual(
      Buffer.from(one.data.buffer, one.data.byteOffset, one.data.byteLength),
    );
    expect(one.at(9 + 10, 16, "disc")).toBeGreaterThan(0.5);
  });

  it("takes a PNG photograph", async () => {
    const { overlay } = await import("../../src/masks.js");
    const picture = overlay(
      { width: truth.width, height: truth.height, data: new Uint8Array(truth.data.length * 3).fill(90) },
      truth,
    );
    const mask = await predictor.mask(picture.toPng());
    expect([mask.width, mask.height]).toEqual([picture.width, picture.height]);
  });

  it("works with an endpoint's name alone, without role and workspace, on a client of the caller's", async () => {
    const { credentials, url, region } = shapes.local;
    const runtime = new SageMakerRuntimeClient({ credentials, endpoint: url, region });
    const service = createSession({ clients: { runtime } }).endpoint(endpoint.name, shapeClasses).predictor();
    expect((await service.mask(jpeg)).share("bar")).toBeCloseTo(truth.share("bar"), 1);
    runtime.destroy();
  });

  it("is scored by evaluate", async () => {
    const samples = [4, 9].map((n) => ({ name: `shot-${n}`, image: shapeScene(n).jpeg, mask: shapeScene(n).truth }));
    const report = await evaluate(predictor, samples);
    expect(report.meanIoU).toBeGreaterThan(0.8);
  });

  it("says what is wrong before sending, and what the container said after", async () => {
    expect((await rejectionOf(predictor.mask(new TextEncoder().encode("<Error/>")))).code).toBe("prediction.body");
    // A whole header, and nothing behind it.
    const hollow = jpeg.slice(0, jpeg.indexOf(0xda) + 12);
    const { code, details } = await rejectionOf(predictor.mask(hollow));
    expect(code).toBe("prediction.model");
    expect(details).toMatchObject({ endpoint: endpoint.name, originalStatus: expect.any(Number) as number });
  });

  it("refuses an answer that does not fit the class table", async () => {
    const two = defineClasses(["background", "disc"]);
    const wrong = shapes.session.endpoint(endpoint.name, two).predictor();
    expect((await rejectionOf(wrong.mask(jpeg))).code).toBe("prediction.answer");
    expect((await rejectionOf(wrong.probabilities(jpeg))).code).toBe("prediction.answer");
  });

  it("knows no endpoint of that name", async () => {
    const missing = shapes.session.endpoint("no-such-endpoint", shapeClasses).predictor();
    expect((await rejectionOf(missing.mask(jpeg))).code).toBe("aws.not-found");
  });

  it("passes on a failure of AWS", async () => {
    const error = { name: "InternalFailure", message: "try again", status: 500 };
    shapes.local.faults.next({ operation: "InvokeEndpoint", error, times: 3 });
    expect((await rejectionOf(predictor.mask(jpeg))).code).toBe("aws.server");
    shapes.local.faults.clear();
  });
});
