import { inspectArtifact } from "../artifact/inspect-artifact.js";
import type { Command } from "./command.js";
import { storeFor } from "./object-store.js";
import { oneSource } from "./one-source.js";

const help = `Usage: sagemaker-semseg inspect <model> [options]

Says what is in a trained model of the algorithm: files, settings, which network it is, every array with its shape and
statistics, and what is wrong with it. <model> is a model.tar.gz, a weights file out of it, or an s3:// address.

Options:
  --weights W      best (default), last, or the name of a file in the archive
  --arrays         the table of arrays as well
  --json           everything as JSON
  --help           this text

Exit codes: 0 the model is whole, 1 it is not or cannot be read, 2 wrong command line.
`;

/** `sagemaker-semseg inspect`. */
export const command: Command = {
  help,
  options: { weights: { type: "string" }, arrays: { type: "boolean" }, json: { type: "boolean" } },
  async run(given, { print, signal }) {
    const source = oneSource(given);
    const weights = given.text("weights");
    const report = await inspectArtifact(source, {
      ...(await storeFor(source)),
      ...(weights === undefined ? {} : { weights }),
      signal,
      progress: true,
    });
    print(
      given.has("json") ? `${JSON.stringify(report, undefined, 2)}\n` : report.toText({ arrays: given.has("arrays") }),
    );
    return report.sound ? 0 : 1;
  },
};
