import { hash32 } from "../../core/random.js";
import type { LabelingJobRecord } from "../state/record-types.js";
import { validationError } from "../wire/api-error.js";
import type { CallContext, Input, Operation, Output } from "../wire/operation.js";
import { stopRequested } from "./background-work.js";
import { resourceArn, seconds } from "./context.js";
import type { SageMaker } from "./context.js";
import { deliverMessage } from "./labeling-stream.js";
import { checkLabelingRequest } from "./labeling-rules.js";
import { runLabelingJob } from "./labeling-runner.js";
import { listPage } from "./listing.js";
import type { CreateLabelingJobRequest } from "./requests.js";

/** CreateLabelingJob, DescribeLabelingJob, ListLabelingJobs, StopLabelingJob. */
export function labelingJobOperations(sagemaker: SageMaker): [string, Operation][] {
  sagemaker.topics.listen((topic, message) => deliverMessage(sagemaker, topic, message));
  return [
    ["CreateLabelingJob", (input, call) => create(sagemaker, input, call)],
    ["DescribeLabelingJob", (input) => describe(known(sagemaker, input))],
    ["ListLabelingJobs", (input) => list(sagemaker, input)],
    ["ListLabelingJobsForWorkteam", (input) => listForTeam(sagemaker, input)],
    ["StopLabelingJob", (input) => stop(sagemaker, input)],
  ];
}

/** Goes on with the jobs that were running when the backend ended. */
export function resumeLabelingJobs(sagemaker: SageMaker): void {
  for (const job of sagemaker.state.labelingJobs.all()) {
    if (job.status === "Initializing" || job.status === "InProgress" || job.status === "Stopping") {
      startJob(sagemaker, job);
    }
  }
}

function startJob(sagemaker: SageMaker, job: LabelingJobRecord): void {
  sagemaker.work.start(workKey(job.name), (signal) => runLabelingJob(sagemaker, job, signal));
}

function workKey(name: string): string {
  return `labeling-job/${name.toLowerCase()}`;
}

function create(sagemaker: SageMaker, input: Input, { region }: CallContext): Output {
  // The service model has checked the shape.
  const request = input as unknown as CreateLabelingJobRequest;
  checkLabelingRequest(sagemaker, request, region);
  const now = sagemaker.world.now();
  const job: LabelingJobRecord = {
    name: request.LabelingJobName,
    arn: resourceArn(sagemaker.world, region, "labeling-job", request.LabelingJobName),
    region,
    // Begins with the account number, as in real answers.
    referenceCode: `${sagemaker.world.account}_${hash32(request.LabelingJobName.toLowerCase()).toString(16)}`,
    createdAt: now,
    modifiedAt: now,
    tags: request.Tags ?? [],
    request,
    status: "Initializing",
    counters: { labeled: 0, failed: 0, unlabeled: 0 },
  };
  sagemaker.state.labelingJobs.save(job);
  startJob(sagemaker, job);
  return { LabelingJobArn: job.arn };
}

function known(sagemaker: SageMaker, input: Input): LabelingJobRecord {
  const job = sagemaker.state.labelingJobs.get(String(input["LabelingJobName"]));
  if (job === undefined) throw validationError("Requested resource not found.");
  return job;
}

function counters(job: LabelingJobRecord): Output {
  const { labeled, failed, unlabeled, machine = 0 } = job.counters;
  return {
    TotalLabeled: labeled,
    HumanLabeled: labeled - machine,
    MachineLabeled: machine,
    FailedNonRetryableError: failed,
    Unlabeled: unlabeled,
  };
}

function outputOf({ output, finalModel }: LabelingJobRecord): Output | undefined {
  return output === undefined ? undefined : { OutputDatasetS3Uri: output, FinalActiveLearningModelArn: finalModel };
}

function describe(job: LabelingJobRecord): Output {
  return {
    ...job.request,
    LabelingJobName: job.name,
    LabelingJobArn: job.arn,
    LabelingJobStatus: job.status,
    LabelCounters: counters(job),
    FailureReason: job.failureReason,
    CreationTime: seconds(job.createdAt),
    LastModifiedTime: seconds(job.modifiedAt),
    JobReferenceCode: job.referenceCode,
    Tags: job.tags,
    LabelingJobOutput: outputOf(job),
  };
}

function list(sagemaker: SageMaker, input: Input): Output {
  const { items, nextToken } = listPage([...sagemaker.state.labelingJobs.all()], input, "Ascending");
  return {
    LabelingJobSummaryList: items.map((job) => ({
      LabelingJobName: job.name,
      LabelingJobArn: job.arn,
      CreationTime: seconds(job.createdAt),
      LastModifiedTime: seconds(job.modifiedAt),
      LabelingJobStatus: job.status,
      LabelCounters: counters(job),
      WorkteamArn: job.request.HumanTaskConfig.WorkteamArn,
      PreHumanTaskLambdaArn: job.request.HumanTaskConfig.PreHumanTaskLambdaArn,
      AnnotationConsolidationLambdaArn:
        job.request.HumanTaskConfig.AnnotationConsolidationConfig?.AnnotationConsolidationLambdaArn,
      FailureReason: job.failureReason,
      LabelingJobOutput: outputOf(job),
      InputConfig: job.request.InputConfig,
    })),
    NextToken: nextToken,
  };
}

/** The jobs of one team, with what its workers see of them. */
function listForTeam(sagemaker: SageMaker, input: Input): Output {
  const part = (input["JobReferenceCodeContains"] as string | undefined) ?? "";
  const mine = [...sagemaker.state.labelingJobs.all()].filter(
    ({ request, referenceCode }) =>
      request.HumanTaskConfig.WorkteamArn === input["WorkteamArn"] && referenceCode.includes(part),
  );
  const { items, nextToken } = listPage(mine, input, "Ascending");
  return {
    LabelingJobSummaryList: items.map((job) => {
      const { labeled, failed, unlabeled, machine = 0 } = job.counters;
      const workers = job.request.HumanTaskConfig.NumberOfHumanWorkersPerDataObject;
      return {
        LabelingJobName: job.name,
        JobReferenceCode: job.referenceCode,
        WorkRequesterAccountId: sagemaker.world.account,
        CreationTime: seconds(job.createdAt),
        LabelCounters: {
          HumanLabeled: labeled - machine,
          PendingHuman: job.status === "InProgress" ? unlabeled * workers : 0,
          Total: labeled + failed + unlabeled,
        },
        NumberOfHumanWorkersPerDataObject: workers,
      };
    }),
    NextToken: nextToken,
  };
}

function stop(sagemaker: SageMaker, input: Input): Output {
  const job = known(sagemaker, input);
  if (job.status === "Initializing" || job.status === "InProgress") {
    job.status = "Stopping";
    job.modifiedAt = sagemaker.world.now();
    sagemaker.state.labelingJobs.save(job);
    sagemaker.work.stop(workKey(job.name), stopRequested);
  } else if (job.status !== "Stopping") {
    throw validationError(`The request was rejected because the labeling job is in status ${job.status}.`);
  }
  return {};
}
