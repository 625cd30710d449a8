import type { ObjectStore } from "../core/object-store.js";
import { readWithin } from "../core/read-within.js";
import { importError } from "./import-error.js";

/** Largest JSON file of one image in bytes; LabelMe may put the picture itself into it. */
const largestDocument = 64 * 1024 ** 2;

/**
 * Reads a whole JSON file that tells of one image.
 *
 * @throws `import.file` with the byte, `codec.limit` above 64 MB.
 */
export async function readJsonDocument(
  store: ObjectStore,
  file: string,
  signal: AbortSignal | undefined,
): Promise<unknown> {
  const text = await readText(store, file, signal);
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    const message = error instanceof Error ? error.message : "";
    const position = /position (\d+)/.exec(message)?.[1];
    const before = text.slice(0, position === undefined ? text.length : Number(position));
    const place = { file, line: before.split("\n").length, offset: Buffer.byteLength(before) };
    throw importError(place, "this is no whole JSON document", "JSON as the tool exports it", error);
  }
}

/** Reads a small text file: UTF-8, with or without byte order mark. Throws `import.file` for other bytes. */
export async function readText(store: ObjectStore, file: string, signal: AbortSignal | undefined): Promise<string> {
  const bytes = await readWithin(store, file, { what: "annotation", limit: largestDocument, signal });
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (error) {
    throw importError({ file }, "this is no UTF-8 text", "a text file in UTF-8", error);
  }
}
