import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { CreateBucketCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { SageMakerClient } from "@aws-sdk/client-sagemaker";
import { SageMakerRuntimeClient } from "@aws-sdk/client-sagemaker-runtime";
import jpeg from "jpeg-js";
import { startLocal } from "../../src/local/backend.js";
import type { LocalBackend, StartLocalOptions } from "../../src/local/backend.js";
import { encodeMask } from "../../src/mask/encode-mask.js";

/** A backend in a fresh directory with the real clients on it, and a bucket. */
export interface TestBackend {
  readonly local: LocalBackend;
  readonly s3: S3Client;
  readonly sagemaker: SageMakerClient;
  readonly runtime: SageMakerRuntimeClient;
  readonly logs: CloudWatchLogsClient;
  readonly cloudwatch: CloudWatchClient;
  /** Puts an object into the bucket `b` and gives its URI. */
  put(key: string, body: Uint8Array | string): Promise<string>;
  /** Closes the backend and starts another on the same directory. */
  restart(options?: Partial<StartLocalOptions>): Promise<TestBackend>;
  /** Closes it and removes the directory. */
  end(): Promise<void>;
}

/** Starts a backend a hundred times faster than real. */
export async function startTestBackend(options: Partial<StartLocalOptions> = {}): Promise<TestBackend> {
  const directory = options.directory ?? mkdtempSync(join(tmpdir(), "semseg-local-"));
  const local = await startLocal({ speed: 100, ...options, directory });
  const config = {
    endpoint: local.url,
    region: local.region,
    credentials: { accessKeyId: "a", secretAccessKey: "b" },
    maxAttempts: 1,
  };
  const s3 = new S3Client({ ...config, forcePathStyle: true });
  if (options.directory === undefined) await s3.send(new CreateBucketCommand({ Bucket: "bucket" }));
  return {
    local,
    s3,
    sagemaker: new SageMakerClient(config),
    runtime: new SageMakerRuntimeClient(config),
    logs: new CloudWatchLogsClient(config),
    cloudwatch: new CloudWatchClient(config),
    async put(key, body) {
      await s3.send(new PutObjectCommand({ Bucket: "bucket", Key: key, Body: body }));
      return `s3://bucket/${key}`;
    },
    async restart(more = {}) {
      await local.close();
      return startTestBackend({ ...options, ...more, directory });
    },
    async end() {
      await local.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** A picture of two colours and its mask: an orange square (class 1) on blue; `shift` moves the square. */
export function squareScene(
  shift: number,
  width = 32,
  height = 24,
): { readonly image: Uint8Array; readonly mask: Uint8Array } {
  const data = Buffer.alloc(width * height * 4);
  const indices = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = y * width + x;
      const inside = x >= 4 + shift && x < 16 + shift && y >= 6 && y < 18;
      indices[at] = inside ? 1 : 0;
      const shade = ((x * 7 + y * 13 + shift) % 17) - 8;
      data.set(inside ? [220 + shade, 120 + shade, 40, 255] : [40, 90 + shade, 170 + shade, 255], at * 4);
    }
  }
  const image = new Uint8Array(jpeg.encode({ width, height, data }, 92).data);
  return { image, mask: encodeMask({ width, height, data: indices }, { kind: "gray" }) };
}

const filled = new WeakSet<TestBackend>();

async function putDataset(backend: TestBackend): Promise<void> {
  if (filled.has(backend)) return;
  filled.add(backend);
  const scenes = Array.from({ length: 8 }, (_, n) => ({ ...squareScene(n), n, split: n < 6 ? "train" : "validation" }));
  await Promise.all(
    scenes.flatMap(({ image, mask, n, split }) => [
      backend.put(`data/${split}/p${n}.jpg`, image),
      backend.put(`data/${split}_annotation/p${n}.png`, mask),
    ]),
  );
}

/** Puts the four channels of a small dataset below `data/` and gives the request that trains on it. */
export async function trainingRequest(
  backend: TestBackend,
  name: string,
  hyperparameters: Record<string, string> = {},
) {
  await putDataset(backend);
  const channel = (channelName: string) => ({
    ChannelName: channelName,
    DataSource: { S3DataSource: { S3DataType: "S3Prefix" as const, S3Uri: `s3://bucket/data/${channelName}/` } },
  });
  return {
    TrainingJobName: name,
    AlgorithmSpecification: {
      TrainingImage: "811284229777.dkr.ecr.us-east-1.amazonaws.com/semantic-segmentation:1",
      TrainingInputMode: "File" as const,
    },
    RoleArn: "arn:aws:iam::123456789012:role/Test",
    HyperParameters: {
      num_classes: "2",
      num_training_samples: "6",
      epochs: "2",
      mini_batch_size: "2",
      crop_size: "24",
      base_size: "32",
      ...hyperparameters,
    },
    InputDataConfig: ["train", "train_annotation", "validation", "validation_annotation"].map(channel),
    OutputDataConfig: { S3OutputPath: "s3://bucket/models" },
    ResourceConfig: { InstanceType: "ml.p3.2xlarge" as const, InstanceCount: 1, VolumeSizeInGB: 50 },
    StoppingCondition: { MaxRuntimeInSeconds: 3600 },
  };
}

/** Looks every 10 ms until `done`; a test that never gets there fails by its time limit. */
export async function until<Value>(look: () => Promise<Value>, done: (value: Value) => boolean): Promise<Value> {
  for (;;) {
    const value = await look();
    if (done(value)) return value;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
