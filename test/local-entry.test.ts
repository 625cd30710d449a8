import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { defineClasses } from "../src/index.js";
import { startLocal } from "../src/local.js";
import { refusalOf, rejectionOf } from "./support/refusal-of.js";

const classes = defineClasses(["background", "sea turtle"]);
const bytes = new Uint8Array([1, 2, 3]);

describe("sessions on the embedded backend", () => {
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(path.join(tmpdir(), "local-entry-"));
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));

  it("make the workspace's bucket by the first call that needs it, also when it is there already", async () => {
    await using local = await startLocal({ directory });
    for (const name of ["one", "two"]) {
      const session = local.session({ workspace: "s3://turtles/run-1" });
      await session.store.write(`s3://turtles/${name}.bin`, bytes);
      expect(await session.store.read(`s3://turtles/${name}.bin`)).toEqual(bytes);
    }
  });

  it("have a workspace and a role without being told", async () => {
    await using local = await startLocal({ directory, region: "eu-west-1" });
    const request = local
      .session()
      .labelingJob("a")
      .images("s3://turtles/images/")
      .classes(classes)
      .workteam("arn:aws:sagemaker:eu-west-1:123456789012:workteam/private-crowd/painters")
      .instructions({ short: "Paint.", full: "Paint." })
      .toRequest();
    expect(request.RoleArn).toBe("arn:aws:iam::123456789012:role/Local");
    expect(request.OutputConfig?.S3OutputPath).toBe("s3://sagemaker-eu-west-1-123456789012/labels/");
  });

  it("refuse settings that cannot be right, as sessions on AWS do", async () => {
    await using local = await startLocal({ directory });
    expect(refusalOf(() => local.session({ workspace: "turtles" }))).toMatchObject({ code: "s3.uri" });
    expect(refusalOf(() => local.session({ role: "me" }))).toMatchObject({ code: "input.invalid" });
  });

  it("make the bucket later when the first call did not reach the backend", async () => {
    const first = await startLocal({ directory });
    const { store } = first.session({ workspace: "s3://turtles/run-1" });
    await first.close();
    expect(await rejectionOf(store.read("s3://turtles/a.bin"))).toMatchObject({ code: "aws.network" });
    await using second = await startLocal({ directory, port: Number(new URL(first.url).port) });
    expect(second.url).toBe(first.url);
    await store.write("s3://turtles/a.bin", bytes);
    expect(await store.read("s3://turtles/a.bin")).toEqual(bytes);
  });

  it("keep objects over a restart, and end with the backend", async () => {
    const first = await startLocal({ directory });
    const { store } = first.session({ workspace: "s3://turtles/run-1" });
    await store.write("s3://turtles/kept.bin", bytes);
    await first.close();
    expect(await rejectionOf(store.read("s3://turtles/kept.bin"))).toMatchObject({ code: "aws.network" });
    await using second = await startLocal({ directory });
    expect(await second.session({ workspace: "s3://turtles/run-1" }).store.read("s3://turtles/kept.bin")).toEqual(
      bytes,
    );
  });
});
