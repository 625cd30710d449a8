import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createSession, defineClasses } from "../src/index.js";
import { fakeSageMaker } from "./support/fake-sagemaker.js";
import { refusalOf, rejectionOf } from "./support/refusal-of.js";

const classes = defineClasses(["background", "sea turtle"]);
const team = "arn:aws:sagemaker:us-east-1:123456789012:workteam/private-crowd/painters";

describe("a session", () => {
  beforeEach(() => {
    vi.stubEnv("AWS_REGION", "");
    vi.stubEnv("AWS_DEFAULT_REGION", "");
  });
  afterEach(() => {
    vi.unstubAllEnvs();
  });

  it("needs nothing to attach to what exists", () => {
    const session = createSession();
    expect(session.endpoint("turtles", classes).predictor()).toBeDefined();
    expect(session.attachLabelingJob("label-turtles", classes).name).toBe("label-turtles");
    expect(session.trainingJob("turtles-2026-01-02-03-04-05-678", classes).name).toContain("turtles");
    expect(session.model("s3://turtles/run-1/model.tar.gz", classes).artifact).toBe("s3://turtles/run-1/model.tar.gz");
    expect(session.labels("s3://turtles/out/output.manifest", classes).attribute).toBeUndefined();
  });

  it("gives attached endpoints that `await using` cannot delete", () => {
    expect(Symbol.asyncDispose in createSession().endpoint("turtles", classes)).toBe(false);
  });

  it.each([
    ["workspace", { region: "us-east-1", role: "arn:aws:iam::123456789012:role/Turtles" }],
    ["role", { region: "us-east-1", workspace: "s3://turtles/run-1" }],
    ["region", { role: "arn:aws:iam::123456789012:role/Turtles", workspace: "s3://turtles/run-1" }],
  ])("asks for a missing %s at the step that needs it", (setting, options) => {
    const builder = createSession(options)
      .labelingJob("label-turtles")
      .images("s3://turtles/images/")
      .classes(classes)
      .workteam(team)
      .instructions({ short: "Paint.", full: "Paint." });
    expect(refusalOf(() => builder.toRequest())).toMatchObject({
      code: "session.missing",
      details: { setting, neededBy: expect.stringContaining("labelingJob") as string },
    });
  });

  it("takes the region of the environment", () => {
    vi.stubEnv("AWS_REGION", "eu-west-1");
    const request = createSession({ role: "arn:aws:iam::123456789012:role/Turtles", workspace: "s3://turtles/run-1" })
      .labelingJob("label-turtles")
      .images("s3://turtles/images/")
      .classes(classes)
      .workteam(team.replace("us-east-1", "eu-west-1"))
      .instructions({ short: "Paint.", full: "Paint." })
      .toRequest();
    expect(request.HumanTaskConfig?.PreHumanTaskLambdaArn).toContain(":eu-west-1:568282634449:");
  });

  it("uses a client of the caller's and leaves it as it is", async () => {
    const { client, calls } = fakeSageMaker(() => ({ body: { LabelingJobStatus: "InProgress" } }));
    const before = client.middlewareStack.identify();
    const state = await createSession({ clients: { sagemaker: client } })
      .attachLabelingJob("a", classes)
      .describe();
    expect(state.status).toBe("InProgress");
    expect(calls).toHaveLength(1);
    expect(client.middlewareStack.identify()).toEqual(before);
  });

  it("turns the service's refusal into an error with a code", async () => {
    const { client } = fakeSageMaker(() => ({ error: "AccessDeniedException", message: "User is not authorized" }));
    const job = createSession({ clients: { sagemaker: client } }).attachLabelingJob("a", classes);
    expect(await rejectionOf(job.describe())).toMatchObject({
      code: "aws.access-denied",
      details: { operation: "DescribeLabelingJob" },
    });
  });
});
