import { formatTarHeader, paddedSize, tarBlock } from "./tar-header.js";

/** A file of an archive. */
export interface TarFile {
  readonly name: string;
  readonly data: Uint8Array;
}

/** Writes a tar (POSIX ustar) whose bytes depend on names and contents only: no times, no owners. */
export function writeTar(files: readonly TarFile[]): Uint8Array {
  const size = files.reduce((sum, { data }) => sum + tarBlock + paddedSize(data.length), 2 * tarBlock);
  const tar = new Uint8Array(size);
  let at = 0;
  for (const { name, data } of files) {
    tar.set(formatTarHeader(name, data.length), at);
    tar.set(data, at + tarBlock);
    at += tarBlock + paddedSize(data.length);
  }
  return tar;
}
