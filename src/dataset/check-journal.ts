import { createReadStream } from "node:fs";
import { mkdir, open } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { SegmentationError } from "../core/errors.js";
import { readLines } from "../manifest/lines.js";
import type { DatasetWarning } from "./dataset.js";

/** What checking one image and its mask has found. */
export interface CheckRecord {
  readonly extension: "jpg" | "png";
  readonly width: number;
  readonly height: number;
  readonly maskFile: { readonly size: number; readonly md5: string };
  /** Pixels by class index. */
  readonly counts: readonly number[];
  readonly warnings: readonly DatasetWarning[];
}

/** Remembers checks in a file on this machine, so that an upload that was killed need not read its masks again. */
export interface CheckJournal {
  /** The record of an image and mask whose content is as it was. */
  get(key: string): CheckRecord | undefined;
  put(key: string, record: CheckRecord): void;
  /** Writes what is not written yet. Throws `input.invalid` when the file cannot be written. */
  close(): Promise<void>;
}

/**
 * Opens a journal, or begins it. A line that a kill has cut is passed over; what is appended begins a new line.
 *
 * @throws `input.invalid` when the file cannot be read or written.
 */
export async function openCheckJournal(path: string, signal: AbortSignal | undefined): Promise<CheckJournal> {
  const file = resolve(path);
  const records = new Map<string, CheckRecord>();
  let handle: FileHandle;
  try {
    await mkdir(dirname(file), { recursive: true });
    handle = await open(file, "a+");
    const options = { onBadLine: () => undefined, ...(signal === undefined ? {} : { signal }) };
    for await (const { text } of readLines(createReadStream(file), options)) {
      const line = parseLine(text);
      if (line !== undefined) records.set(line.key, line.record);
    }
  } catch (error) {
    signal?.throwIfAborted();
    throw unusable(path, error);
  }
  // Blank lines are passed over, and a cut line gets its end.
  let pending = "\n";
  let writing: Promise<void> | undefined;
  let failure: unknown;
  // Many checks end at a time: what comes while one write is under way goes with the next.
  const flush = async (): Promise<void> => {
    try {
      while (pending !== "" && failure === undefined) {
        const text = pending;
        pending = "";
        await handle.appendFile(text);
      }
    } catch (error) {
      failure = error;
    } finally {
      writing = undefined;
    }
  };
  return {
    get: (key) => records.get(key),
    put(key, record) {
      pending += `${JSON.stringify({ key, record })}\n`;
      writing ??= flush();
    },
    async close() {
      await writing;
      await handle.close();
      if (failure !== undefined) throw unusable(path, failure);
    },
  };
}

function parseLine(text: string): { readonly key: string; readonly record: CheckRecord } | undefined {
  try {
    const value = JSON.parse(text) as { readonly key?: unknown; readonly record?: Partial<CheckRecord> } | null;
    const { key, record } = value ?? {};
    const { extension, width, height, maskFile, counts, warnings } = record ?? {};
    const good =
      typeof key === "string" &&
      (extension === "jpg" || extension === "png") &&
      typeof width === "number" &&
      typeof height === "number" &&
      typeof maskFile?.size === "number" &&
      typeof maskFile.md5 === "string" &&
      Array.isArray(counts) &&
      Array.isArray(warnings);
    // Every member was looked at.
    return good ? { key, record: record as CheckRecord } : undefined;
  } catch {
    return undefined;
  }
}

function unusable(path: string, cause: unknown): SegmentationError<"input.invalid"> {
  const expected = "a file that can be read and written";
  const why = cause instanceof Error ? `: ${cause.message}` : "";
  return new SegmentationError(
    "input.invalid",
    `The journal ${path} cannot be used${why}. Expected ${expected}.`,
    { parameter: "journal", value: path, expected },
    { cause },
  );
}
