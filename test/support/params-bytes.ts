import { gzipSync } from "node:zlib";
import { writeTar } from "../../src/codec/tar/write-tar.js";

/** An array to write: float32 unless the bytes of another type are given. */
export interface WrittenArray {
  readonly name: string;
  readonly shape: readonly number[];
  readonly data: Uint8Array;
  /** Type flag; default 0, float32. */
  readonly flag?: number;
}

/** A number of 64 bits, little-endian. */
export function u64(value: number | bigint): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt.asUintN(64, BigInt(value)), true);
  return bytes;
}

/** Numbers of 32 bits, little-endian; negative ones in two's complement. */
export function u32(...values: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(4 * values.length);
  const view = new DataView(bytes.buffer);
  values.forEach((value, index) => view.setUint32(4 * index, value >>> 0, true));
  return bytes;
}

/** float32 numbers, little-endian. */
export function f32(...values: readonly number[]): Uint8Array {
  return new Uint8Array(Float32Array.from(values).buffer);
}

/** Bytes one after the other. */
export function join(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** Record of version 2, dense, on the CPU: what MXNet 0.12 to 1.9 writes. */
export function recordBytes({ shape, data, flag = 0 }: Omit<WrittenArray, "name">): Uint8Array {
  return join([u32(0xf993fac9, 0, shape.length), ...shape.map(u64), u32(1, 0, flag), data]);
}

/** A file around records: magic, reserved word, counts and names. */
export function listBytes(records: readonly Uint8Array[], names: readonly string[]): Uint8Array<ArrayBuffer> {
  const texts = names.map((name) => new TextEncoder().encode(name));
  return join([
    ...[0x112, 0, records.length].map(u64),
    ...records,
    u64(names.length),
    ...texts.flatMap((text) => [u64(text.length), text]),
  ]);
}

/** A weights file as MXNet's `save_parameters` writes it. */
export function paramsBytes(arrays: readonly WrittenArray[]): Uint8Array<ArrayBuffer> {
  return listBytes(
    arrays.map(recordBytes),
    arrays.map(({ name }) => name),
  );
}

/** A `model.tar.gz` of these files, in their order. */
export function artifactBytes(files: Readonly<Record<string, Uint8Array>>): Uint8Array {
  return gzipSync(writeTar(Object.entries(files).map(([name, data]) => ({ name, data }))));
}
