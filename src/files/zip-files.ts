import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import type { Readable } from "node:stream";
import type { Entry, ZipFile } from "yauzl";
import { SegmentationError } from "../core/errors.js";
import type { ObjectStore } from "../core/object-store.js";
import { zipParts } from "./file-address.js";

/** Entries of one archive that are looked at. */
const mostEntries = 1_000_000;

interface Archive {
  readonly zip: ZipFile;
  readonly entries: ReadonlyMap<string, Entry>;
}

/**
 * Files in ZIP archives behind the port of an object store, read only; addresses are `/data/export.zip!/name`.
 *
 * Each archive's directory is read once. No file stays open between reads.
 */
export function zipFiles(): ObjectStore {
  const archives = new Map<string, Promise<Archive>>();
  const archiveOf = (file: string): Promise<Archive> => {
    const known = archives.get(file) ?? openArchive(file);
    archives.set(file, known);
    return known;
  };
  const find = async (address: string): Promise<{ readonly zip: ZipFile; readonly entry: Entry | undefined }> => {
    const { archive, entry } = zipParts(address)!;
    const { zip, entries } = await archiveOf(archive);
    return { zip, entry: entries.get(entry) };
  };
  const refuse = (): never => {
    throw new SegmentationError("input.invalid", "ZIP archives are only read, never written.", {
      parameter: "uri",
      expected: "an address in S3 or a folder",
    });
  };

  const files: ObjectStore = {
    async *list(prefix, { signal } = {}) {
      const { archive, entry: below } = zipParts(prefix)!;
      const { entries } = await archiveOf(archive);
      for (const [name, entry] of [...entries].sort(([a], [b]) => (a < b ? -1 : 1))) {
        signal?.throwIfAborted();
        if (name.startsWith(below)) yield { uri: `${archive}!/${name}`, size: entry.uncompressedSize };
      }
    },
    async read(address, { bytes = Infinity, signal } = {}) {
      const parts: Uint8Array[] = [];
      let held = 0;
      for await (const chunk of files.stream(address, signal === undefined ? {} : { signal })) {
        parts.push(chunk);
        held += chunk.length;
        if (held >= bytes) break;
      }
      const all = Buffer.concat(parts);
      return all.subarray(0, Math.min(all.length, bytes));
    },
    async *stream(address, { signal } = {}) {
      const { zip, entry } = await find(address);
      if (entry === undefined) throw zipError(address, "there is no such file in the archive", "a file of the archive");
      const stream = await openEntry(zip, entry).catch((error: unknown) => {
        throw zipError(address, error, "a whole file that is stored or deflated, not encrypted");
      });
      try {
        for await (const chunk of stream) {
          signal?.throwIfAborted();
          yield chunk as Uint8Array;
        }
      } catch (error) {
        signal?.throwIfAborted();
        throw zipError(address, error, "a whole archive");
      } finally {
        stream.destroy();
      }
    },
    async head(address, options) {
      const { entry } = await find(address);
      if (entry === undefined) return undefined;
      const hash = createHash("md5");
      for await (const chunk of files.stream(address, options)) hash.update(chunk);
      return { uri: address, size: entry.uncompressedSize, etag: hash.digest("hex") };
    },
    write: refuse,
    copy: refuse,
  };
  return files;
}

async function openArchive(file: string): Promise<Archive> {
  const { fromRandomAccessReader, RandomAccessReader } = await import("yauzl");
  class FileReader extends RandomAccessReader {
    override _readStreamForRange(start: number, end: number): Readable {
      return createReadStream(file, { start, end: end - 1 });
    }
  }
  const found = await stat(file).catch((error: unknown) => {
    throw zipError(file, error, "a ZIP archive that exists and can be read");
  });
  return new Promise((resolve, reject) => {
    const fail = (error: unknown): void => reject(archiveError(file, error));
    // Names are checked by the library: absolute ones and those with `..` are errors.
    const options = { lazyEntries: true, autoClose: false, decodeStrings: true, validateEntrySize: true };
    fromRandomAccessReader(new FileReader(), found.size, options, (error, zip) => {
      if (error !== null) {
        fail(error);
        return;
      }
      const entries = new Map<string, Entry>();
      zip.on("error", fail);
      zip.on("end", () => resolve({ zip, entries }));
      zip.on("entry", (entry: Entry) => {
        if (!entry.fileName.endsWith("/")) entries.set(entry.fileName, entry);
        if (entries.size > mostEntries) fail(new Error(`more than ${mostEntries} files`));
        else zip.readEntry();
      });
      zip.readEntry();
    });
  });
}

function openEntry(zip: ZipFile, entry: Entry): Promise<Readable> {
  return new Promise((resolve, reject) => {
    zip.openReadStream(entry, (error, stream) => {
      if (error === null) resolve(stream);
      else reject(error);
    });
  });
}

/** The library says `invalid relative path: ...` and `absolute path: ...` of names that lead out of the archive. */
function archiveError(file: string, error: unknown): SegmentationError {
  const match = /(?:invalid relative path|absolute path): ([\s\S]*)/.exec(error instanceof Error ? error.message : "");
  if (match === null) return zipError(file, error, "a whole ZIP archive");
  const expected = "names below the archive's root";
  const message = `The archive ${file} has a file named "${match[1]!}", which leads out of it. Expected ${expected}.`;
  return new SegmentationError("import.path", message, { file, name: match[1]!, expected }, { cause: error });
}

function zipError(file: string, why: unknown, expected: string): SegmentationError<"import.file"> {
  const reason = why instanceof Error ? why.message : String(why);
  return new SegmentationError(
    "import.file",
    `${file} cannot be read: ${reason}. Expected ${expected}.`,
    {
      file,
      expected,
    },
    why instanceof Error ? { cause: why } : {},
  );
}
