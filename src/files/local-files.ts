import { createHash, randomUUID } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, open, readdir, rename, rm, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { SegmentationError } from "../core/errors.js";
import type { ObjectStore, StoredObject } from "../core/object-store.js";

/** Files of this machine behind the port of an object store; addresses are absolute paths with slashes. */
export const localFiles: ObjectStore = {
  async *list(prefix, { signal } = {}) {
    yield* walk(prefix, signal);
  },

  async read(address, { bytes, signal } = {}) {
    return reading(address, async () => {
      const file = await open(address);
      try {
        const { size } = await file.stat();
        const wanted = Math.min(size, bytes ?? size);
        const target = new Uint8Array(wanted);
        let at = 0;
        while (at < wanted) {
          signal?.throwIfAborted();
          const { bytesRead } = await file.read(target, at, wanted - at, at);
          if (bytesRead === 0) break;
          at += bytesRead;
        }
        return target.subarray(0, at);
      } finally {
        await file.close();
      }
    });
  },

  async *stream(address, { signal } = {}) {
    const stream = createReadStream(address, {
      highWaterMark: 256 * 1024,
      ...(signal === undefined ? {} : { signal }),
    });
    try {
      for await (const chunk of stream) yield chunk as Uint8Array;
    } catch (error) {
      signal?.throwIfAborted();
      throw unreadable(address, error);
    }
  },

  async write(address, body, { signal } = {}) {
    await mkdir(path.dirname(address), { recursive: true });
    // Written aside and renamed: a file appears whole or not at all.
    const aside = `${address}.${randomUUID()}.part`;
    try {
      await writeFile(aside, body, signal === undefined ? {} : { signal });
      await rename(aside, address);
    } catch (error) {
      await rm(aside, { force: true });
      signal?.throwIfAborted();
      throw error;
    }
  },

  async copy(from, to, options) {
    await localFiles.write(to, await localFiles.read(from), options);
  },

  async head(address, { signal } = {}) {
    const found = await stat(address).catch(() => undefined);
    if (found?.isFile() !== true) return undefined;
    const hash = createHash("md5");
    for await (const chunk of localFiles.stream(address, signal === undefined ? {} : { signal })) hash.update(chunk);
    // As S3 tags an object that is written in one piece, so that the two can be compared.
    return { uri: address, size: found.size, etag: hash.digest("hex") };
  },
};

/** All files below a folder in the order of their names; folders are read one at a time. */
async function* walk(folder: string, signal: AbortSignal | undefined): AsyncGenerator<StoredObject, void, void> {
  signal?.throwIfAborted();
  const entries = await reading(folder, () => readdir(folder, { withFileTypes: true }));
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const address = folder + entry.name;
    if (entry.isDirectory()) yield* walk(`${address}/`, signal);
    else {
      // Links to files count, links to folders do not: they may lead in circles.
      const found = await stat(address).catch(() => undefined);
      if (found?.isFile() === true) yield { uri: address, size: found.size };
    }
  }
}

async function reading<Result>(address: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Error && "code" in error) throw unreadable(address, error);
    throw error;
  }
}

function unreadable(address: string, cause: unknown): SegmentationError<"import.file"> {
  const why = cause instanceof Error ? cause.message : String(cause);
  const expected = "a file or folder that exists and can be read";
  return new SegmentationError(
    "import.file",
    `${address} cannot be read: ${why}. Expected ${expected}.`,
    {
      file: address,
      expected,
    },
    { cause },
  );
}
