import type { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import type { S3Client } from "@aws-sdk/client-s3";
import type { SageMakerClient } from "@aws-sdk/client-sagemaker";
import type { SageMakerRuntimeClient } from "@aws-sdk/client-sagemaker-runtime";
import type { ServiceQuotasClient } from "@aws-sdk/client-service-quotas";
import type { ObjectStore } from "../core/object-store.js";

/** The clients of a session, each made (and its package loaded) when first asked for. */
export interface AwsClients {
  sagemaker(): Promise<SageMakerClient>;
  runtime(): Promise<SageMakerRuntimeClient>;
  s3(): Promise<S3Client>;
  logs(): Promise<CloudWatchLogsClient>;
  /** Rejects with `ERR_MODULE_NOT_FOUND` where the optional package is not installed. */
  quotas(): Promise<ServiceQuotasClient>;
}

/** What builders and handles get from their session. */
export interface AwsContext {
  readonly clients: AwsClients;
  /** S3 as the pure rooms see it. */
  readonly store: ObjectStore;
  /** Milliseconds between two looks at a job or endpoint. */
  readonly pollInterval: number;
  /** The region: given, from the environment, or from the shared configuration. */
  region(): Promise<string>;
  /** The region without I/O: given, or from the environment. Throws `session.missing`. */
  regionNow(neededBy: string): string;
  /** The execution role. Throws `session.missing`. */
  role(neededBy: string): string;
  /** The workspace folder, ending in `/`. Throws `session.missing`. */
  workspace(neededBy: string): string;
}
