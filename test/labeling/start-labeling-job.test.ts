import { describe, expect, it } from "vitest";
import { createAwsContext } from "../../src/aws/clients.js";
import type { AwsContext } from "../../src/aws/context.js";
import { labelingJobBuilder } from "../../src/labeling/labeling-steps.js";
import { defineClasses } from "../../src/mask/classes.js";
import { fakeSageMaker } from "../support/fake-sagemaker.js";
import type { WireAnswer, WireCall } from "../support/fake-sagemaker.js";
import { memoryStore } from "../support/memory-store.js";
import type { MemoryStore } from "../support/memory-store.js";
import { rejectionOf } from "../support/refusal-of.js";

const classes = defineClasses(["background", "sea turtle"]);
const team = "arn:aws:sagemaker:us-east-1:123456789012:workteam/private-crowd/painters";
const folder = "s3://turtles/run-1/labeling/label-turtles/";

// What the service says of an unknown job (seen text: "Requested resource not found.").
const unknown: WireAnswer = { error: "ResourceNotFound", message: "Requested resource not found." };

function freeName({ operation }: WireCall): WireAnswer {
  return operation === "DescribeLabelingJob"
    ? unknown
    : { body: { LabelingJobArn: "arn:aws:sagemaker:us-east-1:123456789012:labeling-job/label-turtles" } };
}

function setting(store: MemoryStore, answer: (call: WireCall) => WireAnswer = freeName) {
  const { client, calls } = fakeSageMaker(answer);
  const context: AwsContext = {
    ...createAwsContext({
      region: "us-east-1",
      role: "arn:aws:iam::123456789012:role/Turtles",
      workspace: "s3://turtles/run-1",
      clients: { sagemaker: client },
    }),
    store,
  };
  const begin = labelingJobBuilder(context, "label-turtles")
    .classes(classes)
    .workteam(team)
    .instructions({ short: "Paint.", full: "Paint." });
  return { begin, calls, writes: () => store.calls.filter(({ verb }) => verb === "write").map(({ uri }) => uri) };
}

const photo = new Uint8Array([0xff, 0xd8, 0xff, 0xd9]);

