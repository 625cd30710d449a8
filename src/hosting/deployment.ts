import type { WaitOptions } from "../aws/job-handle.js";
import type { Tags } from "../aws/tags.js";
import type { RequestOverride } from "../core/override.js";
import type { Todo } from "../core/steps.js";
import type { DocumentedHostingInstance } from "../facts/hosting-instances.js";
import type { DeploymentRequests } from "./deployment-request.js";
import type { OwnedEndpoint } from "./endpoint.js";

/** An instance type to serve on: known ones by name, any other as text. */
export type HostingInstanceType = DocumentedHostingInstance | (string & {});

/** Required steps of a deployment. */
export type DeploymentStep = "instance";

/** A deployment with nothing but its model. */
export type NewDeployment<Name extends string> = Deployment<Name, DeploymentStep>;

/** Options of creating an endpoint. */
export interface CreateEndpointOptions extends WaitOptions {
  /**
   * What happens on AWS when `signal` aborts or `timeout` runs out while the endpoint is being made: it goes on and
   * `keep` (default) leaves it, to be attached by its name (see `onName`); `delete` removes it. AWS deletes no
   * endpoint that is still being made, so `delete` goes on until it is made, mostly some minutes, an hour at most.
   */
  readonly onAbort?: "keep" | "delete";
  /**
   * Called with the endpoint's name before anything is made. An endpoint costs money, so keep the name where it outlives
   * the process; after an abort or a crash `session.endpoint(name, classes)` takes it up again. What it throws ends the
   * work, with nothing made.
   */
  readonly onName?: (endpoint: string) => void;
}

/**
 * Describes an endpoint step by step. Each step returns a new deployment; nothing is sent before
 * {@link Deployment.create}.
 *
 * @example
 * ```ts
 * const model = session.model("s3://turtle2022/run-1/output/turtles/output/model.tar.gz", classes);
 * await using endpoint = await model.deploy().instance("ml.c5.xlarge").create();
 * const mask = await endpoint.predictor().mask(jpegBytes);
 * ```
 */
export interface Deployment<in out Name extends string, Step extends DeploymentStep> extends Todo<Step> {
  /**
   * The instance type. CPU types work and are slow: about 20 s per megapixel on ml.c5.xlarge, where 60 s is the limit.
   *
   * @throws `hosting.invalid` for a text that is no instance type.
   */
  instance(type: HostingInstanceType): Deployment<Name, Exclude<Step, "instance">>;
  /** Number of instances; default 1. Throws `hosting.invalid`. */
  count(instances: number): Deployment<Name, Step>;
  /** The endpoint's name; default: the training job's name and the time. Throws `input.invalid`. */
  name(endpoint: string): Deployment<Name, Step>;
  /** Tags of model, configuration and endpoint; added to those given before. Throws `input.invalid`. */
  tags(tags: Tags): Deployment<Name, Step>;
  /** Members of the three requests in AWS's own form, merged last over all others. */
  override(requests: RequestOverride<DeploymentRequests>): Deployment<Name, Step>;
  /** The requests that {@link Deployment.create} would send now. Sends nothing. Throws `session.missing`, `region.unsupported`. */
  toRequest(this: Deployment<Name, never>): DeploymentRequests;
  /**
   * Makes model, configuration and endpoint, and waits until the endpoint answers. When any of it fails, what was made
   * is deleted again, as soon as AWS allows it.
   *
   * @throws `endpoint.failed` with AWS's reason and what was removed and what remains; the error itself when nothing had
   * been made before it (`aws.*`); `job.timeout`; after an abort the signal's own reason, or `endpoint.remaining` with it as
   * the cause when something could not be deleted.
   */
  create(this: Deployment<Name, never>, options?: CreateEndpointOptions): Promise<OwnedEndpoint<Name>>;
}
