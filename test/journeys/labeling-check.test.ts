import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { GetBucketCorsCommand, PutBucketCorsCommand, S3Client } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { defineClasses } from "../../src/index.js";
import type { LabelingCheck } from "../../src/index.js";
import { sceneClasses, sceneInstructions, scene, startScenes } from "../support/labeling-scenes.js";
import type { SceneBackend } from "../support/labeling-scenes.js";

let at: SceneBackend;
let s3: S3Client;
beforeAll(async () => {
  at = await startScenes();
  await at.put(4);
  s3 = new S3Client({
    endpoint: at.local.url,
    region: at.local.region,
    credentials: at.local.credentials,
    forcePathStyle: true,
  });
});
afterAll(() => at.end());

const ready = (name = "Checked") =>
  at.session
    .labelingJob(name)
    .images("s3://shapes/images/")
    .classes(sceneClasses)
    .workteam(at.team)
    .instructions(sceneInstructions);

const codes = ({ findings }: LabelingCheck): string[] => findings.map(({ code }) => code);

/** A JPEG with an EXIF orientation of 6: TIFF header, one entry with tag 0x0112 (EXIF 2.3, 4.6.2). */
function turned(file: Uint8Array): Uint8Array {
  const tiff = Buffer.from(
    "4d4d002a00000008" + "0001" + "0112" + "0003" + "00000001" + "0006" + "0000" + "00000000",
    "hex",
  );
  const exif = Buffer.concat([Buffer.from("Exif\0\0", "latin1"), tiff]);
  return Buffer.concat([file.subarray(0, 2), Buffer.from([0xff, 0xe1, 0, exif.length + 2]), exif, file.subarray(2)]);
}

/** The head of a PNG of some size: enough to be judged by (PNG specification, 11.2.2). */
function pngHead(width: number, height: number): Uint8Array {
  const bytes = Buffer.alloc(33);
  bytes.set([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13]);
  bytes.write("IHDR", 12, "latin1");
  bytes.writeUInt32BE(width, 16);
  bytes.writeUInt32BE(height, 20);
  bytes.set([8, 2], 24);
  return bytes;
}

describe("check over HTTP", () => {
  it("finds the missing CORS rule, adds it beside others when asked to, and then nothing", async () => {
    await s3.send(
      new PutBucketCorsCommand({
        Bucket: "shapes",
        CORSConfiguration: { CORSRules: [{ AllowedMethods: ["PUT"], AllowedOrigins: ["https://example.com"] }] },
      }),
    );
    const first = await ready().check();
    expect(first.ok).toBe(false);
    expect(codes(first)).toEqual(["bucket.cors"]);
    // The rule of the guide's page on CORS.
    expect(first.findings[0]?.advice).toContain('"AllowedMethods":["GET"],"AllowedOrigins":["*"]');
    const second = await ready().check({ apply: true });
    expect([second.ok, ...codes(second)]).toEqual([true, "bucket.cors-added"]);
    const { CORSRules } = await s3.send(new GetBucketCorsCommand({ Bucket: "shapes" }));
    expect(CORSRules).toHaveLength(2);
    expect(CORSRules?.[0]?.AllowedOrigins).toEqual(["https://example.com"]);
    const third = await ready().check();
    expect(third).toMatchObject({ ok: true, findings: [], images: 4, imagesOpened: 4, tasks: 4 });
    expect(third.largestBillUsd).toBeUndefined();
    // Nothing was started or written.
    expect(await at.session.store.head("s3://shapes/run-1/labeling/Checked/input.manifest")).toBeUndefined();
  });

  it("names images that are turned, too large, of another kind, empty, missing, or stand twice", async () => {
    const put = (name: string, body: Uint8Array) => at.session.store.write(`s3://shapes/bad/${name}`, body);
    await put("turned.jpg", turned(scene(0).jpeg));
    await put("huge.png", pngHead(20_000, 20_000));
    await put("not.jpg", new TextEncoder().encode("GIF89a------"));
    await put("empty.jpg", new Uint8Array());
    const names = ["turned.jpg", "huge.png", "not.jpg", "empty.jpg", "missing.jpg", "turned.jpg"];
    const lines = names.map((name) => JSON.stringify({ "source-ref": `s3://shapes/bad/${name}` })).join("\n");
    await put("in.manifest", new TextEncoder().encode(lines));
    const found = await ready().manifest("s3://shapes/bad/in.manifest").check();
    expect(codes(found).toSorted()).toEqual([
      "images.duplicate",
      "images.kind",
      "images.rotated",
      "images.size",
      "images.unreadable",
    ]);
    const byCode = new Map(found.findings.map((finding) => [finding.code, finding]));
    expect(byCode.get("images.rotated")).toMatchObject({ severity: "warning", count: 2 });
    expect(byCode.get("images.size")).toMatchObject({ count: 2 });
    expect(byCode.get("images.size")?.message).toMatch(/20000 x 20000/);
    expect(byCode.get("images.kind")?.message).toMatch(/GIF/);
    expect(found.findings.at(-1)?.severity).toBe("warning");
    await put("cut.manifest", new TextEncoder().encode(`${lines}\n{"source-ref":`));
    const cut = await ready().manifest("s3://shapes/bad/cut.manifest").check();
    expect(cut.findings.find(({ code }) => code === "images.line")?.message).toMatch(/Line 7/);
    await put("wide.png", pngHead(1921, 1080));
    const wide = await ready().images(["s3://shapes/bad/wide.png"]).automatedLabeling().check();
    expect(codes(wide)).toEqual(expect.arrayContaining(["images.size", "images.count"]));
  });

  it("knows the largest bill: tasks times price, in whole cents", async () => {
    const crowd = ready().mechanicalTurk({
      pricePerTaskUsd: "1.08",
      contentClassifiers: ["FreeOfPersonallyIdentifiableInformation"],
    });
    const found = await crowd.check();
    // 4 images, 3 workers (the console's default), 1.08 USD.
    expect(found).toMatchObject({ ok: true, tasks: 12, largestBillUsd: "12.96" });
    expect(codes(found)).toEqual(["crowd.classifier"]);
    expect(await crowd.stopAfter({ humanLabeledObjects: 2 }).check()).toMatchObject({
      tasks: 6,
      largestBillUsd: "6.48",
    });
    expect(await crowd.stopAfter({ percentageLabeled: 30 }).check()).toMatchObject({ tasks: 6 });
  });

  it("finds strange teams, roles, names, regions and pages", async () => {
    const team = (end: string): string => at.team.replace("private-crowd/painters", end);
    expect(codes(await ready().workteam(team("private-crowd/nobody")).check())).toEqual(["team.missing"]);
    expect(codes(await ready().workteam(team("vendor-crowd/nobody")).check())).toEqual(["team.missing"]);
    expect(codes(await ready().workteam(team("vendor-crowd/vendor-painters")).check())).toEqual([]);
    expect(codes(await ready().workteam(at.team.replace(at.local.account, "999999999999")).check())).toEqual([
      "role.account",
    ]);
    expect(codes(await ready().workteam(at.team.replace("us-east-1", "eu-west-1")).check())).toContain(
      "request.invalid",
    );
    at.local.faults.next({
      operation: "RenderUiTemplate",
      error: { name: "ValidationException", message: "The role cannot be assumed by SageMaker." },
    });
    expect(codes(await ready().check())).toEqual(["role.unusable"]);
    const broken = { short: "x", full: "{% for a in b %}" };
    expect(codes(await ready().instructions(broken).check())).toEqual(["page.broken"]);
    const many = defineClasses(["background", "Cat", "cat ", ...Array.from({ length: 10 }, (_, n) => `c${n}`)]);
    expect(codes(await ready().classes(many).check())).toEqual(["labels.many", "labels.alike"]);
    expect(codes(await ready().timeLimits({ maxConcurrentTasks: 2000 }).check())).toEqual(["quota.tasks"]);
    expect(codes(await ready().images("s3://nowhere-at-all/images/").check())).toEqual(
      expect.arrayContaining(["images.unreadable", "bucket.missing"]),
    );
    const job = await ready("Taken").start();
    expect(codes(await ready("TAKEN").check())).toEqual(["job.exists"]);
    await job.wait();
  });

  it("opens a sample when there are many, and says so", async () => {
    const found = await ready().check({ openImages: 2 });
    expect(found).toMatchObject({ ok: true, images: 4, imagesOpened: 2 });
    expect(codes(found)).toEqual(["images.sampled"]);
  });

  it("ends by its signal, with the reason", async () => {
    await expect(ready().check({ signal: AbortSignal.abort("enough") })).rejects.toBe("enough");
  });
});

