import type { LocalService } from "../contracts.js";
import { jsonService } from "../wire/json-service.js";
import type { Operations } from "../wire/operation.js";
import type { SageMaker } from "./context.js";
import { endpointConfigOperations } from "./endpoint-configs.js";
import { resumeEndpoints } from "./endpoint-lifecycle.js";
import { endpointOperations } from "./endpoints.js";
import { labelingJobOperations, resumeLabelingJobs } from "./labeling-jobs.js";
import { modelOperations } from "./models.js";
import { tagOperations } from "./tags.js";
import { resumeTrainingJobs, trainingJobOperations } from "./training-jobs.js";
import { resumeTuningJobs, tuningJobOperations } from "./tuning-jobs.js";
import { uiTemplateOperations } from "./ui-template.js";
import { workteamOperations } from "./workteams.js";

/** SageMaker: labeling jobs, training jobs, models, endpoints, tags. Goes on with what was running at the last end. */
export function sageMakerService(sagemaker: SageMaker): LocalService {
  const operations: Operations = new Map([
    ...labelingJobOperations(sagemaker),
    ...workteamOperations(sagemaker),
    ...uiTemplateOperations(sagemaker),
    ...trainingJobOperations(sagemaker),
    ...tuningJobOperations(sagemaker),
    ...modelOperations(sagemaker),
    ...endpointConfigOperations(sagemaker),
    ...endpointOperations(sagemaker),
    ...tagOperations(sagemaker),
  ]);
  resumeLabelingJobs(sagemaker);
  resumeTrainingJobs(sagemaker);
  // After the training jobs, for which it waits.
  resumeTuningJobs(sagemaker);
  resumeEndpoints(sagemaker);
  return {
    ...jsonService({ model: "sagemaker", targetPrefix: "SageMaker", version: "1.1", operations }, sagemaker.faults),
    close: () => sagemaker.work.close(),
  };
}
