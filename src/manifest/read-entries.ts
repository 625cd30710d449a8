import { SegmentationError } from "../core/errors.js";
import { attributeError } from "./attribute-error.js";
import type { LineLabels, ManifestEntry } from "./entry.js";
import { describeLabelType } from "./label-kinds.js";
import { maxLineLength, readLines } from "./lines.js";
import type { ManifestLine } from "./lines.js";
import { parseAllLabels, parseEntry } from "./parse-entry.js";

/** What is done with lines that cannot be read. */
export interface BadLineOptions {
  /**
   * `throw` (default): the first line that cannot be read ends the reading. `skip`: it is passed over and `onSkip` is
   * told. A manifest of another kind of labels is refused in either case.
   */
  readonly onError?: "throw" | "skip" | undefined;
  /** Called for every line that was passed over, with the error that says file, line, byte and what would be right. */
  readonly onSkip?: ((error: SegmentationError<"manifest.line">) => void) | undefined;
}

/** Options of {@link readEntries}. */
export interface ReadEntriesOptions extends BadLineOptions {
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
  options: ReadEntriesOptions = {},
): AsyncGenerator<ManifestEntry, void, void> {
  const { attribute, uri } = options;
  let segmentation = false;
  const others = new Map<string, string>();
  for await (const parsed of parsedLines(chunks, options, (line) => parseEntry(line, { attribute, uri }))) {
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

/**
 * Reads an output manifest line by line, each with all its labels.
 *
 * @throws `manifest.line`.
 */
export function readLineLabels(
  chunks: AsyncIterable<Uint8Array>,
  options: Omit<ReadEntriesOptions, "attribute"> = {},
): AsyncGenerator<LineLabels, void, void> {
  return parsedLines(chunks, options, (line) => parseAllLabels(line, options.uri));
}

async function* parsedLines<Parsed>(
  chunks: AsyncIterable<Uint8Array>,
  { uri, signal, onError, onSkip }: ReadEntriesOptions,
  parse: (line: ManifestLine) => Parsed,
): AsyncGenerator<Parsed, void, void> {
  const skip = onError === "skip" ? (error: SegmentationError<"manifest.line">) => onSkip?.(error) : undefined;
  // The limit is for input lines; labels are added to them, and chained jobs add more.
  const lines = readLines(chunks, {
    maxLength: 10 * maxLineLength,
    ...(uri === undefined ? {} : { uri }),
    ...(skip === undefined ? {} : { onBadLine: skip }),
    ...(signal === undefined ? {} : { signal }),
  });
  for await (const line of lines) {
    let parsed: Parsed;
    try {
      parsed = parse(line);
    } catch (error) {
      if (skip === undefined || !SegmentationError.is(error, "manifest.line")) throw error;
      skip(error);
      continue;
    }
    yield parsed;
  }
}
