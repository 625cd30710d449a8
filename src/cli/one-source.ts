import type { GivenArguments } from "./command.js";
import { wrong } from "./usage-error.js";

/** The one model that a command is about. */
export function oneSource({ words }: GivenArguments): string {
  const [source, more] = words;
  if (source === undefined) throw wrong("model", undefined, "Which model? Name a file or an s3:// address.");
  if (more !== undefined) throw wrong("model", more, "nothing behind the model but options");
  return source;
}
