import { open, readFile } from "node:fs/promises";
import { SegmentationError } from "../core/errors.js";
import { convertToOnnx } from "../onnx/convert.js";
import type { Conversion, ModelFile } from "./messages.js";
import { readOnnxMetadata } from "./read-onnx.js";

/** A model as the runtime loads it. */
export interface OnnxFile {
  readonly file: string | Uint8Array;
  readonly metadata: Readonly<Record<string, string>>;
  /** Whether it was an artifact. */
  readonly converted: boolean;
}

/**
 * Makes an ONNX file of whatever the file is: it is taken as it is, or converted where it is a trained model's artifact.
 *
 * @throws `onnx.model` for a file that is neither, `artifact.*` for a damaged artifact.
 */
export async function onnxFileOf(model: ModelFile, conversion: Conversion): Promise<OnnxFile> {
  const source = "path" in model ? model.path : model.bytes;
  if (!(await isArtifactFile(model))) {
    return { file: source, metadata: Object.fromEntries(await readOnnxMetadata(source)), converted: false };
  }
  const onnx = await convertToOnnx(source, conversion);
  return { file: onnx.toBytes(), metadata: onnx.metadata, converted: true };
}

/** Whether a file is a trained model's artifact, told from its first bytes. Throws `artifact.source` when it is not there. */
export async function isArtifactFile(model: ModelFile): Promise<boolean> {
  return isArtifact("path" in model ? await startOf(model.path) : model.bytes.subarray(0, 512));
}

/** The bytes of a file, for runtimes that read no files. */
export async function bytesOfFile(file: string | Uint8Array): Promise<Uint8Array> {
  return typeof file === "string" ? readFile(file) : file;
}

/** Where a tar says that it is one (POSIX ustar). */
const tarMagic = { at: 257, text: "ustar" } as const;

/** A gzip file, a tar or a list of MXNet arrays (0x112 as a 64-bit number). */
function isArtifact(start: Uint8Array): boolean {
  const [first, second, third] = start;
  if (first === 0x1f && second === 0x8b) return true;
  if (first === 0x12 && second === 0x01 && third === 0) return true;
  const magic = start.subarray(tarMagic.at, tarMagic.at + tarMagic.text.length);
  return new TextDecoder("latin1").decode(magic) === tarMagic.text;
}

async function startOf(path: string): Promise<Uint8Array> {
  const file = await open(path, "r").catch((cause: unknown) => {
    const expected = "an ONNX file, or the model.tar.gz or weights file of a trained model";
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new SegmentationError("artifact.source", `The model cannot be read: ${why}. Expected ${expected}.`, {
      source: path,
      expected,
    });
  });
  try {
    const { buffer, bytesRead } = await file.read(new Uint8Array(512), 0, 512, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}
