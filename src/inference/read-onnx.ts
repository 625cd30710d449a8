import { open } from "node:fs/promises";
import { SegmentationError } from "../core/errors.js";

/** Reads part of a file, fewer bytes at its end. */
type ReadAt = (at: number, length: number) => Promise<Uint8Array>;

/** Fields of `ModelProto` (onnx.proto3): the graph is stepped over, whatever its size. */
const fields = { version: 1, graph: 7, metadata: 14 } as const;
const mostEntries = 1000;
const mostEntryBytes = 1024 * 1024;

/**
 * Reads what an ONNX file says of itself (`metadata_props`), without reading its graph and weights.
 *
 * @throws `onnx.model` when the bytes are no ONNX model; Node's own error when the file cannot be read.
 */
export async function readOnnxMetadata(file: string | Uint8Array): Promise<ReadonlyMap<string, string>> {
  if (typeof file !== "string") {
    return walk((at, length) => Promise.resolve(file.subarray(at, at + length)), file.length);
  }
  const handle = await open(file, "r");
  try {
    const { size } = await handle.stat();
    return await walk(async (at, length) => {
      const buffer = new Uint8Array(Math.min(length, Math.max(0, size - at)));
      let done = 0;
      while (done < buffer.length) {
        const { bytesRead } = await handle.read(buffer, done, buffer.length - done, at + done);
        if (bytesRead === 0) break;
        done += bytesRead;
      }
      return buffer.subarray(0, done);
    }, size);
  } finally {
    await handle.close();
  }
}

/** Goes from field to field of the outermost message. */
async function walk(read: ReadAt, size: number): Promise<ReadonlyMap<string, string>> {
  const metadata = new Map<string, string>();
  let hasGraph = false;
  let at = 0;
  while (at < size) {
    // A tag and a length have at most ten bytes each.
    const head = new Fields(await read(at, 20));
    const tag = head.varint();
    const [field, wire] = [Math.floor(tag / 8), tag % 8];
    if (field === 0 || (at === 0 && (field !== fields.version || wire !== 0))) throw noModel();
    if (wire === 0) head.varint();
    else if (wire === 1 || wire === 5) head.at += wire === 1 ? 8 : 4;
    else if (wire !== 2) throw noModel();
    const length = wire === 2 ? head.varint() : 0;
    at += head.at;
    if (at + length > size) throw noModel();
    if (field === fields.graph) hasGraph = true;
    if (field === fields.metadata && length <= mostEntryBytes && metadata.size < mostEntries) {
      const entry = new Fields(await read(at, length)).entry();
      metadata.set(entry.key, entry.value);
    }
    at += length;
  }
  if (!hasGraph) throw noModel();
  return metadata;
}

/** Protobuf values in a few bytes. */
class Fields {
  at = 0;

  constructor(private readonly bytes: Uint8Array) {}

  varint(): number {
    let value = 0;
    for (let digit = 0; digit < 10; digit++) {
      const byte = this.bytes[this.at++];
      if (byte === undefined) throw noModel();
      value += (byte & 127) * 2 ** (7 * digit);
      if (byte < 128) return value;
    }
    throw noModel();
  }

  /** `StringStringEntryProto`: key 1, value 2. */
  entry(): { readonly key: string; readonly value: string } {
    const parts = { key: "", value: "" };
    while (this.at < this.bytes.length) {
      const tag = this.varint();
      if (tag % 8 !== 2) throw noModel();
      const length = this.varint();
      const text = new TextDecoder().decode(this.bytes.subarray(this.at, this.at + length));
      this.at += length;
      if (tag === 0x0a) parts.key = text;
      if (tag === 0x12) parts.value = text;
    }
    return parts;
  }
}

function noModel(): SegmentationError<"onnx.model"> {
  const found = "no ONNX model";
  const expected = "an ONNX file, or the model.tar.gz or weights file of a trained model";
  return new SegmentationError("onnx.model", `This is ${found}: expected ${expected}.`, { found, expected });
}
