import { attributeError } from "./attribute-error.js";
import type { ManifestEntry } from "./entry.js";
import { describeLabelType } from "./label-kinds.js";
import { maxLineLength, readLines } from "./lines.js";
import { parseEntry } from "./parse-entry.js";

/** Options of {@link readEntries}. */
export interface ReadEntriesOptions {
  /** The label attribute to read; default: on each line the newest of type semantic segmentation. */
  readonly attribute?: string | undefined;
  /** Address of the manifest for error messages. */
  readonly uri?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Reads an output manifest line by line.
 *
 * @throws `manifest.line` for a line that cannot be read; `manifest.attribute` for other kinds of labels, at once when
 * the attribute is given, at the end of the manifest otherwise: a line alone may just not be labeled yet.
 */
export async function* readEntries(
  chunks: AsyncIterable<Uint8Array>,
  { attribute, uri, signal }: ReadEntriesOptions = {},
): AsyncGenerator<ManifestEntry, void, void> {
  let segmentation = false;
  const others = new Map<string, string>();
  // The limit is for input lines; labels are added to them, and chained jobs add more.
  const lines = readLines(chunks, {
    maxLength: 10 * maxLineLength,
    ...(uri === undefined ? {} : { uri }),
    ...(signal === undefined ? {} : { signal }),
  });
  for await (const line of lines) {
    const parsed = parseEntry(line, { attribute, uri });
    segmentation ||= parsed.segmentation;
    for (const other of parsed.others) {
      // Ten are enough for a message; a hostile manifest must not fill the memory with names.
      if (!segmentation && others.size < 10) others.set(other.attribute, other.type);
    }
    yield parsed.entry;
  }
  if (attribute === undefined && !segmentation && others.size > 0) {
    const found = [...others].map(([name, type]) => `${name}: ${describeLabelType(type)}`);
    throw attributeError(undefined, found, uri);
  }
}
