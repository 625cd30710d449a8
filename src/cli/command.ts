import type { parseArgs } from "node:util";

/** The options of a command, as `parseArgs` takes them. */
export type OptionTable = NonNullable<NonNullable<Parameters<typeof parseArgs>[0]>["options"]>;

/** What the user typed behind the name of a command. */
export interface GivenArguments {
  /** What is no option, in order. */
  readonly words: readonly string[];
  /** The text of an option, or its default; `undefined` when it has neither. */
  text(name: string): string | undefined;
  /** Whether a switch was given. */
  has(name: string): boolean;
}

/** Where a command writes and when it should end. */
export interface CommandIo {
  /** Writes results, to standard output. */
  readonly print: (text: string) => void;
  /** Writes words about the work, to standard error. */
  readonly note: (text: string) => void;
  /** Aborted when the user asks for an end (Ctrl+C). */
  readonly signal: AbortSignal;
}

/** What a command leaves the shell with: 0 done, 1 failed, 2 wrong command line, 3 the result is below what was asked for. */
export type ExitCode = 0 | 1 | 2 | 3;

/** One command of the tool; its file is loaded when it is called. */
export interface Command {
  /** The text of `--help`. */
  readonly help: string;
  readonly options: OptionTable;
  run(given: GivenArguments, io: CommandIo): Promise<ExitCode>;
}
