import { mkdir, writeFile } from "node:fs/promises";
import { basename, extname, join, resolve } from "node:path";
import { progressReporter } from "../core/progress.js";
import type { Mask } from "../mask/mask.js";
import { choiceOf } from "./arguments.js";
import type { Command } from "./command.js";
import { findImages } from "./find-images.js";
import type { ImageFile } from "./find-images.js";
import { modelOptions, modelOptionsHelp, openModel } from "./open-model.js";
import { wrong } from "./usage-error.js";

const help = `Usage: sagemaker-semseg run <model> <image>... --output <folder> [options]

Predicts the masks of images on this machine. <model> is an ONNX file, a model.tar.gz or an s3:// address of one; <image>
is a JPEG or PNG file, or a folder of them. Needs onnxruntime-node or onnxruntime-web.

Options:
  --output D       folder for the masks, PNG files named like the images
  --kind K         gray (default: the values are class indices) or palette (with colours to look at)
${modelOptionsHelp}
  --json           one JSON document on what was found
  --help           this text

Exit codes: 0 all predicted, 1 failed, 2 wrong command line.
`;

/** `sagemaker-semseg run`. */
export const command: Command = {
  help,
  options: { ...modelOptions, output: { type: "string" }, kind: { type: "string" }, json: { type: "boolean" } },
  async run(given, io) {
    const [model, ...words] = given.words;
    if (model === undefined) throw wrong("model", undefined, "Which model? Name an ONNX file or a model.tar.gz.");
    const output = given.text("output");
    if (output === undefined) throw wrong("--output", undefined, "Where should the masks go? --output names a folder.");
    const kind = choiceOf(given, "kind", ["gray", "palette"]) ?? "gray";
    const targets = targetsOf(await findImages(words), resolve(output));
    await using predictor = await openModel(model, given, io);
    await mkdir(resolve(output), { recursive: true });
    const reporter = progressReporter(true, "run", "images");
    const found: object[] = [];
    try {
      for (const { image, path } of targets) {
        io.signal.throwIfAborted();
        const mask = await predictor.mask(await image.image(io.signal), { signal: io.signal });
        await writeFile(path, mask.toPng({ kind }));
        found.push({ image: image.path, mask: path, width: mask.width, height: mask.height, shares: sharesOf(mask) });
        if (!given.has("json")) io.print(`${image.path} -> ${path}  ${mask.width} x ${mask.height}  ${textOf(mask)}\n`);
        reporter.report(found.length, targets.length, image.name);
      }
    } finally {
      reporter.end();
    }
    if (given.has("json")) {
      const { runtime, metadata } = predictor;
      io.print(`${JSON.stringify({ model, runtime, metadata, images: found }, undefined, 2)}\n`);
    }
    return 0;
  },
};

interface Target {
  readonly image: ImageFile;
  readonly path: string;
}

/** Where each mask goes; two images must not write the same file. */
function targetsOf(images: readonly ImageFile[], folder: string): readonly Target[] {
  const taken = new Map<string, string>();
  return images.map((image) => {
    const path = join(folder, `${basename(image.name, extname(image.name))}.png`);
    const other = taken.get(path);
    if (other !== undefined) throw wrong("images", image.path, `a name other than that of ${other}`);
    if (path === resolve(image.path)) throw wrong("--output", folder, `another folder than that of ${image.path}`);
    taken.set(path, image.path);
    return { image, path };
  });
}

function sharesOf(mask: Mask<string>): Readonly<Record<string, number>> {
  const counts = mask.counts();
  const pixels = mask.width * mask.height;
  return Object.fromEntries(mask.classes.names.map((name) => [name, (counts[name] ?? 0) / pixels]));
}

/** The classes that are there, the largest first. */
function textOf(mask: Mask<string>): string {
  return Object.entries(sharesOf(mask))
    .filter(([, share]) => share > 0)
    .sort(([, one], [, other]) => other - one)
    .slice(0, 5)
    .map(([name, share]) => `${name} ${(share * 100).toFixed(1)}%`)
    .join(", ");
}
