import { rm } from "node:fs/promises";
import { afterEach, beforeEach, expect, it } from "vitest";
import { ContainerError } from "../../../src/local/contracts.js";
import { readTrainingData } from "../../../src/local/sagemaker/training-data.js";
import { readObject } from "../../../src/local/sagemaker/s3-input.js";
import { openObjects, type ObjectStorage } from "../../../src/local/store/index.js";
import { freshFolder } from "../../support/local-s3.js";

let directory: string;
let objects: ObjectStorage;
beforeEach(async () => {
  directory = await freshFolder();
  objects = await openObjects(directory);
  await objects.createBucket("bucket");
});
afterEach(() => rm(directory, { recursive: true, force: true }));

/** Reads a job whose training channel is this manifest. */
async function read(S3DataType: string, manifest: string, mostBytes?: number): Promise<unknown> {
  await objects.put("bucket", "manifest", Buffer.from(manifest));
  const S3DataSource = { S3DataType, S3Uri: "s3://bucket/manifest", AttributeNames: ["source-ref", "mask-ref"] };
  const channel = (ChannelName: string) => ({ ChannelName, DataSource: { S3DataSource } });
  const InputDataConfig = ["train", "train_annotation", "validation", "validation_annotation"].map(channel);
  const request = { TrainingJobName: "job", InputDataConfig } as unknown as Parameters<typeof readTrainingData>[1];
  return readTrainingData(objects, request, mostBytes).catch((error: unknown) => error);
}

it.each([
  ["AugmentedManifestFile", '{"source-ref": "s3://bucket/a.jpg"'],
  ["ManifestFile", "[1"],
  ["ManifestFile", "[null]"],
])("blames the data for a manifest of type %s that says %s", async (type, manifest) => {
  const error = await read(type, manifest);
  expect(error).toBeInstanceOf(ContainerError);
  expect(error).toMatchObject({
    kind: "ClientError",
    message: expect.stringContaining("s3://bucket/manifest") as string,
  });
});

it("passes over lines of an augmented manifest that name no files", async () => {
  expect(await read("AugmentedManifestFile", 'null\n{"source-ref": 7}\n')).toMatchObject({
    channels: { train: [], validation: [] },
  });
});

it("names the limit that images and masks exceed together", async () => {
  for (const name of ["a.jpg", "a.png"]) await objects.put("bucket", name, new Uint8Array(600));
  const manifest = '{"source-ref": "s3://bucket/a.jpg", "mask-ref": "s3://bucket/a.png"}';
  // Train and validation name the same two files: 2,400 bytes.
  expect(await read("AugmentedManifestFile", manifest, 2_400)).not.toBeInstanceOf(Error);
  expect(await read("AugmentedManifestFile", manifest, 2_399)).toMatchObject({
    kind: "ClientError",
    message: expect.stringContaining("more than 2399 bytes") as string,
  });
});

it("reads no object above the limit of its kind", async () => {
  await objects.put("bucket", "big", new Uint8Array(11));
  expect(await readObject(objects, "s3://bucket/big", 11)).toHaveLength(11);
  const refused = readObject(objects, "s3://bucket/big", 10);
  await expect(refused).rejects.toThrow(ContainerError);
  await expect(refused).rejects.toThrow("s3://bucket/big has 11 bytes");
});
