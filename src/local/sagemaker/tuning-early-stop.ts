import type { TrainingJobRecord } from "../state/record-types.js";
import type { SageMakerState } from "../state/sagemaker-state.js";

/** Jobs to compare with before one is ended early. */
const fewest = 2;

/**
 * Whether a tuning job with early stopping (or Hyperband, which always ends jobs early) ends this training job now: when
 * its objective is worse than the median of what the others had after as many epochs (developer guide, early stopping).
 */
export function endsEarly(state: SageMakerState, job: TrainingJobRecord): boolean {
  const { tuning } = job;
  const config = tuning && state.tuningJobs.get(tuning.name)?.request.HyperParameterTuningJobConfig;
  if (tuning === undefined || config === undefined || job.status !== "InProgress") return false;
  const { Strategy: strategy, TrainingJobEarlyStoppingType: type = "Off" } = config;
  if (type !== "Auto" && strategy !== "Hyperband") return false;
  const epochs = tuning.history.length;
  const others = state.trainingJobs
    .all()
    .filter((other) => other.tuning?.name === tuning.name && other.name !== job.name)
    .flatMap((other) => {
      const value = other.tuning?.history[epochs - 1];
      return value === undefined ? [] : [value];
    })
    .sort((a, b) => a - b);
  if (epochs < 2 || others.length < fewest) return false;
  const median = others[Math.floor((others.length - 1) / 2)]!;
  const own = tuning.history.at(-1)!;
  return config.HyperParameterTuningJobObjective?.Type === "Minimize" ? own > median : own < median;
}
