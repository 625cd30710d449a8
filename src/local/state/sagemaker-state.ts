import { join } from "node:path";
import type { Tag } from "../sagemaker/requests.js";
import type {
  EndpointConfigRecord,
  EndpointRecord,
  LabelingJobRecord,
  ModelRecord,
  TrainingJobRecord,
  TuningJobRecord,
} from "./record-types.js";
import { Records } from "./records.js";

/** Everything that SageMaker remembers. */
export interface SageMakerState {
  readonly labelingJobs: Records<LabelingJobRecord>;
  readonly trainingJobs: Records<TrainingJobRecord>;
  readonly tuningJobs: Records<TuningJobRecord>;
  readonly models: Records<ModelRecord>;
  readonly endpointConfigs: Records<EndpointConfigRecord>;
  readonly endpoints: Records<EndpointRecord>;
}

/** Opens the records below `<directory>/sagemaker`. */
export function openState(directory: string): SageMakerState {
  const kind = (name: string): string => join(directory, "sagemaker", name);
  return {
    labelingJobs: new Records(kind("labeling-jobs")),
    trainingJobs: new Records(kind("training-jobs")),
    tuningJobs: new Records(kind("tuning-jobs")),
    models: new Records(kind("models")),
    endpointConfigs: new Records(kind("endpoint-configs")),
    endpoints: new Records(kind("endpoints")),
  };
}

/** A record that can carry tags. */
export interface TaggedRecord {
  readonly name: string;
  readonly arn: string;
  tags: readonly Tag[];
}

/** Finds what an ARN names, with the way to save it. */
export function findByArn(
  state: SageMakerState,
  arn: string,
): { readonly record: TaggedRecord; save(): void } | undefined {
  for (const records of Object.values(state) as Records<TaggedRecord>[]) {
    const name = arn.slice(arn.lastIndexOf("/") + 1);
    const record = records.get(name);
    if (record?.arn === arn.toLowerCase()) return { record, save: () => records.save(record) };
  }
  return undefined;
}
