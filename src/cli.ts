#!/usr/bin/env node
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import manifest from "../package.json" with { type: "json" };
import { SegmentationError } from "./core/errors.js";
import { isRegionName } from "./facts/region-name.js";

const usage = `Usage: sagemaker-semseg local [options]

Starts the embedded backend: S3, SageMaker, SageMaker Runtime, CloudWatch and CloudWatch Logs on 127.0.0.1, for this
package and for every other AWS client. It stops with Ctrl+C and goes on from its directory at the next start.

Options:
  --port N         port; 0 takes a free one (default 4580)
  --directory D    where objects and jobs are kept (default .sagemaker-local)
  --region R       region it answers for (default us-east-1)
  --seed N         same seed, same labels, models and answers (default 0)
  --speed N        divides simulated waiting times, e.g. 10 (default 1)
  --help           this text
  --version        version of the package
`;

/** A wrong command line: told with the usage, exit code 2. */
class UsageError extends SegmentationError<"input.invalid"> {}

interface LocalCommand {
  readonly port: number;
  readonly directory: string;
  readonly region: string;
  readonly seed: number;
  readonly speed: number;
}

/** Reads the command line: a text to print, or what to start. */
function readCommand(argv: readonly string[]): string | LocalCommand {
  const { values, positionals } = parse(argv);
  if (values.help === true) return usage;
  if (values.version === true) return `${manifest.version}\n`;
  const [command, ...more] = positionals;
  if (command === undefined) throw wrong("command", undefined, "Which command? There is one: local.");
  if (command !== "local") throw wrong("command", command, "the command local");
  if (more[0] !== undefined) throw wrong("command", more[0], "nothing behind the command but options");
  if (!isRegionName(values.region)) throw wrong("--region", values.region, "a region like us-east-1");
  if (values.directory === "") throw wrong("--directory", values.directory, "a directory");
  return {
    port: readNumber("--port", values.port, 0, 65_535, true),
    directory: resolve(values.directory),
    region: values.region,
    seed: readNumber("--seed", values.seed, 0, Number.MAX_SAFE_INTEGER, true),
    speed: readNumber("--speed", values.speed, 0.001, 1_000_000, false),
  };
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        port: { type: "string", default: "4580" },
        directory: { type: "string", default: ".sagemaker-local" },
        region: { type: "string", default: "us-east-1" },
        seed: { type: "string", default: "0" },
        speed: { type: "string", default: "1" },
        help: { type: "boolean", short: "h" },
        version: { type: "boolean" },
      },
    });
  } catch (error) {
    throw wrong("options", undefined, error instanceof Error ? error.message : "known options");
  }
}

function readNumber(parameter: string, text: string, least: number, most: number, whole: boolean): number {
  const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : NaN;
  if (value >= least && value <= most && (!whole || Number.isSafeInteger(value))) return value;
  throw wrong(parameter, text, `a ${whole ? "whole " : ""}number from ${least} to ${most}`);
}

function wrong(parameter: string, value: string | undefined, expected: string): UsageError {
  const message = value === undefined ? expected : `${parameter}: ${expected} is needed, not ${JSON.stringify(value)}`;
  return new UsageError("input.invalid", message, { parameter, value, expected });
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

/** Resolves with the first signal that asks for an end. A second one ends at once. */
function stopSignal(): Promise<void> {
  return new Promise((done) => {
    let asked = false;
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
      process.on(signal, () => {
        if (asked) process.exit(1);
        asked = true;
        done();
      });
    }
  });
}

async function run(argv: readonly string[]): Promise<number> {
  try {
    const command = readCommand(argv);
    if (typeof command === "string") {
      process.stdout.write(command);
      return 0;
    }
    const stopped = stopSignal();
    const { startLocal } = await import("./local/backend.js"); // --help need not wait for it
    const local = await startLocal(command);
    process.stdout.write(greeting(local.url, local.region, local.directory));
    await stopped;
    await local.close();
    return 0;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    process.stderr.write(`sagemaker-semseg: ${message}\n`);
    if (!(error instanceof UsageError)) return 1;
    process.stderr.write(`\n${usage}`);
    return 2;
  }
}

// A reader that went away (`| head -1`) is no reason to stop serving.
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => undefined);
void run(process.argv.slice(2)).then((code) => (process.exitCode = code));