describe("preview over HTTP", () => {
  it("renders by the service what workers would get", async () => {
    const page = await ready().preview({ by: "service" });
    expect(page.errors).toEqual([]);
    expect(page.html).toContain("<crowd-semantic-segmentation");
    expect(page.html).toMatch(/labels="\[&#34;disc&#34;,&#34;bar&#34;\]"/);
    expect(page.html).toContain("shapes/images/shot-0.jpg");
  });

  it("gives valid JSON to the elements of adjustment and verification pages", async () => {
    const labels = await (await ready("Seen").start()).wait();
    const begin = at.session.labelingJob("Next").workteam(at.team).instructions(sceneInstructions);
    const attribute = (html: string, name: string): unknown =>
      JSON.parse(
        (new RegExp(`${name}="([^"]*)"`).exec(html)?.[1] ?? "")
          .replaceAll("&#34;", '"')
          .replaceAll("&quot;", '"')
          .replaceAll("&#39;", "'"),
      );
    const adjusted = await begin.adjust(labels).preview({ by: "service" });
    // Form of the attribute: guide, crowd-semantic-segmentation; colours of the default palette.
    expect(attribute(adjusted.html, "initial-value")).toMatchObject({
      src: expect.stringMatching(/^https:.*\.png$/) as string,
      labelMappings: { disc: { color: "#2ca02c" }, bar: { color: "#1f77b4" } },
    });
    const verified = await begin.verify(labels).preview({ by: "service" });
    expect(verified.html).toContain("<crowd-image-classifier");
    expect(attribute(verified.html, "overlay")).toMatchObject({
      semanticSegmentation: { labels: ["disc", "bar"], labelMappings: { disc: { color: "#2ca02c" } } },
    });
    expect(attribute(verified.html, "categories")).toEqual(["correct", "incorrect"]);
  });

  it("writes a page of its own to a file, and tells which pictures are missing", async () => {
    const folder = await mkdtemp(path.join(tmpdir(), "preview-"));
    try {
      const file = path.join(folder, "page.html");
      const page = await ready()
        .instructions({
          ...sceneInstructions,
          legend: true,
          examples: [{ image: "s3://shapes/examples/none.jpg", caption: "A <good> mask" }],
        })
        .preview({ file });
      expect(await readFile(file, "utf8")).toBe(page.html);
      expect(page.errors).toEqual([expect.stringMatching(/none\.jpg/)]);
      expect(page.html).toContain("A &lt;good&gt; mask");
      expect(page.html).toContain("data:image/jpeg;base64,");
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
