import type { TrainingJobRecord, TrainingStatus } from "../state/record-types.js";
import type { SageMaker } from "./context.js";

/** The key of a job's background work. */
export function trainingWorkKey(name: string): string {
  return `training-job/${name.toLowerCase()}`;
}

/** The secondary status that the job is in. */
export function currentStep(job: TrainingJobRecord): string {
  return job.transitions.at(-1)?.status ?? "Starting";
}

/** Ends the step before and begins the next; the same status with another message goes on in the same step. */
export function enterStep(sagemaker: SageMaker, job: TrainingJobRecord, status: string, message: string): void {
  const now = sagemaker.world.now();
  const last = job.transitions.at(-1);
  if (last?.status === status) {
    last.message = message;
  } else {
    if (last !== undefined) last.endedAt = now;
    job.transitions.push({ status, startedAt: now, message });
  }
  job.modifiedAt = now;
  sagemaker.state.trainingJobs.save(job);
}

/** The last step: status, secondary status and times agree from now on. */
export function endJob(
  sagemaker: SageMaker,
  job: TrainingJobRecord,
  status: TrainingStatus,
  step: string,
  message: string,
  failureReason?: string,
): void {
  const now = sagemaker.world.now();
  job.status = status;
  // The service keeps the first 1,024 characters.
  if (failureReason !== undefined) job.failureReason = failureReason.slice(0, 1024);
  if (job.trainingStartedAt !== undefined) job.trainingEndedAt ??= now;
  enterStep(sagemaker, job, step, message);
  const last = job.transitions.at(-1);
  if (last !== undefined) last.endedAt = now;
  sagemaker.state.trainingJobs.save(job);
}
