import { ContainerError } from "../contracts.js";

const block = 512;

/** A file of an archive. */
export interface TarFile {
  readonly name: string;
  readonly data: Uint8Array;
}

/** Writes a tar (POSIX ustar) whose bytes depend on names and contents only: no times, no owners. */
export function writeTar(files: readonly TarFile[]): Uint8Array {
  const size = files.reduce((sum, { data }) => sum + block + padded(data.length), 2 * block);
  const tar = new Uint8Array(size);
  let at = 0;
  for (const { name, data } of files) {
    tar.set(header(name, data.length), at);
    tar.set(data, at + block);
    at += block + padded(data.length);
  }
  return tar;
}

/**
 * Reads the plain files of a tar; directories, links and extension records are passed over.
 *
 * Names are only compared, never used as paths. Throws a `ClientError` when the archive is damaged.
 */
export function readTar(tar: Uint8Array): ReadonlyMap<string, Uint8Array> {
  const files = new Map<string, Uint8Array>();
  let at = 0;
  while (at + block <= tar.length) {
    const head = tar.subarray(at, at + block);
    if (head.every((byte) => byte === 0)) return files;
    if (readOctal(head.subarray(148, 156)) !== checksum(head)) throw damaged(`a header is damaged at byte ${at}`);
    const size = readOctal(head.subarray(124, 136));
    if (size === undefined || size > tar.length - at - block) throw damaged(`a file is cut off at byte ${at}`);
    const type = head[156];
    // "0" and NUL are plain files.
    if (type === 0x30 || type === 0) {
      files.set(text(head.subarray(0, 100)).replace(/^\.\//, ""), tar.subarray(at + block, at + block + size));
    }
    at += block + padded(size);
  }
  throw damaged("it has no end");
}

function header(name: string, size: number): Uint8Array {
  const head = new Uint8Array(block);
  const put = (value: string, at: number): void => head.set(new TextEncoder().encode(value), at);
  const octal = (value: number, digits: number): string => value.toString(8).padStart(digits, "0");
  put(name, 0);
  put("0000644", 100);
  put("0000000", 108);
  put("0000000", 116);
  put(octal(size, 11), 124);
  put(octal(0, 11), 136);
  put("0", 156);
  put("ustar\u000000", 257);
  put(`${octal(checksum(head), 6)}\u0000 `, 148);
  return head;
}

/** Sum of the header's bytes with blanks in place of the sum itself. */
function checksum(head: Uint8Array): number {
  return head.reduce((sum, byte, at) => sum + (at >= 148 && at < 156 ? 0x20 : byte), 0);
}

function readOctal(field: Uint8Array): number | undefined {
  const match = /^ *([0-7]{1,12})$/.exec(text(field).trimEnd());
  return match === null ? undefined : Number.parseInt(match[1]!, 8);
}

function text(field: Uint8Array): string {
  const end = field.indexOf(0);
  return new TextDecoder("latin1").decode(end < 0 ? field : field.subarray(0, end));
}

function padded(size: number): number {
  return Math.ceil(size / block) * block;
}

function damaged(why: string): ContainerError {
  return new ContainerError("ClientError", `model.tar.gz cannot be read: ${why}`);
}
