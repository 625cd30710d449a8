#!/usr/bin/env node
import manifest from "../package.json" with { type: "json" };
import { readArguments } from "./cli/arguments.js";
import type { Command, CommandIo } from "./cli/command.js";
import { UsageError, wrong } from "./cli/usage-error.js";
import { closestName } from "./core/closest-name.js";

const usage = `Usage: sagemaker-semseg <command> [options]

Commands:
  inspect    say what is in a trained model (model.tar.gz) and whether it is whole
  convert    make an ONNX file of a trained model
  run        predict masks of images with a model, on this machine
  compare    predict images with two models or endpoints and say where they differ
  local      start the embedded backend: S3, SageMaker and the rest on 127.0.0.1

"sagemaker-semseg <command> --help" explains one of them (sagemaker-semseg local [options], for example).

Options:
  --help       this text
  --version    version of the package

Exit codes: 0 done, 1 failed, 2 wrong command line, 3 the result is below what was asked for.
`;

/** Each command is loaded when it is called: --help need not wait for any. */
const commands: Readonly<Record<string, () => Promise<{ readonly command: Command }>>> = {
  inspect: () => import("./cli/inspect.js"),
  convert: () => import("./cli/convert.js"),
  run: () => import("./cli/run.js"),
  compare: () => import("./cli/compare.js"),
  local: () => import("./cli/local.js"),
};

/** Text to print when something is wrong with the command line; narrower once the command is known. */
let help = usage;

async function main(argv: readonly string[], io: CommandIo): Promise<number> {
  const [name, ...rest] = argv;
  if (name === undefined || name.startsWith("-")) return general(argv, io);
  const load = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (load === undefined) {
    const known = Object.keys(commands);
    const meant = closestName(name, known);
    const hint = meant === undefined ? `There are ${known.join(", ")}.` : `Did you mean ${meant}?`;
    throw wrong("command", undefined, `There is no command ${JSON.stringify(name)}. ${hint}`);
  }
  const { command } = await load();
  help = command.help;
  const given = readArguments(rest, command.options);
  if (given.has("help")) {
    io.print(command.help);
    return 0;
  }
  return command.run(given, io);
}

function general(argv: readonly string[], io: CommandIo): number {
  const given = readArguments(argv, { version: { type: "boolean" } });
  if (given.has("help")) io.print(usage);
  else if (given.has("version")) io.print(`${manifest.version}\n`);
  else throw wrong("command", undefined, `Which command? There are ${Object.keys(commands).join(", ")}.`);
  return 0;
}

/** Aborted by the first signal that asks for an end. A second one ends at once. */
function stopSignal(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => {
      if (controller.signal.aborted) process.exit(1);
      controller.abort(new Error(`stopped by ${signal}`));
    });
  }
  return controller.signal;
}

async function run(argv: readonly string[]): Promise<number> {
  const io: CommandIo = {
    print: (text) => process.stdout.write(text),
    note: (text) => process.stderr.write(text),
    signal: stopSignal(),
  };
  try {
    return await main(argv, io);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    process.stderr.write(`sagemaker-semseg: ${message}\n`);
    if (!(error instanceof UsageError)) return 1;
    const [line] = help.split("\n", 1);
    process.stderr.write(`\n${line}\n--help explains the options.\n`);
    return 2;
  }
}

// A reader that went away (`| head -1`) is no reason to stop serving.
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => undefined);
void run(process.argv.slice(2)).then((code) => (process.exitCode = code));
