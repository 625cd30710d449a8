import { parseArgs } from "node:util";
import { closestName } from "../core/closest-name.js";
import type { GivenArguments, OptionTable } from "./command.js";
import { UsageError, wrong } from "./usage-error.js";

/** Reads what stands behind the name of a command. Throws a `UsageError` that names the option most likely meant. */
export function readArguments(argv: readonly string[], options: OptionTable): GivenArguments {
  const { values, positionals } = parse(argv, { ...options, help: { type: "boolean", short: "h" } });
  return {
    words: positionals,
    text: (name) => {
      const value = values[name];
      return typeof value === "string" ? value : undefined;
    },
    has: (name) => values[name] === true,
  };
}

function parse(argv: readonly string[], options: OptionTable) {
  checkNames(argv, options);
  try {
    return parseArgs({ args: [...argv], allowPositionals: true, options });
  } catch (error) {
    throw wrong("options", undefined, error instanceof Error ? error.message : "known options");
  }
}

function checkNames(argv: readonly string[], options: OptionTable): void {
  const { tokens } = parseArgs({ args: [...argv], allowPositionals: true, options, strict: false, tokens: true });
  for (const token of tokens) {
    if (token.kind !== "option" || Object.hasOwn(options, token.name)) continue;
    const meant = closestName(token.name, Object.keys(options));
    const hint = meant === undefined ? "--help lists the options" : `did you mean --${meant}?`;
    throw new UsageError("input.invalid", `There is no option ${token.rawName}: ${hint}`, {
      parameter: token.rawName,
      expected: meant === undefined ? "a known option" : `--${meant}`,
    });
  }
}

/** A number that an option has, within its range. */
export function numberOf(
  given: GivenArguments,
  name: string,
  { least, most, whole }: { readonly least: number; readonly most: number; readonly whole: boolean },
): number | undefined {
  const text = given.text(name);
  if (text === undefined) return undefined;
  const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : NaN;
  if (value >= least && value <= most && (!whole || Number.isSafeInteger(value))) return value;
  throw wrong(`--${name}`, text, `a ${whole ? "whole " : ""}number from ${least} to ${most}`);
}

/** One of the words that an option may be. */
export function choiceOf<const Choice extends string>(
  given: GivenArguments,
  name: string,
  choices: readonly Choice[],
): Choice | undefined {
  const text = given.text(name);
  const found = choices.find((choice) => choice === text);
  if (text === undefined || found !== undefined) return found;
  throw wrong(`--${name}`, text, choices.join(" or "));
}

/** The parts of an option that is a list with commas. */
export function listOf(given: GivenArguments, name: string): readonly string[] | undefined {
  return given
    .text(name)
    ?.split(",")
    .map((part) => part.trim());
}
