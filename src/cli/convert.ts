import { existsSync } from "node:fs";
import { basename, resolve } from "node:path";
import { SegmentationError } from "../core/errors.js";
import { convertToOnnx } from "../onnx/convert.js";
import type { ConvertOptions } from "../onnx/convert.js";
import { choiceOf, listOf } from "./arguments.js";
import { classesHelp, classNames } from "./class-names.js";
import type { Command, GivenArguments } from "./command.js";
import { storeFor } from "./object-store.js";
import { oneSource } from "./one-source.js";
import { readBins } from "./open-model.js";
import { wrong } from "./usage-error.js";

const help = `Usage: sagemaker-semseg convert <model> [options]

Makes an ONNX file of a trained model of the algorithm, for images of any size. <model> is a model.tar.gz, a weights file
out of it, or an s3:// address.

Options:
  --output F       where the file goes (default: the model's name with .onnx, in this folder)
  --force          write over a file that is there
${classesHelp}
  --outputs O      mask (default), probabilities, logits, or several with commas
  --precision P    float32 (default) or float16: how the weights are stored
  --bins B         of a PSP model: 1,2,3,6 (default) or 1,2,3,4 (trained before about March 2020)
  --weights W      best (default), last, or the name of a file in the archive
  --json           what was written as JSON
  --help           this text

Exit codes: 0 written, 1 failed, 2 wrong command line.
`;

/** `sagemaker-semseg convert`. */
export const command: Command = {
  help,
  options: {
    output: { type: "string" },
    force: { type: "boolean" },
    classes: { type: "string" },
    outputs: { type: "string" },
    precision: { type: "string" },
    bins: { type: "string" },
    weights: { type: "string" },
    json: { type: "boolean" },
  },
  async run(given, { print, note, signal }) {
    const source = oneSource(given);
    const path = resolve(given.text("output") ?? `${basename(source).replace(/(\.tar\.gz|\.tgz|\.params)$/, "")}.onnx`);
    const options = await convertOptions(given);
    if (existsSync(path) && !given.has("force")) {
      throw new SegmentationError("input.invalid", `${path} is there already. --force writes over it.`, {
        parameter: "--output",
        value: path,
        expected: "a file that is not there, or --force",
      });
    }
    const store = await storeFor(source);
    const model = await convertToOnnx(source, { ...options, ...store, signal, progress: true });
    for (const line of model.notes) note(`${line}\n`);
    await model.write(path, { signal, progress: true });
    const { byteLength, metadata, notes } = model;
    print(
      given.has("json")
        ? `${JSON.stringify({ path, bytes: byteLength, metadata, notes }, undefined, 2)}\n`
        : `${path}: ${metadata["algorithm"]} on ${metadata["backbone"]}, ${metadata["num_classes"]} classes, ${byteLength.toLocaleString("en-US")} bytes\n`,
    );
    return 0;
  },
};

async function convertOptions(given: GivenArguments): Promise<ConvertOptions> {
  const classes = await classNames(given);
  const bins = readBins(given);
  const precision = choiceOf(given, "precision", ["float32", "float16"]);
  const weights = given.text("weights");
  const outputs = listOf(given, "outputs")?.map((output) => {
    if (output === "mask" || output === "probabilities" || output === "logits") return output;
    throw wrong("--outputs", output, "mask, probabilities or logits");
  });
  return {
    ...(classes === undefined ? {} : { classes }),
    ...(bins === undefined ? {} : { bins }),
    ...(precision === undefined ? {} : { precision }),
    ...(weights === undefined ? {} : { weights }),
    ...(outputs === undefined ? {} : { outputs }),
  };
}