describe("start of a labeling job", () => {
  it("lists the folder, writes manifest, categories and page, then creates the job", async () => {
    const store = memoryStore({
      "s3://turtles/images/b.JPG": photo,
      "s3://turtles/images/a b.jpeg": photo,
      "s3://turtles/images/deep/c.png": photo,
      "s3://turtles/images/": "",
      "s3://turtles/images/notes.txt": "no image",
      "s3://turtles/images-old/d.jpg": photo,
    });
    const { begin, calls, writes } = setting(store);
    const counts: number[] = [];
    const job = await begin.images("s3://turtles/images").start({ progress: ({ done }) => counts.push(done) });

    expect(text(store, `${folder}input.manifest`)).toBe(
      [
        '{"source-ref":"s3://turtles/images/a b.jpeg"}',
        '{"source-ref":"s3://turtles/images/b.JPG"}',
        '{"source-ref":"s3://turtles/images/deep/c.png"}',
        "",
      ].join("\n"),
    );
    expect(writes()).toEqual([
      `${folder}input.manifest`,
      `${folder}label-categories.json`,
      `${folder}template.liquid.html`,
    ]);
    expect(text(store, `${folder}template.liquid.html`)).toContain("crowd-semantic-segmentation");
    expect(calls.map(({ operation }) => operation)).toEqual(["DescribeLabelingJob", "CreateLabelingJob"]);
    expect(calls[1]?.input).toEqual(begin.images("s3://turtles/images").toRequest());
    expect(counts).toEqual([1, 2, 3]);
    expect(job.name).toBe("label-turtles");
  });

  it("gives the handle of the job that it created when an override renames it", async () => {
    const { begin, calls } = setting(memoryStore({ "s3://turtles/images/b.jpg": photo }));
    const job = await begin.images("s3://turtles/images").override({ LabelingJobName: "other" }).start();
    expect(job.name).toBe("other");
    expect(calls.map(({ operation, input }) => [operation, input["LabelingJobName"]])).toEqual([
      ["DescribeLabelingJob", "other"],
      ["DescribeLabelingJob", "label-turtles"],
      ["CreateLabelingJob", "other"],
    ]);
  });

  it("never takes its own results for images", async () => {
    const store = memoryStore({
      "s3://turtles/run-1/images/a.jpg": photo,
      "s3://turtles/run-1/labels/other/annotations/consolidated-annotation/output/0_x.png": photo,
      "s3://turtles/run-1/dataset/train/a.jpg": photo,
    });
    await setting(store).begin.images("s3://turtles/run-1/").start();
    expect(text(store, `${folder}input.manifest`)).toBe('{"source-ref":"s3://turtles/run-1/images/a.jpg"}\n');
  });

  it("takes one of its own folders when it is asked for by name", async () => {
    const store = memoryStore({ "s3://turtles/run-1/dataset/train/a.jpg": photo });
    await setting(store).begin.images("s3://turtles/run-1/dataset/train/").start();
    expect(text(store, `${folder}input.manifest`)).toContain("dataset/train/a.jpg");
  });

  it("keeps the order of a list and looks every image up", async () => {
    const store = memoryStore({ "s3://turtles/b.jpg": photo, "s3://turtles/a.jpg": photo });
    await setting(store).begin.images(["s3://turtles/b.jpg", "s3://turtles/a.jpg"]).start();
    expect(text(store, `${folder}input.manifest`)).toBe(
      '{"source-ref":"s3://turtles/b.jpg"}\n{"source-ref":"s3://turtles/a.jpg"}\n',
    );
  });

  it("checks a given manifest and leaves it where it is", async () => {
    const store = memoryStore({
      "s3://turtles/in.manifest":
        '\ufeff{"source-ref":"s3://turtles/a.jpg","n":1}\r\n\r\n{"source-ref":"s3://turtles/b.jpg"}',
    });
    const { begin, calls, writes } = setting(store);
    await begin.manifest("s3://turtles/in.manifest").start();
    expect(writes()).toHaveLength(2);
    expect(calls[1]?.input).toMatchObject({
      InputConfig: { DataSource: { S3DataSource: { ManifestS3Uri: "s3://turtles/in.manifest" } } },
    });
  });
});

describe("start when the answer of CreateLabelingJob is lost", () => {
  /** The client sends the request again, and AWS refuses the name that the first one took. */
  function lost(changed: Readonly<Record<string, unknown>> = {}) {
    let created: Readonly<Record<string, unknown>> | undefined;
    const answer = ({ operation, input }: WireCall): WireAnswer => {
      if (operation === "DescribeLabelingJob")
        return created === undefined ? unknown : { body: { ...created, ...changed } };
      created = { ...input, LabelingJobStatus: "Initializing", CreationTime: Date.now() / 1000 };
      return { error: "ResourceInUse", message: "Labeling job name must be unique." };
    };
    return setting(memoryStore({ "s3://turtles/images/a.jpg": photo }), answer).begin.images("s3://turtles/images/");
  }

  it("takes up the job that it made", async () => {
    expect((await lost().start()).name).toBe("label-turtles");
  });

  it.each<[what: string, changed: Record<string, unknown>]>([
    ["input", { InputConfig: { DataSource: { S3DataSource: { ManifestS3Uri: "s3://turtles/other.manifest" } } } }],
    ["output", { OutputConfig: { S3OutputPath: "s3://turtles/other/" } }],
    ["role", { RoleArn: "arn:aws:iam::123456789012:role/Other" }],
    ["day", { CreationTime: Date.now() / 1000 - 86_400 }],
    ["unknown time", { CreationTime: undefined }],
  ])("does not take up a job of another %s", async (_, changed) => {
    expect((await rejectionOf(lost(changed).start())).code).toBe("aws.conflict");
  });

  it("tells the refusal when the job cannot be looked at", async () => {
    const { begin } = setting(memoryStore({ "s3://turtles/images/a.jpg": photo }), ({ operation }) =>
      operation === "DescribeLabelingJob" ? unknown : { error: "InternalFailure", message: "later", status: 500 },
    );
    expect((await rejectionOf(begin.images("s3://turtles/images/").start())).code).toBe("aws.server");
  });
});

