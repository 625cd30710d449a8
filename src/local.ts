/**
 * The embedded backend: S3, SageMaker, SageMaker Runtime, CloudWatch Logs, CloudWatch and STS on one port of 127.0.0.1,
 * for this package and for unmodified AWS clients of any language. No account is needed.
 *
 * @packageDocumentation
 */
import type { S3Client } from "@aws-sdk/client-s3";
import { createAwsContext } from "./aws/clients.js";
import { createS3Store } from "./aws/s3-store.js";
import { send } from "./aws/send.js";
import { SegmentationError } from "./core/errors.js";
import { parseS3Uri } from "./core/s3-uri.js";
import { startLocal as startBackend } from "./local/backend.js";
import type { LocalBackend as EmbeddedBackend, StartLocalOptions } from "./local/backend.js";
import { sessionOf } from "./session.js";
import type { Session } from "./session.js";

export type { EmbeddedBackend, StartLocalOptions };
export type { Fault, Faults } from "./local/faults.js";

/** Settings of {@link LocalBackend.session}. */
export interface LocalSessionOptions {
  /** S3 folder for what the session writes; its bucket is made. Default `s3://sagemaker-<region>-<account>/`. */
  readonly workspace?: string;
  /** ARN of the role that requests name; the backend looks at its form only. Default `.../role/Local`. */
  readonly role?: string;
  /** Milliseconds between two looks at a job or endpoint; default 100. */
  readonly pollInterval?: number;
}

/** A running embedded backend that opens sessions on itself. */
export interface LocalBackend extends EmbeddedBackend {
  /** Credentials that it takes; any others will do as well. */
  readonly credentials: {
    /** Key id to give an AWS client. */
    readonly accessKeyId: string;
    /** Its secret; nothing is kept safe by it. */
    readonly secretAccessKey: string;
  };
  /**
   * A session on this backend: the same class and the same clients as on AWS, with another endpoint.
   *
   * @throws `input.invalid` for a role or interval that cannot be right, `s3.uri` for the workspace.
   */
  session(options?: LocalSessionOptions): Session;
}

/**
 * Starts the embedded backend; `await using` closes it on the way out.
 *
 * It is a stand-in for behaviour: it refuses what AWS refuses and goes through the same states over time. Labels come
 * from simulated annotators, models from a small pixel classifier that really learns, not from ResNet-50.
 *
 * @throws `local.start` when the port or the directory is in use, `local.state` when a record is damaged,
 * `input.invalid` for settings out of range.
 *
 * @example
 * ```ts
 * import { startLocal } from "sagemaker-semseg/local";
 *
 * await using local = await startLocal({ directory: ".sagemaker-local" });
 * const session = local.session({ workspace: "s3://demo/run-1" });
 * ```
 */
export async function startLocal(options: StartLocalOptions): Promise<LocalBackend> {
  const backend = await startBackend(options);
  const credentials = { accessKeyId: "local", secretAccessKey: "local" };
  return { ...backend, credentials, session: (settings = {}) => localSession(backend, credentials, settings) };
}

function localSession(
  backend: EmbeddedBackend,
  credentials: LocalBackend["credentials"],
  options: LocalSessionOptions,
): Session {
  const { region, account, url } = backend;
  const workspace = options.workspace ?? `s3://sagemaker-${region}-${account}/`;
  const context = createAwsContext({
    region,
    endpoint: url,
    credentials,
    workspace,
    role: options.role ?? `arn:aws:iam::${account}:role/Local`,
    pollInterval: options.pollInterval ?? 100,
  });
  // A session is made without I/O, so the bucket is made by the first call that needs S3.
  let ready: Promise<S3Client> | undefined;
  const s3 = (): Promise<S3Client> => {
    ready ??= withBucket(context.clients.s3(), parseS3Uri(workspace).bucket).catch((error: unknown) => {
      // The next call tries again.
      ready = undefined;
      throw error;
    });
    return ready;
  };
  return sessionOf({ ...context, clients: { ...context.clients, s3 }, store: createS3Store(s3) });
}

async function withBucket(client: Promise<S3Client>, bucket: string): Promise<S3Client> {
  const s3 = await client;
  const { CreateBucketCommand } = await import("@aws-sdk/client-s3");
  try {
    await send("CreateBucket", (options) => s3.send(new CreateBucketCommand({ Bucket: bucket }), options));
  } catch (error) {
    if (!SegmentationError.is(error, "aws.conflict")) throw error;
  }
  return s3;
}
