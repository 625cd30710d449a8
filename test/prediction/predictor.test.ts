import { describe, expect, it } from "vitest";
import { createAwsContext } from "../../src/aws/clients.js";
import { defineClasses } from "../../src/mask/classes.js";
import { createPredictor } from "../../src/prediction/predictor.js";
import type { Predictor, PredictorOptions } from "../../src/prediction/predictor.js";
import { fakeRuntime } from "../support/fake-runtime.js";
import type { Invocation, RuntimeAnswer } from "../support/fake-runtime.js";
import { pngBytes } from "../support/png-bytes.js";
import { refusalOf, rejectionOf } from "../support/refusal-of.js";

const classes = defineClasses(["background", "sea turtle"]);

/** SOI, a frame header (SOF0) of this size with three components, EOI: all that is read before sending. */
function jpegOf(width: number, height: number): Uint8Array {
  const frame = [0xff, 0xc0, 0, 17, 8, height >> 8, height & 255, width >> 8, width & 255, 3];
  return Uint8Array.from([0xff, 0xd8, ...frame, 1, 0x22, 0, 2, 0x11, 1, 3, 0x11, 1, 0xff, 0xda, 0, 2, 0xff, 0xd9]);
}

const mask3x1 = pngBytes({ width: 3, height: 1, colorType: 0, samples: [0, 1, 0] });

// Made by hand from the protobuf and RecordIO layouts; shape (1, 2, 1, 3), class 0: 0.75 0.5 0.125, class 1: 0.25 0.5 0.875.
const record = Buffer.from(
  "0a110a05736861706512083a060a04010201030a260a06746172676574121c121a0a180000403f0000003f0000003e0000803e0000003f0000603f",
  "hex",
);
const recordIO = Buffer.concat([Buffer.from("0a23d7ce3b000000", "hex"), record, Buffer.alloc(1)]);

function predictorOn(
  answer: RuntimeAnswer | "never" | ((invocation: Invocation) => RuntimeAnswer | "never"),
  options?: PredictorOptions,
): { predictor: Predictor<"background" | "sea turtle">; invocations: Invocation[] } {
  const { client, invocations } = fakeRuntime(typeof answer === "function" ? answer : () => answer);
  const context = createAwsContext({ region: "us-east-1", clients: { runtime: client } });
  return { predictor: createPredictor(context, "turtles", classes, options), invocations };
}

const served = (body: Uint8Array, contentType = "image/png"): RuntimeAnswer => ({
  body,
  headers: { "content-type": contentType },
});

describe("mask", () => {
  it("sends the JPEG as it is and reads the PNG", async () => {
    const { predictor, invocations } = predictorOn(served(mask3x1));
    const jpeg = jpegOf(3, 1);
    const mask = await predictor.mask(jpeg);
    expect([...mask.data]).toEqual([0, 1, 0]);
    expect(mask.share("sea turtle")).toBeCloseTo(1 / 3);
    expect(invocations).toMatchObject([
      {
        method: "POST",
        path: "/endpoints/turtles/invocations",
        headers: { "content-type": "image/jpeg", accept: "image/png" },
      },
    ]);
    expect(Buffer.from(invocations[0]?.body ?? [])).toEqual(Buffer.from(jpeg));
  });

  it("takes palette PNGs for indices, never for colours", async () => {
    const palette = [
      [255, 255, 255],
      [44, 160, 44],
    ] as const;
    const png = pngBytes({ width: 3, height: 1, colorType: 3, samples: [1, 0, 1], palette });
    expect([...(await predictorOn(served(png)).predictor.mask(jpegOf(3, 1))).data]).toEqual([1, 0, 1]);
  });

  it("sends PNG images as image/png", async () => {
    const image = pngBytes({ width: 3, height: 1, colorType: 2, samples: [1, 2, 3, 4, 5, 6, 7, 8, 9] });
    const { predictor, invocations } = predictorOn(served(mask3x1));
    await predictor.mask(image);
    expect(invocations[0]?.headers["content-type"]).toBe("image/png");
  });

  it.each([
    ["a GIF", new TextEncoder().encode("GIF89a......"), /GIF/],
    ["an S3 error page", new TextEncoder().encode('<?xml version="1.0"?><Error/>'), /XML/],
    ["nothing", new Uint8Array(), /empty/],
    ["a JPEG cut off", Uint8Array.of(0xff, 0xd8, 0xff, 0xe0), /damaged JPEG/],
    ["too much", new Uint8Array(25_000_001), /25000001 bytes/],
    ["a text", "photo.jpg" as unknown as Uint8Array, /string/],
  ])("refuses %s before anything is sent", async (_, bytes, found) => {
    const { predictor, invocations } = predictorOn(served(mask3x1));
    const { code, message } = await rejectionOf(predictor.mask(bytes));
    expect(code).toBe("prediction.body");
    expect(message).toMatch(found);
    expect(invocations).toEqual([]);
  });

  it.each([
    ["another size", pngBytes({ width: 2, height: 1, colorType: 0, samples: [0, 1] }), /3 x 1/],
    ["an index that is no class", pngBytes({ width: 3, height: 1, colorType: 0, samples: [0, 2, 0] }), /below 2/],
    ["no PNG", new TextEncoder().encode("{}"), /JSON/],
    ["nothing", new Uint8Array(), /empty/],
  ])("refuses an answer with %s", async (_, body, expected) => {
    const { code, message, details } = await rejectionOf(predictorOn(served(body)).predictor.mask(jpegOf(3, 1)));
    expect(code).toBe("prediction.answer");
    expect(message).toMatch(expected);
    expect(details).toMatchObject({ endpoint: "turtles", contentType: "image/png" });
  });

  it("takes an answer that is turned, since a container may heed the EXIF orientation", async () => {
    const mask = await predictorOn(served(mask3x1)).predictor.mask(jpegOf(1, 3));
    expect([mask.width, mask.height]).toEqual([3, 1]);
  });
});