describe("start changes nothing when something is wrong", () => {
  const cases: readonly [
    what: string,
    objects: Record<string, Uint8Array | string>,
    images: string | readonly string[],
    expected: object,
  ][] = [
    ["an empty folder", {}, "s3://turtles/images/", { code: "labeling.no-images", details: { found: 0 } }],
    [
      "a folder without images",
      { "s3://turtles/images/a.txt": "x" },
      "s3://turtles/images/",
      { code: "labeling.no-images", details: { found: 1 } },
    ],
    [
      "an empty image",
      { "s3://turtles/images/a.jpg": "" },
      "s3://turtles/images/",
      { code: "labeling.invalid", details: { parameter: "images" } },
    ],
    [
      "a missing image in a list",
      { "s3://turtles/a.jpg": photo },
      ["s3://turtles/a.jpg", "s3://turtles/b.jpg"],
      { code: "labeling.invalid", details: { value: "s3://turtles/b.jpg" } },
    ],
  ];

  it.each(cases)("%s", async (_, objects, images, expected) => {
    const store = memoryStore(objects);
    const { begin, calls } = setting(store);
    expect(await rejectionOf(begin.images(images).start())).toMatchObject(expected);
    expect([...store.objects.keys()]).toEqual(Object.keys(objects));
    expect(calls.map(({ operation }) => operation)).toEqual(["DescribeLabelingJob"]);
  });

  it.each([
    ["no JSON", "{nonsense", "manifest.line"],
    ["a list", "[]", "manifest.line"],
    ["no image", '{"source":"text"}', "manifest.line"],
    ["an image that is no S3 address", '{"source-ref":"https://example.com/a.jpg"}', "manifest.line"],
    ["nothing", "\n\n", "labeling.no-images"],
  ])("a manifest with %s", async (_, line, code) => {
    const store = memoryStore({ "s3://turtles/in.manifest": line });
    const { begin, writes } = setting(store);
    expect(await rejectionOf(begin.manifest("s3://turtles/in.manifest").start())).toMatchObject({ code });
    expect(writes()).toEqual([]);
  });

  it("a name that is taken: the files of the other job stay as they are", async () => {
    const store = memoryStore({ "s3://turtles/images/a.jpg": photo, [`${folder}input.manifest`]: "theirs" });
    const { begin } = setting(store, () => ({ body: { LabelingJobStatus: "InProgress" } }));
    expect(await rejectionOf(begin.images("s3://turtles/images/").start())).toMatchObject({ code: "aws.conflict" });
    expect(text(store, `${folder}input.manifest`)).toBe("theirs");
  });

  it("more images than one job takes", async () => {
    const store = memoryStore({ "s3://turtles/images/a.jpg": photo, "s3://turtles/images/b.jpg": photo });
    const { begin, calls } = setting(store);
    const starting = begin.images("s3://turtles/images/", { maxObjects: 1 }).start();
    expect(await rejectionOf(starting)).toMatchObject({
      code: "labeling.invalid",
      message: expect.stringContaining("at most 1 images") as string,
    });
    expect(calls).toHaveLength(1);
    expect(store.objects.has(`${folder}input.manifest`)).toBe(false);
  });

  it("an abort: the signal's own reason, no job", async () => {
    const store = memoryStore({ "s3://turtles/images/a.jpg": photo });
    const { begin, calls } = setting(store);
    const reason = new Error("enough");
    const abort = new AbortController();
    store.fault = ({ verb }) => {
      if (verb === "list") abort.abort(reason);
    };
    await expect(begin.images("s3://turtles/images/").start({ signal: abort.signal })).rejects.toBe(reason);
    expect(calls.map(({ operation }) => operation)).not.toContain("CreateLabelingJob");
  });
});

function text(store: MemoryStore, uri: string): string {
  return new TextDecoder().decode(store.objects.get(uri));
}
