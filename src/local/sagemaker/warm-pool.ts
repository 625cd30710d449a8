import type { TrainingJobRecord } from "../state/record-types.js";
import { seconds } from "./context.js";
import type { SageMaker } from "./context.js";

/** A completed job keeps its instance when it was asked to. */
export function keepInstance(job: TrainingJobRecord): void {
  const keepAlive = job.request.ResourceConfig.KeepAlivePeriodInSeconds ?? 0;
  if (keepAlive > 0) job.warmPool = { keepAlive, status: "Available" };
}

/** Takes over the instance of an earlier job, if one that fits is still there. */
export function takeWarmPool(sagemaker: SageMaker, job: TrainingJobRecord): boolean {
  // The rules of matching: developer guide, managed warm pools. Only jobs that ask for a pool themselves take one.
  if ((job.request.ResourceConfig.KeepAlivePeriodInSeconds ?? 0) === 0) return false;
  const found = sagemaker.state.trainingJobs
    .all()
    .find((other) => other.name !== job.name && poolOf(sagemaker, other)?.status === "Available" && fits(other, job));
  if (found?.warmPool === undefined) return false;
  found.warmPool = { ...found.warmPool, status: "Reused", reusedBy: job.name, endedAt: sagemaker.world.now() };
  sagemaker.state.trainingJobs.save(found);
  return true;
}

function fits({ request: one }: TrainingJobRecord, { request: other }: TrainingJobRecord): boolean {
  const print = (request: TrainingJobRecord["request"]): string => {
    const { InstanceType, InstanceCount, VolumeSizeInGB, VolumeKmsKeyId } = request.ResourceConfig;
    const {
      RoleArn,
      VpcConfig,
      EnableNetworkIsolation = false,
      EnableInterContainerTrafficEncryption = false,
    } = request;
    return JSON.stringify([
      [InstanceType, InstanceCount, VolumeSizeInGB, VolumeKmsKeyId, RoleArn],
      [VpcConfig, EnableNetworkIsolation, EnableInterContainerTrafficEncryption],
    ]);
  };
  return print(one) === print(other);
}

/** The pool as it is now: its time may have run out since. Simulated time, as all waiting. */
function poolOf({ world }: SageMaker, job: TrainingJobRecord): TrainingJobRecord["warmPool"] {
  const { warmPool: pool, trainingEndedAt: from } = job;
  if (pool?.status !== "Available" || from === undefined) return pool;
  const until = from + (pool.keepAlive * 1000) / world.speed;
  return world.now() < until ? pool : { ...pool, status: "Terminated", endedAt: until };
}

/** Sets how long a pool stays, from the job's end on; `false` when there is none. */
export function changeWarmPool(sagemaker: SageMaker, job: TrainingJobRecord, keepAlive: number): boolean {
  if (poolOf(sagemaker, job)?.status !== "Available" || job.warmPool === undefined) return false;
  job.warmPool.keepAlive = keepAlive;
  if (keepAlive === 0) job.warmPool = { ...job.warmPool, status: "Terminated", endedAt: sagemaker.world.now() };
  sagemaker.state.trainingJobs.save(job);
  return true;
}

/** `WarmPoolStatus` as DescribeTrainingJob has it. */
export function warmPoolStatus(sagemaker: SageMaker, job: TrainingJobRecord): Record<string, unknown> | undefined {
  if ((job.request.ResourceConfig.KeepAlivePeriodInSeconds ?? 0) === 0) return undefined;
  if (job.status === "InProgress" || job.status === "Stopping") return { Status: "InUse" };
  const pool = poolOf(sagemaker, job);
  const { trainingEndedAt: from } = job;
  if (pool === undefined || from === undefined) return { Status: "Terminated" };
  const until = pool.endedAt ?? sagemaker.world.now();
  return {
    Status: pool.status,
    ResourceRetainedBillableTimeInSeconds: Math.max(0, Math.round(seconds(until - from))),
    ReusedByJob: pool.reusedBy,
  };
}
