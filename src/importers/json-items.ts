import { JSONParser } from "@streamparser/json";
import type { SegmentationError } from "../core/errors.js";
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

/** Most brackets that are open at a time; exports have less than ten. */
const mostOpen = 100_000;

/**
 * Reads items of lists in a JSON document as the document arrives: one item is in memory at a time.
 *
 * @param lists - Members of the document whose items are wanted, e.g. `images`; `undefined` when the document is a list.
 * @throws `import.file` with the byte, for what is no JSON, cut short or nested too deeply, or an item above 64 MB.
 */
export async function* readJsonItems(
  store: ObjectStore,
  file: string,
  lists: readonly string[] | undefined,
  signal: AbortSignal | undefined,
): AsyncGenerator<JsonItem, void, void> {
  const paths = lists === undefined ? ["$.*"] : lists.map((list) => `$.${list}.*`);
  const parser = new JSONParser({ paths, keepStack: false, stringBufferSize: 64 * 1024 });
  let found: JsonItem[] = [];
  let read = 0;
  let sinceItem = 0;
  let open = 0;
  parser.onValue = ({ value, key, stack }) => {
    sinceItem = 0;
    open = 0;
    const list = stack[1]?.key;
    const name = lists === undefined || list === undefined ? undefined : String(list);
    const step = typeof key === "number" ? `[${key}]` : `.${key}`;
    found.push({ list: name, value, place: { file, path: `$${name === undefined ? "" : `.${name}`}${step}` } });
  };
  for await (const chunk of store.stream(file, signal === undefined ? {} : { signal })) {
    signal?.throwIfAborted();
    if (parser.isEnded && isBlank(chunk)) continue;
    open += openBrackets(chunk);
    if (open > mostOpen)
      throw importError({ file, offset: read }, "the document is nested too deeply", `at most ${mostOpen} levels`);
    sinceItem += chunk.length;
    try {
      parser.write(chunk);
    } catch (error) {
      throw jsonError(file, error, positionIn(error) ?? (await findError(store, file, signal)));
    }
    read += chunk.length;
    yield* found;
    found = [];
    if (sinceItem > largestItem)
      throw importError({ file, offset: read }, "one part is too large", `items of at most ${largestItem} bytes`);
  }
  if (read === 0) throw importError({ file, offset: 0 }, "the file is empty", "JSON as the tool exports it");
  try {
    if (!parser.isEnded) parser.end();
  } catch (error) {
    throw jsonError(file, error, read);
  }
  yield* found;
}

/**
 * More opening than closing brackets in some bytes. Those in texts count too, which is why the limit is far from what
 * occurs; asking the parser for each token would make reading half as fast.
 */
function openBrackets(chunk: Uint8Array): number {
  let open = 0;
  for (let at = 0; at < chunk.length; at++) {
    // [ and { differ from ] and } by 2; 0x20 makes them alike.
    const byte = chunk[at]! | 0x20;
    if (byte === 0x7b) open++;
    else if (byte === 0x7d) open--;
  }
  return open;
}

/** Where a document that is no JSON breaks off: reads it again, token by token. */
async function findError(store: ObjectStore, file: string, signal: AbortSignal | undefined): Promise<number> {
  const parser = new JSONParser({ paths: ["$.*.*.*.*"], keepStack: false });
  let token = 0;
  parser.onValue = () => undefined;
  parser.onToken = ({ offset }) => (token = offset);
  try {
    for await (const chunk of store.stream(file, signal === undefined ? {} : { signal })) parser.write(chunk);
  } catch (error) {
    signal?.throwIfAborted();
    return positionIn(error) ?? token;
  }
  return token;
}

function isBlank(chunk: Uint8Array): boolean {
  return chunk.every((byte) => byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09);
}

/** Some of the library's errors say where. */
function positionIn(error: unknown): number | undefined {
  const position = /position "?(\d+)/.exec(error instanceof Error ? error.message : "")?.[1];
  return position === undefined ? undefined : Number(position);
}

function jsonError(file: string, error: unknown, offset: number): SegmentationError<"import.file"> {
  const message = error instanceof Error ? error.message : String(error);
  const what = `this is no whole JSON document (${message})`;
  return importError({ file, offset }, what, "JSON as the tool exports it", error);
}
