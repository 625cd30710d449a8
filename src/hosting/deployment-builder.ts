import type { AwsContext } from "../aws/context.js";
import { checkName, nameRules } from "../aws/names.js";
import type { Tags } from "../aws/tags.js";
import { tagList } from "../aws/tags.js";
import { timeStampedName } from "../aws/time-stamped-name.js";
import { SegmentationError } from "../core/errors.js";
import { ownCopy } from "../core/own-copy.js";
import type { RequestOverride } from "../core/override.js";
import { mergeOverride } from "../core/override.js";
import { requireSteps } from "../core/steps.js";
import { algorithmImage } from "../facts/image-registry.js";
import type { ClassTable } from "../mask/classes.js";
import { createEndpoint } from "./create-endpoint.js";
import type { CreateEndpointOptions, Deployment, DeploymentStep, NewDeployment } from "./deployment.js";
import { deploymentRequests } from "./deployment-request.js";
import type { DeploymentRequests } from "./deployment-request.js";
import type { OwnedEndpoint } from "./endpoint.js";

interface DeploymentProps<Name extends string> {
  readonly artifact: string;
  readonly classes: ClassTable<Name>;
  readonly image: string | undefined;
  /** Base of names that are not given. */
  readonly base: string;
  readonly endpointName?: string;
  readonly instanceType?: string;
  readonly instanceCount?: number;
  readonly tags?: Tags;
  /** Laid over the requests one after another. */
  readonly overrides?: readonly RequestOverride<DeploymentRequests>[];
}

/** Starts a deployment of a model. */
export function deploymentBuilder<Name extends string>(
  context: AwsContext,
  props: DeploymentProps<Name>,
): NewDeployment<Name> {
  return new DeploymentSteps<Name, DeploymentStep>(context, props);
}

class DeploymentSteps<in out Name extends string, Step extends DeploymentStep> implements Deployment<Name, Step> {
  readonly #context: AwsContext;
  readonly #props: DeploymentProps<Name>;

  constructor(context: AwsContext, props: DeploymentProps<Name>) {
    this.#context = context;
    this.#props = Object.freeze(props);
  }

  instance(type: string): Deployment<Name, Exclude<Step, "instance">> {
    if (!/^ml\.[a-z0-9-]{1,20}\.[a-z0-9-]{1,20}$/.test(type)) {
      throw hostingInvalid("instance", type, 'an instance type such as "ml.c5.xlarge"');
    }
    return this.#with({ instanceType: type });
  }

  count(instances: number): Deployment<Name, Step> {
    if (!Number.isSafeInteger(instances) || instances < 1) {
      throw hostingInvalid("count", instances, "an integer of 1 or more");
    }
    return this.#with({ instanceCount: instances });
  }

  name(endpoint: string): Deployment<Name, Step> {
    return this.#with({ endpointName: checkName(nameRules.endpoint, endpoint) });
  }

  tags(tags: Tags): Deployment<Name, Step> {
    const all = { ...this.#props.tags, ...tags };
    tagList(all);
    return this.#with({ tags: all });
  }

  override(requests: RequestOverride<DeploymentRequests>): Deployment<Name, Step> {
    return this.#with({ overrides: [...(this.#props.overrides ?? []), ownCopy(requests)] });
  }

  toRequest(): DeploymentRequests {
    return this.#compile(this.#context.regionNow("deploy().toRequest()"));
  }

  async create(options: CreateEndpointOptions = {}): Promise<OwnedEndpoint<Name>> {
    const requests = this.#compile(await this.#context.region());
    return createEndpoint(this.#context, requests, this.#props.classes, options);
  }

  #compile(region: string): DeploymentRequests {
    const {
      artifact,
      base,
      endpointName,
      instanceType,
      instanceCount = 1,
      tags = {},
      image,
      overrides = [],
    } = this.#props;
    requireSteps("The deployment", { instance: instanceType });
    const fresh = timeStampedName(endpointName ?? base);
    const requests = deploymentRequests({
      // As in the Python SDK: one new name for all three, or the endpoint's for its configuration; the model's is always new.
      modelName: fresh,
      configName: endpointName ?? fresh,
      endpointName: endpointName ?? fresh,
      image: image ?? algorithmImage(region),
      artifact,
      role: this.#context.role("deploy()"),
      // `requireSteps` has thrown when it is missing.
      instanceType: instanceType!,
      instanceCount,
      tags: tagList(tags),
    });
    return overrides.reduce<DeploymentRequests>(mergeOverride, requests);
  }

  #with<Left extends DeploymentStep>(changed: Partial<DeploymentProps<Name>>): Deployment<Name, Left> {
    return new DeploymentSteps<Name, Left>(this.#context, { ...this.#props, ...changed });
  }
}

function hostingInvalid(parameter: string, value: unknown, expected: string): SegmentationError {
  return new SegmentationError("hosting.invalid", `${parameter} is ${String(value)}: expected ${expected}.`, {
    parameter,
    value,
    expected,
  });
}
