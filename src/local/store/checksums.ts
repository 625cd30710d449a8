import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";

/** The checksums that S3 takes, by the name it gives them. */
export const checksumAlgorithms = ["CRC32", "CRC32C", "CRC64NVME", "SHA1", "SHA256"] as const;

/** One of {@link checksumAlgorithms}. */
export type ChecksumAlgorithm = (typeof checksumAlgorithms)[number];

/** A checksum that grows with the bytes. */
export interface RunningChecksum {
  update(bytes: Uint8Array): void;
  digest(): Buffer;
}

/** Begins a checksum; CRCs are given big-endian, as S3 encodes them. */
export function startChecksum(algorithm: ChecksumAlgorithm | "MD5"): RunningChecksum {
  switch (algorithm) {
    case "MD5":
    case "SHA1":
    case "SHA256": {
      const hash = createHash(algorithm.toLowerCase());
      return { update: (bytes) => void hash.update(bytes), digest: () => hash.digest() };
    }
    case "CRC32": {
      let value = 0;
      return { update: (bytes) => void (value = crc32(bytes, value)), digest: () => bigEndian(value) };
    }
    case "CRC32C": {
      let value = 0xffffffff;
      return { update: (bytes) => void (value = crc32c(bytes, value)), digest: () => bigEndian(~value >>> 0) };
    }
    case "CRC64NVME":
      return crc64();
  }
}

/** How many bytes a checksum has. */
export function checksumLength(algorithm: ChecksumAlgorithm): number {
  return startChecksum(algorithm).digest().length;
}

function bigEndian(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

// CRC-32C (Castagnoli), RFC 3720 appendix B.4: polynomial 0x1EDC6F41, here reflected.
let table32: Uint32Array | undefined;

function crc32c(bytes: Uint8Array, start: number): number {
  table32 ??= Uint32Array.from({ length: 256 }, (_, n) => {
    let value = n;
    for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0x82f63b78 : value >>> 1;
    return value;
  });
  let value = start;
  for (let i = 0; i < bytes.length; i++) value = table32[(value ^ bytes[i]!) & 0xff]! ^ (value >>> 8);
  return value >>> 0;
}

// CRC-64/NVME (NVM Express command set specification): polynomial 0xAD93D23594C93659, here reflected and in two halves.
let table64: { readonly high: Int32Array; readonly low: Int32Array } | undefined;

function crc64(): RunningChecksum {
  table64 ??= makeTable64();
  const table = table64;
  let high = 0xffffffff;
  let low = 0xffffffff;
  return {
    update(bytes) {
      let [h, l] = [high | 0, low | 0]; // signed: kept as small integers in the loop
      for (let i = 0; i < bytes.length; i++) {
        const index = (l ^ bytes[i]!) & 0xff;
        l = ((l >>> 8) | (h << 24)) ^ table.low[index]!;
        h = (h >>> 8) ^ table.high[index]!;
      }
      [high, low] = [h, l];
    },
    digest: () => Buffer.concat([bigEndian(~high >>> 0), bigEndian(~low >>> 0)]),
  };
}

function makeTable64(): { readonly high: Int32Array; readonly low: Int32Array } {
  const high = new Int32Array(256);
  const low = new Int32Array(256);
  for (let n = 0; n < 256; n++) {
    let value = BigInt(n);
    for (let bit = 0; bit < 8; bit++) value = value & 1n ? (value >> 1n) ^ 0x9a6c9329ac4bc9b5n : value >> 1n;
    high[n] = Number(value >> 32n);
    low[n] = Number(value & 0xffffffffn);
  }
  return { high, low };
}
