import { JSONParser } from "@streamparser/json";
import type { ObjectStore } from "../core/object-store.js";
import { importError, type Place } from "./import-error.js";

/** One item of a list in a JSON document. */
export interface JsonItem {
  /** Member of the document that holds the list; `undefined` when the document is the list. */
  readonly list: string | undefined;
  readonly value: unknown;
  /** File and path, e.g. `$.annotations[3]`. */
  readonly place: Place;
}

/** Largest item in bytes: what has to be in memory at once. */
const largestItem = 64 * 1024 ** 2;

/** Deepest nesting; exports have less than ten levels. */
const deepest = 100;

/**
 * Reads items of lists in a JSON document as the document arrives: one item is in memory at a time.
 *
 * @param lists - Members of the document whose items are wanted, e.g. `images`; `undefined` when the document is a list.
 * @throws `import.file` with the byte, for what is no JSON, cut short, nested too deeply, or an item above 64 MB.
 */
export async function* readJsonItems(
  store: ObjectStore,
  file: string,
  lists: readonly string[] | undefined,
  signal: AbortSignal | undefined,
): AsyncGenerator<JsonItem, void, void> {
  const paths = lists === undefined ? ["$.*"] : lists.map((list) => `$.${list}.*`);
  const parser = new JSONParser({ paths, keepStack: false });
  let found: JsonItem[] = [];
  let read = 0;
  let sinceItem = 0;
  let depth = 0;
  let token = 0;
  parser.onValue = ({ value, key, stack }) => {
    sinceItem = 0;
    const list = stack[1]?.key;
    const name = lists === undefined || list === undefined ? undefined : String(list);
    const step = typeof key === "number" ? `[${key}]` : `.${key}`;
    found.push({ list: name, value, place: { file, path: `$${name === undefined ? "" : `.${name}`}${step}` } });
  };
  parser.onToken = ({ value, offset }) => {
    token = offset;
    if (value === "{" || value === "[") depth++;
    else if (value === "}" || value === "]") depth--;
    if (depth > deepest) throw importError({ file }, "the document is nested too deeply", `at most ${deepest} levels`);
  };
  const parse = (at: () => number, work: () => void): void => {
    try {
      work();
    } catch (error) {
      throw jsonError(file, error, at());
    }
  };
  for await (const chunk of store.stream(file, signal === undefined ? {} : { signal })) {
    signal?.throwIfAborted();
    if (parser.isEnded && isBlank(chunk)) continue;
    sinceItem += chunk.length;
    parse(
      () => token,
      () => parser.write(chunk),
    );
    read += chunk.length;
    yield* found;
    found = [];
    if (sinceItem > largestItem)
      throw importError({ file, offset: read }, "one part is too large", `items of at most ${largestItem} bytes`);
  }
  if (read === 0) throw importError({ file, offset: 0 }, "the file is empty", "JSON as the tool exports it");
  parse(
    () => read,
    () => {
      if (!parser.isEnded) parser.end();
    },
  );
  yield* found;
}

function isBlank(chunk: Uint8Array): boolean {
  return chunk.every((byte) => byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09);
}

function jsonError(file: string, error: unknown, at: number): unknown {
  if (error instanceof Error && error.name === "SegmentationError") return error;
  const message = error instanceof Error ? error.message : String(error);
  const position = /position "?(\d+)/.exec(message)?.[1];
  const offset = position === undefined ? at : Number(position);
  return importError(
    { file, offset },
    `this is no whole JSON document (${message})`,
    "JSON as the tool exports it",
    error,
  );
}
