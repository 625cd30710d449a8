import { describe, expect, it } from "vitest";
import { createAwsContext } from "../../src/aws/clients.js";
import { attachLabelingJob } from "../../src/labeling/labeling-job.js";
import { fakeSageMaker } from "../support/fake-sagemaker.js";
import type { WireAnswer } from "../support/fake-sagemaker.js";
import { memoryStore } from "../support/memory-store.js";
import { sceneClasses } from "../support/labeling-scenes.js";

const team = "arn:aws:sagemaker:us-east-1:123456789012:workteam/private-crowd/painters";
const failed = (n: number, reason: string): string =>
  JSON.stringify({ "source-ref": `s3://b-b/${n}.jpg`, "a-ref-metadata": { "failure-reason": reason } });

/** A job that has stood still, with the team as it is given. */
function stalled(workteam: WireAnswer, counters: { labeled: number; failed: number }, lines: readonly string[] = []) {
  const { client, calls } = fakeSageMaker(({ operation }): WireAnswer => {
    if (operation === "DescribeWorkteam") return workteam;
    if (operation === "ListLabelingJobsForWorkteam") {
      const mine = { JobReferenceCode: "123456789012_ab", LabelCounters: { PendingHuman: 7 } };
      return { body: { LabelingJobSummaryList: [mine] } };
    }
    return {
      body: {
        LabelingJobStatus: "InProgress",
        LabelingJobName: "Still",
        LabelAttributeName: "a-ref",
        JobReferenceCode: "123456789012_ab",
        LabelCounters: { TotalLabeled: counters.labeled, FailedNonRetryableError: counters.failed, Unlabeled: 9 },
        OutputConfig: { S3OutputPath: "s3://b-b/out" },
        HumanTaskConfig: { WorkteamArn: team },
      },
    };
  });
  const store = memoryStore(
    lines.length === 0 ? {} : { "s3://b-b/out/Still/manifests/output/output.manifest": `${lines.join("\n")}\n` },
  );
  const context = { ...createAwsContext({ region: "us-east-1", clients: { sagemaker: client } }), store };
  return { job: attachLabelingJob(context, "Still", sceneClasses, { stallAfter: 0 }), calls };
}

const member = { CognitoMemberDefinition: { UserPool: "p", UserGroup: "g", ClientId: "c" } };
const staffed: WireAnswer = {
  body: {
    Workteam: {
      WorkteamName: "painters",
      MemberDefinitions: [member],
      SubDomain: "x.labeling.us-east-1.sagemaker.aws",
    },
  },
};

describe("a job that stands still", () => {
  it.each([
    ["no-activity", staffed, { labeled: 0, failed: 0 }, []],
    ["batch-waits", staffed, { labeled: 3, failed: 0 }, []],
    [
      "empty-team",
      { body: { Workteam: { WorkteamName: "painters", MemberDefinitions: [] } } },
      { labeled: 0, failed: 0 },
      [],
    ],
    [
      "team-missing",
      { error: "ValidationException", message: "The work team does not exist." },
      { labeled: 0, failed: 0 },
      [],
    ],
    ["tasks-expired", staffed, { labeled: 3, failed: 1 }, [failed(1, "ClientError: Annotation tasks expired")]],
    // Failures for other reasons do not hold a job up.
    ["batch-waits", staffed, { labeled: 3, failed: 1 }, [failed(1, "ClientError: Access denied")]],
  ] as const)("is told as %s", async (code, workteam, counters, lines) => {
    const state = await stalled(workteam, counters, lines).job.describe();
    expect(state.stall).toMatchObject({ code, pendingTasks: 7 });
    expect(state.hint).toBe(state.stall?.message);
    if (workteam === staffed) expect(state.hint).toContain("https://x.labeling.us-east-1.sagemaker.aws");
  });

  it("is told all the same when the team may not be looked at", async () => {
    const denied = { error: "AccessDeniedException", message: "no" };
    expect((await stalled(denied, { labeled: 0, failed: 0 }).job.describe()).stall?.code).toBe("no-activity");
  });
});
