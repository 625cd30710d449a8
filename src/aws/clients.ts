import { env } from "node:process";
import type { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import type { S3Client } from "@aws-sdk/client-s3";
import type { SageMakerClient, SageMakerClientConfig } from "@aws-sdk/client-sagemaker";
import type { SageMakerRuntimeClient } from "@aws-sdk/client-sagemaker-runtime";
import { SegmentationError } from "../core/errors.js";
import { folderUri } from "../core/s3-uri.js";
import type { AwsClients, AwsContext } from "./context.js";
import { createS3Store } from "./s3-store.js";
import { send } from "./send.js";

/** Clients of your own; each that is given is used as it is and never altered. */
export interface InjectedClients {
  /** Makes and describes jobs, models and endpoints. */
  readonly sagemaker?: SageMakerClient | undefined;
  /** Invokes endpoints; predictors use it. */
  readonly runtime?: SageMakerRuntimeClient | undefined;
  /** Reads and writes datasets, manifests, masks and artifacts. */
  readonly s3?: S3Client | undefined;
  /** Reads the training container's log, from which epochs and their metrics come. */
  readonly logs?: CloudWatchLogsClient | undefined;
}

/** Settings of a session. All are optional; a step that needs a missing one says so. */
export interface SessionOptions {
  /**
   * AWS region, e.g. `"us-east-1"`; default: that of `clients.sagemaker` or `clients.runtime` when one is given (then
   * `toRequest()`, which makes no call, asks for this setting), else `AWS_REGION`, `AWS_DEFAULT_REGION`, then the shared
   * configuration.
   */
  readonly region?: string | undefined;
  /** ARN of the IAM role that SageMaker takes on; needed to label, train and deploy. */
  readonly role?: string | undefined;
  /** S3 folder for everything this session writes, e.g. `"s3://bucket/run-1"`; needed to label, prepare and train. */
  readonly workspace?: string | undefined;
  /** Credentials or a provider of them; default: the chain of every AWS client. */
  readonly credentials?: NonNullable<SageMakerClientConfig["credentials"]> | undefined;
  /** Clients of your own, for those services that should not get one of this package. */
  readonly clients?: InjectedClients | undefined;
  /** One address for all services, e.g. that of the embedded backend; S3 is then addressed path-style. */
  readonly endpoint?: string | undefined;
  /** Milliseconds between two looks at a job or endpoint, 0 to 2,147,483,647; default 30,000. */
  readonly pollInterval?: number | undefined;
}

/**
 * Makes what builders and handles get from a session. Loads no client and makes no call.
 *
 * @throws `input.invalid` for a role, endpoint or interval that cannot be right, `s3.uri` for the workspace.
 */
export function createAwsContext(options: SessionOptions = {}): AwsContext {
  const { endpoint, pollInterval = 30_000 } = options;
  if (endpoint !== undefined && !(/^https?:\/\//i.test(endpoint) && URL.canParse(endpoint)))
    throw invalid("endpoint", endpoint, "a http or https address");
  // Node's timers fire at once when they are set to more.
  if (!(pollInterval >= 0 && pollInterval <= 2_147_483_647))
    throw invalid("pollInterval", pollInterval, "milliseconds, 0 to 2147483647");
  // Pattern of RoleArn in the service model.
  if (options.role !== undefined && !/^arn:aws[a-z-]*:iam::\d{12}:role\/?[a-zA-Z_0-9+=,.@\-/]+$/.test(options.role))
    throw invalid("role", options.role, "the ARN of a role, arn:aws:iam::123456789012:role/NAME");
  const workspace = options.workspace === undefined ? undefined : folderUri(options.workspace);
  // An injected client calls its own region, whatever the environment says: requests must name the same one.
  const decides = options.clients?.sagemaker ?? options.clients?.runtime;
  const knownRegion = options.region ?? (decides === undefined ? environmentRegion() : undefined);
  if (knownRegion !== undefined && !/^[a-z0-9-]{1,64}$/.test(knownRegion))
    throw invalid("region", knownRegion, "a region such as us-east-1");

  let foundRegion: Promise<string> | undefined;
  const region = (): Promise<string> => {
    if (knownRegion !== undefined) return Promise.resolve(knownRegion);
    foundRegion ??= askClient(options, clients).catch((error: unknown) => {
      // Asked again next time: the configuration may be there by then.
      foundRegion = undefined;
      throw error;
    });
    return foundRegion;
  };
  const clients = lazyClients(options, knownRegion ?? (decides === undefined ? undefined : region));
  return {
    clients,
    store: createS3Store(() => clients.s3()),
    pollInterval,
    region,
    regionNow: (neededBy) => knownRegion ?? missing("region", neededBy),
    role: (neededBy) => options.role ?? missing("role", neededBy),
    workspace: (neededBy) => workspace ?? missing("workspace", neededBy),
  };
}

/** The order in which the AWS clients and the CLI look. */
function environmentRegion(): string | undefined {
  const found = env["AWS_REGION"] ?? env["AWS_DEFAULT_REGION"];
  return found === "" ? undefined : found;
}

async function askClient({ clients: injected = {} }: SessionOptions, clients: AwsClients): Promise<string> {
  const client = injected.sagemaker ?? injected.runtime ?? injected.s3 ?? (await clients.sagemaker());
  return send("resolve the region", () => client.config.region()).catch((error: unknown) => {
    throw new SegmentationError(
      "session.missing",
      "No region is set. Give createSession({ region }) or set AWS_REGION.",
      { setting: "region", neededBy: "AWS calls" },
      { cause: error },
    );
  });
}

function lazyClients(options: SessionOptions, region: string | (() => Promise<string>) | undefined): AwsClients {
  const { clients: injected = {}, credentials, endpoint } = options;
  const shared = {
    ...(region === undefined ? {} : { region }),
    ...(credentials === undefined ? {} : { credentials }),
    ...(endpoint === undefined ? {} : { endpoint }),
  };
  // A dead connection must not hang a session: no timeout at all is the clients' default.
  const patience = { connectionTimeout: 10_000, socketTimeout: 120_000 };
  // `http://localhost:PORT` would become `bucket.localhost`.
  const localS3 = endpoint ?? env["AWS_ENDPOINT_URL_S3"] ?? env["AWS_ENDPOINT_URL"];
  return {
    sagemaker: once(injected.sagemaker, async () => {
      const { SageMakerClient } = await import("@aws-sdk/client-sagemaker");
      return new SageMakerClient({ ...shared, requestHandler: patience });
    }),
    runtime: once(injected.runtime, async () => {
      const { SageMakerRuntimeClient } = await import("@aws-sdk/client-sagemaker-runtime");
      // The predictor limits each call. A limit here would end calls that may take longer, and the client would take that
      // for trouble on the way and have the same picture worked on again and again.
      return new SageMakerRuntimeClient({ ...shared, requestHandler: { ...patience, socketTimeout: 0 } });
    }),
    s3: once(injected.s3, async () => {
      const { S3Client } = await import("@aws-sdk/client-s3");
      const pathStyle = localS3 === undefined ? {} : { forcePathStyle: true };
      return new S3Client({ ...shared, ...pathStyle, requestHandler: patience });
    }),
    logs: once(injected.logs, async () => {
      const { CloudWatchLogsClient } = await import("@aws-sdk/client-cloudwatch-logs");
      return new CloudWatchLogsClient({ ...shared, requestHandler: patience });
    }),
    quotas: once(undefined, async () => {
      const { ServiceQuotasClient } = await import("@aws-sdk/client-service-quotas");
      return new ServiceQuotasClient({ ...shared, requestHandler: patience });
    }),
  };
}

function once<Client>(given: Client | undefined, make: () => Promise<Client>): () => Promise<Client> {
  let made: Promise<Client> | undefined;
  return () => (made ??= given === undefined ? make() : Promise.resolve(given));
}

function missing(setting: string, neededBy: string): never {
  throw new SegmentationError(
    "session.missing",
    `${neededBy} needs a ${setting}: give createSession({ ${setting}: ... })${setting === "region" ? " or set AWS_REGION" : ""}.`,
    { setting, neededBy },
  );
}

function invalid(parameter: string, value: unknown, expected: string): SegmentationError<"input.invalid"> {
  return new SegmentationError("input.invalid", `${parameter} is "${String(value)}". Expected ${expected}.`, {
    parameter,
    value,
    expected,
  });
}
