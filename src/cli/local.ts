import { resolve } from "node:path";
import { SegmentationError } from "../core/errors.js";
import { isRegionName } from "../facts/region-name.js";
import { numberOf } from "./arguments.js";
import type { Command } from "./command.js";
import { wrong } from "./usage-error.js";

const help = `Usage: sagemaker-semseg local [options]

Starts the embedded backend: S3, SageMaker, SageMaker Runtime, CloudWatch and CloudWatch Logs on 127.0.0.1, for this
package and for every other AWS client. It stops with Ctrl+C and goes on from its directory at the next start.

Options:
  --port N         port; 0 takes a free one (default 4580)
  --directory D    where objects and jobs are kept (default .sagemaker-local)
  --region R       region it answers for (default us-east-1)
  --seed N         same seed, same labels, models and answers (default 0)
  --speed N        divides simulated waiting times, e.g. 10 (default 1)
  --help           this text
`;

/** `sagemaker-semseg local`. */
export const command: Command = {
  help,
  options: {
    port: { type: "string", default: "4580" },
    directory: { type: "string", default: ".sagemaker-local" },
    region: { type: "string", default: "us-east-1" },
    seed: { type: "string", default: "0" },
    speed: { type: "string", default: "1" },
  },
  async run(given, { print, signal }) {
    if (given.words[0] !== undefined) {
      throw wrong("command", given.words[0], "nothing behind the command but options");
    }
    const region = given.text("region") ?? "";
    const directory = given.text("directory") ?? "";
    if (!isRegionName(region)) throw wrong("--region", region, "a region like us-east-1");
    if (directory === "") throw wrong("--directory", directory, "a directory");
    const settings = {
      port: numberOf(given, "port", { least: 0, most: 65_535, whole: true }) ?? 0,
      directory: resolve(directory),
      region,
      seed: numberOf(given, "seed", { least: 0, most: Number.MAX_SAFE_INTEGER, whole: true }) ?? 0,
      speed: numberOf(given, "speed", { least: 0.001, most: 1_000_000, whole: false }) ?? 1,
    };
    const { startLocal } = await import("../local/backend.js");
    const local = await startLocal(settings).catch((error: unknown) => {
      throw withHint(error, settings.port);
    });
    print(greeting(local.url, local.region, local.directory));
    if (!signal.aborted) await new Promise((done) => signal.addEventListener("abort", done, { once: true }));
    await local.close();
    return 0;
  },
};

/** A port that is taken is mostly a backend that was forgotten. */
function withHint(error: unknown, port: number): unknown {
  if (!SegmentationError.is(error, "local.start") || error.details.what !== `port ${port}`) return error;
  const hint = `${error.message} Take another one with --port, e.g. --port 0 for any that is free.`;
  return new SegmentationError("local.start", hint, error.details, { cause: error });
}

/** Lines for the shell. The keys are no secrets: the backend takes any pair, but clients refuse to go without. */
function greeting(url: string, region: string, directory: string): string {
  const settings = [
    ["AWS_ENDPOINT_URL", url],
    ["AWS_ACCESS_KEY_ID", "local"],
    ["AWS_SECRET_ACCESS_KEY", "local"],
    ["AWS_REGION", region],
    ["AWS_DEFAULT_REGION", region],
  ] as const;
  return [
    `Embedded backend at ${url}, data in ${directory}`,
    "",
    // A profile, a token or an address of one service in the environment would win over these.
    "For other clients (sh, bash, zsh):",
    "  unset AWS_PROFILE AWS_SESSION_TOKEN",
    ...settings.map(([name, value]) => `  export ${name}=${value}`),
    "PowerShell:",
    "  Remove-Item Env:AWS_PROFILE, Env:AWS_SESSION_TOKEN -ErrorAction Ignore",
    ...settings.map(([name, value]) => `  $env:${name} = "${value}"`),
    "",
    "Ctrl+C stops it.",
    "",
  ].join("\n");
}
