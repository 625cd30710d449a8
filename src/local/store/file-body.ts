import type { FileHandle } from "node:fs/promises";

const slice = 256 * 1024;

/** Reads `length` bytes of an open file from `start`, in slices; closes it at the end, also when nobody reads. */
export function fileBody(file: FileHandle, start: number, length: number): AsyncIterableIterator<Uint8Array> {
  let at = start;
  const end = start + length;
  let open = true;
  const close = async (): Promise<void> => {
    if (open) await file.close();
    open = false;
  };
  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    async next() {
      if (at >= end || !open) {
        await close();
        return { done: true, value: undefined };
      }
      const bytes = Buffer.allocUnsafe(Math.min(slice, end - at));
      const { bytesRead } = await file.read(bytes, 0, bytes.length, at);
      if (bytesRead === 0) {
        await close();
        throw new RangeError("the file is shorter than its object"); // cuts the answer; only somebody's hand does this
      }
      at += bytesRead;
      return { done: false, value: bytes.subarray(0, bytesRead) };
    },
    async return() {
      await close();
      return { done: true, value: undefined };
    },
  };
}

/** The same, at once. */
export async function readFileBody(file: FileHandle, start: number, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length); // not from Node's pool: callers keep it
  let at = 0;
  for await (const chunk of fileBody(file, start, length)) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}
