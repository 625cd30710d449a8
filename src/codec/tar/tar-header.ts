/** Size of a header, and what contents are padded to. */
export const tarBlock = 512;

/** What a header block of a tar archive says. */
export type TarHeader =
  /** A block of zeros: two of them end the archive. */
  | { readonly kind: "end" }
  /** Not a header. */
  | { readonly kind: "damaged"; readonly expected: string }
  | {
      readonly kind: "entry";
      /** The name as it stands there, with the `prefix` of POSIX archives. */
      readonly name: string;
      /** Size of the contents in bytes, without padding. */
      readonly size: number;
      /** The type flag as a letter: `0` a plain file (also where old archives have NUL), `5` a folder, `2` a link. */
      readonly type: string;
    };

/**
 * Reads a header of a tar archive: the old format, POSIX ustar, GNU.
 *
 * Layout: POSIX.1-2017, pax, "ustar Interchange Format"; sizes in base 256 as GNU tar writes them above 8 GB.
 */
export function parseTarHeader(head: Uint8Array): TarHeader {
  if (head.every((byte) => byte === 0)) return { kind: "end" };
  const stated = readOctal(head.subarray(148, 156));
  // Old programs summed signed bytes.
  if (stated === undefined || (stated !== checksum(head) && stated !== checksum(head, true))) {
    return { kind: "damaged", expected: "a header whose checksum is right" };
  }
  const size = (head[124]! & 0x80) === 0 ? readOctal(head.subarray(124, 136)) : readBase256(head.subarray(124, 136));
  if (size === undefined) return { kind: "damaged", expected: "a size" };
  // GNU archives ("ustar" and a blank) have times in place of the prefix.
  const prefix = head[262] === 0 && text(head.subarray(257, 262)) === "ustar" ? text(head.subarray(345, 500)) : "";
  const name = text(head.subarray(0, 100));
  const type = head[156] === 0 ? "0" : String.fromCharCode(head[156]!);
  return { kind: "entry", name: prefix === "" ? name : `${prefix}/${name}`, size, type };
}

/** Writes the POSIX header of a plain file: no times, no owners. The name has at most 100 bytes. */
export function formatTarHeader(name: string, size: number): Uint8Array {
  const head = new Uint8Array(tarBlock);
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

/** Size of contents with their padding. */
export function paddedSize(size: number): number {
  return Math.ceil(size / tarBlock) * tarBlock;
}

/** Sum of the header's bytes with blanks in place of the sum itself. */
function checksum(head: Uint8Array, signed = false): number {
  return head.reduce((sum, byte, at) => sum + (at >= 148 && at < 156 ? 0x20 : signed ? (byte << 24) >> 24 : byte), 0);
}

function readOctal(field: Uint8Array): number | undefined {
  const match = /^ *([0-7]{1,12})$/.exec(text(field).trimEnd());
  return match === null ? undefined : Number.parseInt(match[1]!, 8);
}

function readBase256(field: Uint8Array): number | undefined {
  const size = field.reduce((value, byte, at) => value * 256 + (at === 0 ? byte & 0x7f : byte), 0);
  return Number.isSafeInteger(size) ? size : undefined;
}

function text(field: Uint8Array): string {
  const end = field.indexOf(0);
  return new TextDecoder().decode(end < 0 ? field : field.subarray(0, end));
}
