import { readFile } from "node:fs/promises";
import type { GivenArguments } from "./command.js";
import { wrong } from "./usage-error.js";

/** Text of `--help` on {@link classNames}. */
export const classesHelp = `  --classes C      names of the classes, with commas between them, or a JSON file with a list of names`;

/** The names of `--classes`, in the order of their indices; `undefined` without the option. */
export async function classNames(given: GivenArguments): Promise<readonly string[] | undefined> {
  const text = given.text("classes");
  if (text === undefined) return undefined;
  const names: unknown = text.endsWith(".json")
    ? parse(text, await readFile(text, "utf8"))
    : text.split(",").map((name) => name.trim());
  if (Array.isArray(names) && names.every((name): name is string => typeof name === "string" && name !== "")) {
    return names;
  }
  throw wrong("--classes", text, "a list of names");
}

function parse(path: string, json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    throw wrong("--classes", path, "a file with a JSON list of names");
  }
}
