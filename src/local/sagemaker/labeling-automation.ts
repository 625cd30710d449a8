import { hash32, seededRandom } from "../../core/random.js";
import type { LabelingJobRecord } from "../state/record-types.js";
import type { SageMaker } from "./context.js";
import { LabelingFailure } from "./labeling-setup.js";

/** How the objects of a job with automated labeling are shared out. */
export interface Automation {
  /** Ids for the workers: first the random sample that the model learns from. */
  readonly people: readonly number[];
  /** Ids that the model labels. */
  readonly machine: readonly number[];
}

/** Share of the objects that people label before there is a model (guide: 20 % validation below 5,000 objects, 10 % above). */
function sampleShare(objects: number): number {
  return objects < 5_000 ? 0.2 : 0.1;
}

/** Of the others, the share for which the model is not sure enough: people label them. */
const unsureShare = 0.1;

/** Shares out the waiting objects; the same seed and job give the same shares. */
export function shareOut(
  { world }: SageMaker,
  job: LabelingJobRecord,
  waiting: readonly number[],
  objects: number,
): Automation {
  const order = [...waiting];
  const random = seededRandom(`${world.seed} ${job.name.toLowerCase()} automated`);
  for (let at = order.length - 1; at > 0; at--) {
    const other = Math.floor(random() * (at + 1));
    [order[at], order[other]] = [order[other]!, order[at]!];
  }
  const sample = order.slice(0, Math.ceil(sampleShare(objects) * objects));
  const rest = order.slice(sample.length);
  const isUnsure = (id: number): boolean => (hash32(`${world.seed} ${id} unsure`) % 1000) / 1000 < unsureShare;
  return { people: [...sample, ...rest.filter(isUnsure)], machine: rest.filter((id) => !isUnsure(id)) };
}

/** The whole job fails when more than a tenth of the first sample fails (guide, sms-automated-labeling). */
export function checkSample(failed: number, done: number, objects: number): void {
  const sample = Math.ceil(sampleShare(objects) * objects);
  if (done > sample || failed <= 0.1 * sample) return;
  throw new LabelingFailure(
    `ClientError: More than 10 % of the first sample of ${sample} objects could not be labeled (${failed}), so the automated labeling job failed.`,
  );
}

/** ARN of the model that automated labeling leaves. */
export function finalModelArn({ world }: SageMaker, job: LabelingJobRecord): string {
  const name = `${job.name.toLowerCase().slice(0, 40)}-labeling-${hash32(job.name).toString(16)}`;
  return `arn:aws:sagemaker:${job.region}:${world.account}:model/${name}`;
}
