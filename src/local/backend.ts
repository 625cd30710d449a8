import { resolve } from "node:path";
import { SegmentationError } from "../core/errors.js";
import { isRegionName } from "../facts/region-name.js";
import { annotate, consolidate } from "./annotators/index.js";
import { MetricStore } from "./cloudwatch/metric-store.js";
import { cloudWatchService } from "./cloudwatch/service.js";
import type { LocalService } from "./contracts.js";
import { lockDirectory } from "./directory-lock.js";
import { FaultPlan } from "./faults.js";
import type { Faults } from "./faults.js";
import { createLocalServer } from "./http/index.js";
import type { LocalServer } from "./http/index.js";
import { newFolders } from "./new-folders.js";
import { learner } from "./learner/index.js";
import { LogStore } from "./logs/log-store.js";
import { logsService } from "./logs/service.js";
import { quotasService } from "./quotas/service.js";
import { runtimeService } from "./runtime/service.js";
import { createS3Service } from "./s3/index.js";
import { BackgroundWork } from "./sagemaker/background-work.js";
import type { SageMaker } from "./sagemaker/context.js";
import { sageMakerService } from "./sagemaker/service.js";
import { openState } from "./state/sagemaker-state.js";
import { openObjects } from "./store/index.js";
import { snsService } from "./sns/service.js";
import { Topics } from "./sns/topics.js";
import { stsService } from "./sts/service.js";
import { strangeTargets } from "./wire/json-service.js";
import { createWorld } from "./world.js";

/** Settings of {@link startLocal}. */
export interface StartLocalOptions {
  /** Where objects and records lie as plain files; made when it is not there. One backend at a time. */
  readonly directory: string;
  /** TCP port on 127.0.0.1; default 0, any free one. */
  readonly port?: number;
  /** Region of requests that name none; default `us-east-1`. */
  readonly region?: string;
  /** Same seed, same bytes: of masks that annotators paint and of models; default 0. */
  readonly seed?: number;
  /** Divides the simulated waiting times (provisioning, uploads, work of annotators), not the training; default 1. */
  readonly speed?: number;
  /** Clock, milliseconds since 1970; default the system's. */
  readonly now?: () => number;
}

/** A running embedded backend. */
export interface LocalBackend extends AsyncDisposable {
  /** `http://127.0.0.1:PORT`: the endpoint of all services. */
  readonly url: string;
  /** AWS region that the backend stands for, e.g. `us-east-1`. */
  readonly region: string;
  /** Account number that its ARNs have, twelve digits. */
  readonly account: string;
  /** Absolute path of its directory. */
  readonly directory: string;
  /** Makes calls and jobs fail on demand. */
  readonly faults: Faults;
  /** What was published to an SNS topic since the start, the oldest first: also what streaming labeling jobs put out. */
  messages(topicArn: string): readonly string[];
  /** Stops listening and lets the directory go. Jobs that run go on at the next start. */
  close(): Promise<void>;
}

const account = "123456789012";

/**
 * Starts the embedded backend: S3, SageMaker, SageMaker Runtime, CloudWatch Logs, CloudWatch, SNS and STS on one port of
 * 127.0.0.1, for unmodified AWS clients of any language (any credentials will do).
 *
 * Simulated annotators find the truth from which they paint in this order: the manifest line's attribute `truth-ref`;
 * the S3 prefix in the labeling job's tag `truth`, and there `<image name>.png`; `truth/<image name>.png` in the image's
 * bucket. Truth masks hold class indices (gray or palette PNG), 255 where the annotators are to decide.
 *
 * It behaves as the services do where they are documented, and is a stand-in for behaviour, not for ResNet-50: labels
 * come from simulated annotators, models from a small pixel classifier that really learns.
 *
 * @throws `local.start` when the port or the directory is in use, `local.state` when a record is damaged, `input.invalid`
 * for settings out of range.
 */
export async function startLocal(options: StartLocalOptions): Promise<LocalBackend> {
  const settings = checkOptions(options);
  const directory = resolve(options.directory);
  const removeFolders = newFolders(directory);
  const unlock = lockDirectory(directory);
  const work = new BackgroundWork();
  try {
    const world = createWorld({ account, ...settings });
    const now = (): number => world.now();
    const objects = await openObjects(directory, { region: world.region, now });
    const sagemaker: SageMaker = {
      world,
      state: openState(directory),
      objects,
      logs: new LogStore(directory),
      metrics: new MetricStore(directory),
      learner,
      annotators: { annotate, consolidate },
      faults: new FaultPlan(),
      topics: new Topics(),
      work,
    };
    const server = await createLocalServer({
      services: [...apiServices(sagemaker), createS3Service({ objects, account })],
      port: options.port ?? 0,
      region: world.region,
      now,
    });
    return backend(sagemaker, directory, server, unlock);
  } catch (error) {
    await work.close(); // jobs go on as soon as their services are there, which is before the port is
    unlock();
    removeFolders(); // a start that failed, e.g. for its port, leaves none behind
    throw error;
  }
}

function apiServices(sagemaker: SageMaker): LocalService[] {
  const { world, faults, logs, metrics } = sagemaker;
  return [
    sageMakerService(sagemaker),
    runtimeService(sagemaker),
    logsService(world, logs, faults),
    cloudWatchService(world, metrics, faults),
    quotasService(world, faults),
    snsService(world, sagemaker.topics, faults),
    stsService(world),
    strangeTargets,
  ];
}

function backend(sagemaker: SageMaker, directory: string, server: LocalServer, unlock: () => void): LocalBackend {
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => (closing ??= server.close().finally(unlock));
  const { region } = sagemaker.world;
  const messages = (topicArn: string): readonly string[] => sagemaker.topics.published(topicArn);
  const { faults } = sagemaker;
  return { url: server.url, region, account, directory, faults, messages, close, [Symbol.asyncDispose]: close };
}

function checkOptions(options: StartLocalOptions): {
  readonly region: string;
  readonly seed: number;
  readonly speed: number;
  readonly now: () => number;
} {
  const { region = "us-east-1", seed = 0, speed = 1, now = Date.now, port = 0 } = options;
  if (typeof options.directory !== "string" || options.directory === "") {
    throw invalid("directory", options.directory, "the path of a directory");
  }
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw invalid("port", port, "a port number, 0 to 65535");
  if (!isRegionName(region)) throw invalid("region", region, "an AWS region, e.g. us-east-1");
  if (!Number.isSafeInteger(seed)) throw invalid("seed", seed, "an integer");
  if (!(speed > 0 && Number.isFinite(speed))) throw invalid("speed", speed, "a number above 0");
  return { region, seed, speed, now };
}

function invalid(parameter: string, value: unknown, expected: string): SegmentationError {
  return new SegmentationError("input.invalid", `${parameter} cannot be used: expected ${expected}.`, {
    parameter,
    value,
    expected,
  });
}
