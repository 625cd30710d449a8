import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { streamingMessage } from "../../src/index.js";
import { rejectionOf } from "../support/refusal-of.js";
import { all, sceneClasses, sceneInstructions, startScenes } from "../support/labeling-scenes.js";
import type { SceneBackend } from "../support/labeling-scenes.js";

let at: SceneBackend;
let images: readonly string[];
beforeAll(async () => {
  at = await startScenes();
  images = await at.put(5);
});
afterAll(() => at.end());

/** SNS's Publish as any producer sends it: the Query protocol (API reference of SNS). */
async function sns(parameters: Record<string, string>): Promise<{ readonly status: number; readonly text: string }> {
  const answer = await fetch(`${at.local.url}/`, {
    method: "POST",
    headers: {
      "content-type": "application/x-www-form-urlencoded",
      authorization: `AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/sns/aws4_request, SignedHeaders=host, Signature=00`,
    },
    body: new URLSearchParams({ Version: "2010-03-31", ...parameters }).toString(),
  });
  return { status: answer.status, text: await answer.text() };
}

async function until(done: () => Promise<boolean>): Promise<void> {
  while (!(await done())) await new Promise((resolve) => setTimeout(resolve, 5));
}

describe("a streaming job over HTTP", () => {
  it("labels what comes by its topic until it is stopped, and puts each line out", async () => {
    const created = await sns({ Action: "CreateTopic", Name: "shapes-in" });
    const input = /<TopicArn>([^<]+)</.exec(created.text)?.[1] ?? "";
    expect(input).toBe(`arn:aws:sns:us-east-1:${at.local.account}:shapes-in`);
    const output = input.replace("-in", "-out");
    const job = await at.session
      .labelingJob("Stream-1")
      .streaming({ input, output })
      .classes(sceneClasses)
      .workteam(at.team)
      .instructions(sceneInstructions)
      .start();
    await until(async () => (await job.describe()).status === "InProgress");
    const publish = (Message: string) => sns({ Action: "Publish", TopicArn: input, Message });
    expect((await publish(streamingMessage(images[0]!, { id: "shot 0", extra: { camera: 7 } }))).text).toMatch(
      /MessageId/,
    );
    await publish(streamingMessage(images[1]!));
    // The same image again under its id: labeled once (guide, sms-streaming-labeling-job).
    await publish(streamingMessage(images[0]!, { id: "shot 0" }));
    // An event of S3, and what is neither.
    await publish(
      JSON.stringify({
        Records: [
          {
            eventName: "ObjectCreated:Put",
            s3: { bucket: { name: "shapes" }, object: { key: "images/shot-2.jpg", sequencer: "0055AED6DCD90281E5" } },
          },
        ],
      }),
    );
    await publish("no line");
    await until(async () => (await job.describe()).labeled === 3);
    const state = await job.describe();
    expect(state).toMatchObject({ status: "InProgress", streaming: true, labeled: 3, unlabeled: 0 });
    await publish(streamingMessage(images[3]!));
    await until(async () => (await job.describe()).labeled === 4);
    await job.stop();
    expect((await rejectionOf(job.wait())).code).toBe("job.stopped");
    const entries = await all((await job.labels()).labeled());
    expect(entries.map(({ imageUri }) => imageUri)).toEqual(images.slice(0, 4));
    const put = at.local.messages(output).map((message) => JSON.parse(message) as Record<string, unknown>);
    expect(put).toHaveLength(4);
    expect(put[0]).toMatchObject({ "source-ref": images[0], camera: 7, "object-id": "shot 0" });
    expect(put[0]).toHaveProperty(["Stream-1-ref-metadata", "type"], "groundtruth/semantic-segmentation");
    // Without an id the service makes one, under a key that begins with a dollar sign.
    expect(put[1]).toMatchObject({ "dataset-objectid-attribute-name": "$Stream-1-ref-object-id" });
    expect(put[2]).toMatchObject({ $sequencer: "0055AED6DCD90281E5" });
  });

  it("goes on after a restart with what came, and labels nothing twice", async () => {
    const input = `arn:aws:sns:us-east-1:${at.local.account}:shapes-again`;
    const job = await at.session
      .labelingJob("Stream-3")
      .streaming({ input })
      .classes(sceneClasses)
      .workteam(at.team)
      .instructions(sceneInstructions)
      .start();
    await sns({ Action: "Publish", TopicArn: input, Message: streamingMessage(images[0]!) });
    await until(async () => (await job.describe()).labeled === 1);
    at.local.faults.idleAnnotators("Stream-3");
    await sns({ Action: "Publish", TopicArn: input, Message: streamingMessage(images[1]!) });
    const again = await at.restart();
    const resumed = again.attachLabelingJob("Stream-3", sceneClasses);
    await until(async () => (await resumed.describe()).labeled === 2);
    await resumed.stop();
    expect((await rejectionOf(resumed.wait())).code).toBe("job.stopped");
    const entries = await all((await resumed.labels()).labeled());
    expect(entries.map(({ imageUri }) => imageUri)).toEqual(images.slice(0, 2));
  });

  it("begins with the images that are named besides", async () => {
    const input = `arn:aws:sns:us-east-1:${at.local.account}:more`;
    const job = await at.session
      .labelingJob("Stream-2")
      .streaming({ input })
      .images(images.slice(0, 2))
      .classes(sceneClasses)
      .workteam(at.team)
      .instructions(sceneInstructions)
      .start();
    await until(async () => (await job.describe()).labeled === 2);
    expect((await job.describe()).status).toBe("InProgress");
    await job.stop();
    expect((await rejectionOf(job.wait())).code).toBe("job.stopped");
  });

  it("refuses messages to strange topics and messages that are none", async () => {
    expect(
      await sns({ Action: "Publish", TopicArn: "arn:aws:sns:us-east-1:999999999999:x", Message: "a" }),
    ).toMatchObject({ status: 404 });
    expect(
      (await sns({ Action: "Publish", TopicArn: `arn:aws:sns:us-east-1:${at.local.account}:x`, Message: "" })).text,
    ).toMatch(/Empty message/);
    expect(() => streamingMessage("s3://shapes/a.jpg", { extra: { $x: 1 } })).toThrow(/Ground Truth's own/);
    expect(() => streamingMessage("s3://shapes/a.jpg", { id: "x".repeat(1025) })).toThrow(/1,024/);
    expect(() => streamingMessage("s3://shapes/a.jpg", { id: "a", idKey: "$id" })).toThrow(/idKey/);
    expect(() => streamingMessage("s3://shapes")).toThrow(/names no object/);
  });
});
