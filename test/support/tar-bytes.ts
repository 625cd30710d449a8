import { formatTarHeader, paddedSize } from "../../src/codec/tar/tar-header.js";
import { join } from "./params-bytes.js";

/** Members of a tar header that a test sets otherwise than a plain file has them. */
export interface TarChanges {
  /** Type flag, a letter. */
  readonly type?: string;
  /** Bytes to put into the header, by position. */
  readonly put?: Readonly<Record<number, Uint8Array | string>>;
}

/** Header, contents and padding of one entry, with a checksum that is right. */
export function tarEntryBytes(name: string, data: Uint8Array, { type = "0", put = {} }: TarChanges = {}): Uint8Array {
  const head = formatTarHeader(name, data.length);
  head[156] = type.charCodeAt(0);
  for (const [at, value] of Object.entries(put)) {
    head.set(typeof value === "string" ? new TextEncoder().encode(value) : value, Number(at));
  }
  return join([withChecksum(head), data, new Uint8Array(paddedSize(data.length) - data.length)]);
}

/** Sets the checksum of a header: the sum of its bytes, blanks in place of the sum. */
export function withChecksum(head: Uint8Array): Uint8Array {
  head.fill(0x20, 148, 156);
  const sum = head.reduce((total, byte) => total + byte, 0);
  head.set(new TextEncoder().encode(`${sum.toString(8).padStart(6, "0")}\u0000 `), 148);
  return head;
}

/** An archive of entries, with the two blocks of zeros at its end. */
export function tarBytes(...entries: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  return join([...entries, new Uint8Array(1024)]);
}

/** A line of a pax extension header: its length, counted with itself, and `key=value`. */
export function paxLine(key: string, value: string): Uint8Array {
  const rest = new TextEncoder().encode(` ${key}=${value}\n`);
  let length = rest.length + 1;
  while (String(length).length + rest.length !== length) length = String(length).length + rest.length;
  return join([new TextEncoder().encode(String(length)), rest]);
}