describe("probabilities", () => {
  it.each([
    ["RecordIO", recordIO],
    ["a bare record", record],
  ])("reads %s, whatever the content type says", async (_, body) => {
    const { predictor, invocations } = predictorOn(served(body, "application/octet-stream"));
    const map = await predictor.probabilities(jpegOf(3, 1));
    expect(map.shape).toEqual([2, 1, 3]);
    expect([...map.plane("sea turtle")]).toEqual([0.25, 0.5, 0.875]);
    expect([...map.argmax().data]).toEqual([0, 0, 1]);
    expect(invocations[0]?.headers["accept"]).toBe("application/x-protobuf");
  });

  it("asks under the guide's name when told to", async () => {
    const accept = "application/x-recordio-protobuf";
    const { predictor, invocations } = predictorOn(served(recordIO, accept), { accept });
    await predictor.probabilities(jpegOf(3, 1));
    expect(invocations[0]?.headers["accept"]).toBe(accept);
  });

  it("refuses an answer that is cut off or has another size", async () => {
    const cut = predictorOn(served(recordIO.subarray(0, 40)));
    expect((await rejectionOf(cut.predictor.probabilities(jpegOf(3, 1)))).code).toBe("prediction.answer");
    const other = predictorOn(served(recordIO));
    expect((await rejectionOf(other.predictor.probabilities(jpegOf(4, 4)))).code).toBe("prediction.answer");
  });
});

describe("errors of endpoint and container", () => {
  const failing = (status: number, name: string, body: object): RuntimeAnswer => ({
    status,
    headers: { "content-type": "application/json", "x-amzn-errortype": name },
    body: JSON.stringify(body),
  });

  it("gives the container's own words", async () => {
    const answer = failing(424, "ModelError", {
      Message: "Received client error (400) from model",
      OriginalStatusCode: 400,
      OriginalMessage: "unsupported image",
      LogStreamArn: "arn:aws:logs:us-east-1:123456789012:log-group:/aws/sagemaker/Endpoints/turtles",
    });
    const { code, message, details } = await rejectionOf(predictorOn(answer).predictor.mask(jpegOf(3, 1)));
    expect(code).toBe("prediction.model");
    expect(message).toContain("unsupported image");
    expect(details).toEqual({
      endpoint: "turtles",
      originalStatus: 400,
      originalMessage: "unsupported image",
      logs: "arn:aws:logs:us-east-1:123456789012:log-group:/aws/sagemaker/Endpoints/turtles",
    });
  });

  it("says when there is no such endpoint", async () => {
    const answer = failing(400, "ValidationError", { Message: "Endpoint turtles of account 123456789012 not found." });
    expect((await rejectionOf(predictorOn(answer).predictor.mask(jpegOf(3, 1)))).code).toBe("aws.not-found");
  });

  it("ends waiting for an answer that does not come", async () => {
    const { predictor } = predictorOn("never", { timeout: 5 });
    const { code, details } = await rejectionOf(predictor.mask(jpegOf(3, 1)));
    expect(code).toBe("aws.network");
    expect(details).toMatchObject({ name: "TimeoutError", retryable: true });
  });

  it("throws the signal's own reason", async () => {
    const reason = new Error("enough");
    const stop = new AbortController();
    const { predictor } = predictorOn(() => {
      stop.abort(reason);
      return "never";
    });
    await expect(predictor.mask(jpegOf(3, 1), { signal: stop.signal })).rejects.toBe(reason);
  });

  it("refuses a time-out that is none", () => {
    for (const timeout of [0, -1, NaN, 1.5, 2 ** 31]) {
      expect(refusalOf(() => predictorOn("never", { timeout })).code).toBe("input.invalid");
    }
  });
});
