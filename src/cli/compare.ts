import type { MaskPredictor } from "../evaluation/sample.js";
import { compare } from "../inference/compare.js";
import type { LocalPredictor } from "../inference/local-predictor.js";
import type { ComparisonReport } from "../inference/comparison-report.js";
import { defineClasses } from "../mask/classes.js";
import { numberOf } from "./arguments.js";
import { classNames } from "./class-names.js";
import type { Command, CommandIo, GivenArguments } from "./command.js";
import { findImages } from "./find-images.js";
import { modelOptions, modelOptionsHelp, openModel } from "./open-model.js";
import { wrong } from "./usage-error.js";

const help = `Usage: sagemaker-semseg compare <first> <second> <image>... [options]

Predicts images with two models and says where the masks differ. <first> and <second> are an ONNX file, a model.tar.gz, an
s3:// address of one, or endpoint:NAME for an endpoint in your account (with --classes). <image> is a JPEG or PNG file, or
a folder of them.

Options:
  --least S        share of pixels that must agree, e.g. 0.99; below it the exit code is 3
  --report F       page with the worst images, an HTML file
${modelOptionsHelp}
  --json           the numbers as JSON
  --help           this text

Exit codes: 0 compared, 1 failed, 2 wrong command line, 3 less agreement than --least.
`;

const endpointPrefix = "endpoint:";

/** `sagemaker-semseg compare`. */
export const command: Command = {
  help,
  options: { ...modelOptions, least: { type: "string" }, report: { type: "string" }, json: { type: "boolean" } },
  async run(given, io) {
    const [first, second, ...words] = given.words;
    if (first === undefined || second === undefined) {
      throw wrong("models", undefined, "Which two? Name models or endpoints, then images.");
    }
    const least = numberOf(given, "least", { least: 0, most: 1, whole: false });
    const images = await findImages(words);
    await using stack = new PredictorStack();
    const one = await stack.open(first, given, io);
    const other = await stack.open(second, given, io);
    const report = await compare(one, other, images, { names: [first, second], progress: true, signal: io.signal });
    const path = given.text("report");
    if (path !== undefined) await report.writeHtml(path);
    io.print(given.has("json") ? `${JSON.stringify(report, undefined, 2)}\n` : textOf(report));
    return least !== undefined && report.pixelAgreement < least ? 3 : 0;
  },
};

/** Predictors that are let go of on the way out. */
class PredictorStack implements AsyncDisposable {
  readonly #open: LocalPredictor<string>[] = [];

  async open(source: string, given: GivenArguments, io: CommandIo): Promise<MaskPredictor<string>> {
    if (source.startsWith(endpointPrefix)) return endpointPredictor(source, given);
    // Both are read by one table: that of the first, where the user gives none.
    const predictor = await openModel(source, given, io, this.#open[0]?.classes.names);
    this.#open.push(predictor);
    return predictor;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const predictor of this.#open) await predictor[Symbol.asyncDispose]();
  }
}

async function endpointPredictor(source: string, given: GivenArguments): Promise<MaskPredictor<string>> {
  const names = await classNames(given);
  if (names === undefined)
    throw wrong("--classes", undefined, "An endpoint does not tell its classes: --classes is needed");
  const { createSession } = await import("../session.js");
  return createSession().endpoint(source.slice(endpointPrefix.length), defineClasses(names)).predictor();
}

function textOf({
  pixelAgreement,
  meanIoU,
  pixels,
  differingPixels,
  classes,
  perClass,
  images,
  names,
}: ComparisonReport<string>): string {
  const percent = (share: number): string => `${(share * 100).toFixed(3)}%`;
  return [
    `${names[0]} beside ${names[1]}, ${images.length} ${images.length === 1 ? "image" : "images"}`,
    `pixel agreement  ${percent(pixelAgreement)} (${differingPixels.toLocaleString("en-US")} of ${pixels.toLocaleString("en-US")} pixels differ)`,
    `mean IoU         ${meanIoU.toFixed(4)}`,
    ...classes.names.flatMap((name) => {
      const { iou } = perClass[name]!;
      return iou === undefined ? [] : [`  ${iou.toFixed(4)}  ${name}`];
    }),
    "worst images",
    ...images.slice(0, 5).map((image) => `  ${percent(image.pixelAgreement)}  ${image.name}`),
    "",
  ].join("\n");
}
