import type { Learner, LocalObjects, LocalWorld } from "../contracts.js";
import type { FaultPlan } from "../faults.js";
import type { LogStore } from "../logs/log-store.js";
import type { MetricStore } from "../cloudwatch/metric-store.js";
import type { SageMakerState } from "../state/sagemaker-state.js";
import type { BackgroundWork } from "./background-work.js";
import type { Topics } from "../sns/topics.js";
import type { Annotators } from "./annotators.js";

/** What SageMaker's operations and jobs work with. */
export interface SageMaker {
  readonly world: LocalWorld;
  readonly state: SageMakerState;
  readonly objects: LocalObjects;
  readonly logs: LogStore;
  readonly metrics: MetricStore;
  readonly learner: Learner;
  readonly annotators: Annotators;
  readonly faults: FaultPlan;
  readonly topics: Topics;
  readonly work: BackgroundWork;
}

/** An ARN of SageMaker: the name in small letters, as the service writes it. */
export function resourceArn(world: LocalWorld, region: string, kind: string, name: string): string {
  return `arn:aws:sagemaker:${region}:${world.account}:${kind}/${name.toLowerCase()}`;
}

/** Milliseconds as the wire's seconds; `undefined` stays so. */
export function seconds(milliseconds: number): number;
export function seconds(milliseconds: number | undefined): number | undefined;
export function seconds(milliseconds: number | undefined): number | undefined {
  return milliseconds === undefined ? undefined : milliseconds / 1000;
}
