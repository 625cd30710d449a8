import { randomUUID } from "node:crypto";
import { open, unlink } from "node:fs/promises";
import { join } from "node:path";
import { startChecksum, type ChecksumAlgorithm } from "./checksums.js";

/** Bytes that are on disk, whole, but belong to no object yet. */
export interface StagedBody {
  /** File name inside the staging folder. */
  readonly name: string;
  readonly size: number;
  /** Hex. */
  readonly md5: string;
  readonly checksums: ReadonlyMap<ChecksumAlgorithm, Buffer>;
  /** Removes the file if it is still there. */
  discard(): Promise<void>;
}

/** Writes a body to a new file in `folder`, hashing on the way; nothing is left behind when the source fails. */
export async function stageBody(
  folder: string,
  source: Uint8Array | AsyncIterable<Uint8Array>,
  algorithms: Iterable<ChecksumAlgorithm> = [],
): Promise<StagedBody> {
  const name = randomUUID();
  const path = join(folder, name);
  const md5 = startChecksum("MD5");
  const running = new Map([...algorithms].map((algorithm) => [algorithm, startChecksum(algorithm)]));
  const discard = async (): Promise<void> => {
    await unlink(path).catch(() => undefined);
  };
  let size = 0;
  const file = await open(path, "wx");
  try {
    for await (const chunk of source instanceof Uint8Array ? [source] : source) {
      md5.update(chunk);
      for (const checksum of running.values()) checksum.update(chunk);
      for (let written = 0; written < chunk.length;) {
        written += (await file.write(chunk, written, chunk.length - written)).bytesWritten;
      }
      size += chunk.length;
    }
    await file.close();
  } catch (error) {
    await file.close().catch(() => undefined);
    await discard();
    throw error;
  }
  const checksums = new Map([...running].map(([algorithm, checksum]) => [algorithm, checksum.digest()]));
  return { name, size, md5: md5.digest().toString("hex"), checksums, discard };
}
