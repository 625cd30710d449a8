import { ApiError } from "../wire/api-error.js";

/** A time in CBOR: tag 1, seconds since 1970. */
export class CborTime {
  constructor(readonly seconds: number) {}
}

const deepest = 64;

/** Decodes one CBOR item (RFC 8949) as smithy's RPC protocol uses it. Lengths are checked against the bytes that are there. */
export function decodeCbor(bytes: Uint8Array): unknown {
  const reader = new Reader(bytes);
  const value = reader.item(0);
  if (reader.at !== bytes.length) throw broken();
  return value;
}

class Reader {
  at = 0;
  private readonly view: DataView;

  constructor(private readonly bytes: Uint8Array) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  item(depth: number): unknown {
    if (depth > deepest) throw broken();
    const head = this.byte();
    const major = head >> 5;
    const small = head & 31;
    if (major === 7) return this.simple(small);
    if (small === 31) return this.indefinite(major, depth);
    const argument = this.argument(small);
    switch (major) {
      case 0:
        return argument;
      case 1:
        return -1 - argument;
      case 2:
        return this.take(argument);
      case 3:
        return decodeText(this.take(argument));
      case 4:
        return this.list(argument, depth);
      case 5:
        return this.map(argument, depth);
      default: {
        const value = this.item(depth + 1);
        return argument === 1 && typeof value === "number" ? new CborTime(value) : value;
      }
    }
  }

  private list(count: number, depth: number): unknown[] {
    this.need(count);
    return Array.from({ length: count }, () => this.item(depth + 1));
  }

  private map(count: number, depth: number): Record<string, unknown> {
    this.need(count * 2);
    return Object.fromEntries(
      Array.from({ length: count }, () => [String(this.item(depth + 1)), this.item(depth + 1)]),
    );
  }

  private indefinite(major: number, depth: number): unknown {
    const items: unknown[] = [];
    while (this.bytes[this.at] !== 0xff) items.push(this.item(depth + 1));
    this.at++;
    if (major === 4) return items;
    if (major === 5 && items.length % 2 === 0) {
      return Object.fromEntries(
        Array.from({ length: items.length / 2 }, (_, i) => [String(items[2 * i]), items[2 * i + 1]]),
      );
    }
    if (major === 3) return items.map(String).join("");
    throw broken();
  }

  private simple(small: number): unknown {
    if (small === 20 || small === 21) return small === 21;
    if (small === 22 || small === 23) return null;
    if (small === 26) return this.view.getFloat32(this.skip(4));
    if (small === 27) return this.view.getFloat64(this.skip(8));
    throw broken();
  }

  private argument(small: number): number {
    if (small < 24) return small;
    if (small === 24) return this.byte();
    if (small === 25) return this.view.getUint16(this.skip(2));
    if (small === 26) return this.view.getUint32(this.skip(4));
    if (small === 27) return Number(this.view.getBigUint64(this.skip(8)));
    throw broken();
  }

  private byte(): number {
    return this.bytes[this.skip(1)] ?? 0;
  }

  private take(count: number): Uint8Array {
    const start = this.skip(count);
    return this.bytes.subarray(start, start + count);
  }

  private skip(count: number): number {
    this.need(count);
    const start = this.at;
    this.at += count;
    return start;
  }

  /** Every item needs at least one byte, so an announced count beyond the end is a lie. */
  private need(count: number): void {
    if (count > this.bytes.length - this.at) throw broken();
  }
}

function decodeText(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw broken();
  }
}

/** Encodes plain values; numbers that are no safe integers become 64-bit floats, `undefined` members are left out. */
export function encodeCbor(value: unknown): Uint8Array {
  const parts: Uint8Array[] = [];
  write(value, parts);
  return Buffer.concat(parts);
}

function write(value: unknown, parts: Uint8Array[]): void {
  if (value === null || value === undefined) parts.push(Uint8Array.of(0xf6));
  else if (typeof value === "boolean") parts.push(Uint8Array.of(value ? 0xf5 : 0xf4));
  else if (typeof value === "number") writeNumber(value, parts);
  else if (typeof value === "string") {
    const text = Buffer.from(value);
    parts.push(header(3, text.length), text);
  } else if (value instanceof CborTime) {
    parts.push(Uint8Array.of(0xc1));
    write(value.seconds, parts);
  } else if (Array.isArray(value)) {
    parts.push(header(4, value.length));
    for (const item of value) write(item, parts);
  } else {
    const entries = Object.entries(value).filter(([, item]) => item !== undefined);
    parts.push(header(5, entries.length));
    for (const [key, item] of entries) {
      write(key, parts);
      write(item, parts);
    }
  }
}

function writeNumber(value: number, parts: Uint8Array[]): void {
  if (Number.isInteger(value) && Math.abs(value) <= 0xffffffff) {
    parts.push(value < 0 ? header(1, -1 - value) : header(0, value));
    return;
  }
  const bytes = new Uint8Array(9);
  bytes[0] = 0xfb;
  new DataView(bytes.buffer).setFloat64(1, value);
  parts.push(bytes);
}

function header(major: number, argument: number): Uint8Array {
  if (argument < 24) return Uint8Array.of((major << 5) | argument);
  const bytes = new Uint8Array(5);
  bytes[0] = (major << 5) | 26;
  new DataView(bytes.buffer).setUint32(1, argument);
  return bytes;
}

function broken(): ApiError {
  return new ApiError("SerializationException", "The request body is not valid CBOR.");
}
