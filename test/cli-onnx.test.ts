import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { encodePng } from "../src/codec/png/encode.js";
import { decodeMask } from "../src/mask/decode-mask.js";
import { artifactBytes } from "./support/params-bytes.js";
import { netParams } from "./support/thin-nets.js";
import { brightnessModel } from "./support/tiny-onnx.js";

const root = join(import.meta.dirname, "..");
const cli = join(root, "src", "cli.ts");
const tsx = join(root, "node_modules", "tsx", "dist", "loader.mjs");

/** A red, a green and a blue pixel: classes 0, 1 and 2 of the model of known answers. */
const png = encodePng({ width: 3, height: 1, colorType: "rgb", samples: Uint8Array.of(9, 1, 2, 1, 9, 2, 1, 2, 9) });

let folder: string;

/** Runs the tool in the test's folder. */
async function run(...argv: string[]): Promise<{ code: number | null; out: string; err: string }> {
  const loader = process.platform === "win32" ? new URL(`file:///${tsx}`).href : tsx;
  const child = spawn(process.execPath, ["--import", loader, cli, ...argv], { cwd: folder });
  let [out, err] = ["", ""];
  child.stdout.on("data", (part: Buffer) => (out += part.toString()));
  child.stderr.on("data", (part: Buffer) => (err += part.toString()));
  const [code] = (await once(child, "close")) as [number | null];
  return { code, out, err };
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "semseg-cli-"));
  const params = netParams({ algorithm: "fcn", depth: 50, classes: 3, aux: true, divisor: 32 }, 1);
  await writeFile(join(folder, "model.tar.gz"), artifactBytes({ "model_best.params": params, "model_algo-1": params }));
  await writeFile(join(folder, "cut.tar.gz"), artifactBytes({ "model_best.params": params.subarray(0, 9000) }));
  await writeFile(
    join(folder, "bright.onnx"),
    brightnessModel({ metadata: { num_classes: "3", classes: '["r","g","b"]' } }),
  );
  await mkdir(join(folder, "images"));
  await writeFile(join(folder, "images", "one.png"), png);
  await writeFile(join(folder, "images", "two.png"), png);
  await writeFile(join(folder, "images", "notes.txt"), "no picture");
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe("sagemaker-semseg inspect", () => {
  it("says what is in a model, as text and as JSON", async () => {
    const [text, json] = await Promise.all([run("inspect", "model.tar.gz"), run("inspect", "model.tar.gz", "--json")]);
    expect([text.code, json.code]).toEqual([0, 0]);
    expect(text.out).toContain("fcn");
    expect(text.out).toContain("The model is whole.");
    expect(JSON.parse(json.out)).toMatchObject({ variant: { algorithm: "fcn", classes: 3 }, sound: true });
  });

  it("leaves with 1 when the model is damaged or not there, with 2 when the command line is wrong", async () => {
    const runs = await Promise.all([run("inspect", "cut.tar.gz"), run("inspect", "none"), run("inspect")]);
    expect(runs.map(({ code }) => code)).toEqual([1, 1, 2]);
    expect(runs[0].err).toMatch(/model_best\.params/);
    for (const { err } of runs) expect(err).not.toMatch(/^\s+at /m);
  });
});

describe("sagemaker-semseg convert", () => {
  it("writes an ONNX file once", async () => {
    const first = await run("convert", "model.tar.gz", "--classes", "a,b,c", "--output", "out/net.onnx", "--json");
    expect(first.code).toBe(0);
    const { path, bytes, metadata } = JSON.parse(first.out) as { path: string; bytes: number; metadata: object };
    expect(metadata).toMatchObject({ algorithm: "fcn", classes: '["a","b","c"]' });
    expect((await readFile(path)).length).toBe(bytes);
    const again = await run("convert", "model.tar.gz", "--output", "out/net.onnx");
    expect(again.code).toBe(1);
    expect(again.err).toContain("--force");
    expect(await readdir(join(folder, "out"))).toEqual(["net.onnx"]);
  });
});

describe("sagemaker-semseg run", () => {
  it("predicts the images of a folder", async () => {
    const { code, out, err } = await run("run", "bright.onnx", "images", "--output", "masks", "--runtime", "web");
    expect([code, err]).toEqual([0, expect.stringContaining("2/2 images")]);
    expect(out.match(/r 33\.3%, g 33\.3%, b 33\.3%/g)).toHaveLength(2);
    expect((await readdir(join(folder, "masks"))).sort()).toEqual(["one.png", "two.png"]);
    expect([...decodeMask(await readFile(join(folder, "masks", "one.png"))).data]).toEqual([0, 1, 2]);
  });

  it("runs an artifact as it is and says so as JSON", async () => {
    const { code, out } = await run(
      "run",
      "model.tar.gz",
      "images/one.png",
      "--output",
      "m",
      "--runtime",
      "web",
      "--json",
    );
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      runtime: "web",
      metadata: { algorithm: "fcn" },
      images: [{ image: "images/one.png", width: 3, height: 1, shares: { "class-0": expect.any(Number) as number } }],
    });
  });

  it("refuses wrong command lines with what was meant", async () => {
    const runs = await Promise.all([
      run("run", "bright.onnx", "images", "--ouput", "masks"),
      run("run", "bright.onnx", "images"),
      run("run", "bright.onnx", "--output", "masks"),
      run("run", "bright.onnx", "images", "images/one.png", "--output", "masks"),
      run("run", "bright.onnx", "images", "--output", "images"),
      run("rnu"),
    ]);
    expect(runs.map(({ code }) => code)).toEqual([2, 2, 2, 2, 2, 2]);
    expect(runs[0].err).toContain("did you mean --output?");
    expect(runs[5].err).toContain("Did you mean run?");
    for (const { out } of runs) expect(out).toBe("");
  });
});

describe("sagemaker-semseg compare", () => {
  it("compares two models and leaves with 3 below --least", async () => {
    const same = await run(
      "compare",
      "bright.onnx",
      "bright.onnx",
      "images",
      "--least",
      "1",
      "--report",
      "r/page.html",
    );
    expect([same.code, same.err]).toEqual([0, expect.not.stringMatching(/^\s+at /m)]);
    expect(same.out).toContain("100.000%");
    expect(await readFile(join(folder, "r", "page.html"), "utf8")).toContain("pixel agreement");
    const other = await run("compare", "bright.onnx", "model.tar.gz", "images", "--least", "0.99", "--json");
    expect(other.code).toBe(3);
    expect(JSON.parse(other.out)).toMatchObject({ names: ["bright.onnx", "model.tar.gz"], pixels: 6 });
  });
});

describe("sagemaker-semseg local", () => {
  it("says what to do about a port in use, and leaves no folder behind", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const { code, err } = await run("local", "--port", String(port), "--directory", "deep/backend");
    server.close();
    expect(code).toBe(1);
    expect(err).toContain(`Port ${port} of 127.0.0.1 is in use`);
    expect(err).toContain("--port 0");
    expect(await readdir(folder)).not.toContain("deep");
  });
});

it.each(["inspect", "convert", "run", "compare", "local"])(
  "sagemaker-semseg %s --help explains it",
  async (command) => {
    const { code, out } = await run(command, "--help");
    expect(code).toBe(0);
    expect(out).toContain(`Usage: sagemaker-semseg ${command}`);
  },
);
