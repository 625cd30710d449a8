import { hash32 } from "../../core/random.js";
import type { SageMaker } from "../sagemaker/context.js";
import type { EndpointRecord, ServingVariant } from "../state/record-types.js";
import { ApiError } from "../wire/api-error.js";

/** One call of an endpoint: what CloudWatch and the endpoint's log learn of it. */
export class Invocation {
  private readonly arrived = performance.now();
  private modelBegun: number | undefined;

  constructor(
    private readonly sagemaker: SageMaker,
    private readonly endpoint: EndpointRecord,
    private readonly serving: ServingVariant,
  ) {}

  /** The model begins to work; what went before is overhead. */
  begun(): void {
    this.modelBegun = performance.now();
  }

  succeeded(): void {
    this.record(200);
    this.log(`"POST /invocations HTTP/1.1" 200`);
  }

  /** Records a refusal of the container and gives the error that the client gets. */
  refused(status: number, message: string): ApiError {
    this.record(status);
    this.log(`"POST /invocations HTTP/1.1" ${status} ${message}`);
    const { region } = this.endpoint;
    const group = `/aws/sagemaker/Endpoints/${this.endpoint.name}`;
    const page = `https://${region}.console.aws.amazon.com/cloudwatch/home?region=${region}#logEventViewer:group=${group}`;
    const side = status < 500 ? "client" : "server";
    return new ApiError(
      "ModelError",
      `Received ${side} error (${status}) from model with message "${message}". See ${page} in account ${this.sagemaker.world.account} for more information.`,
      424,
      {
        OriginalStatusCode: status,
        OriginalMessage: message,
        LogStreamArn: `arn:aws:logs:${region}:${this.sagemaker.world.account}:log-group:${group}`,
      },
    );
  }

  private record(status: number): void {
    const { world, metrics } = this.sagemaker;
    const now = performance.now();
    // Latencies are microseconds.
    const model = this.modelBegun === undefined ? 0 : (now - this.modelBegun) * 1000;
    const overhead = ((this.modelBegun ?? now) - this.arrived) * 1000;
    const dimensions = { EndpointName: this.endpoint.name, VariantName: this.serving.variant.VariantName };
    const values: [string, number][] = [
      ["Invocations", 1],
      ["InvocationsPerInstance", 1 / Math.max(1, this.serving.instances)],
      ["OverheadLatency", overhead],
      ["Invocation4XXErrors", status >= 400 && status < 500 ? 1 : 0],
      ["Invocation5XXErrors", status >= 500 ? 1 : 0],
      ["InvocationModelErrors", status >= 400 ? 1 : 0],
    ];
    if (this.modelBegun !== undefined) values.push(["ModelLatency", model]);
    const at = world.now();
    metrics.put(values.map(([name, value]) => ({ namespace: "AWS/SageMaker", name, dimensions, at, value })));
  }

  private log(line: string): void {
    const { world, logs } = this.sagemaker;
    const now = world.now();
    const id = hash32(`${this.endpoint.name} ${this.endpoint.createdAt} ${world.seed}`).toString(16).padStart(17, "0");
    const stream = `${this.serving.variant.VariantName}/i-${id}`;
    logs.append(`/aws/sagemaker/Endpoints/${this.endpoint.name}`, stream, [
      { timestamp: now, ingestionTime: now, message: line },
    ]);
  }
}
