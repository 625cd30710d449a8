import { describeKind, sniffKind } from "../codec/sniff-kind.js";
import { parseTarHeader, tarBlock } from "../codec/tar/tar-header.js";
import { SegmentationError } from "../core/errors.js";
import type { ArtifactFile, ArtifactOptions, ArtifactSource } from "./artifact.js";
import { openSource } from "./byte-source.js";
import type { ByteSource } from "./byte-source.js";
import { ChunkReader } from "./chunk-reader.js";
import { gunzip, mostUnpacked } from "./gunzip.js";
import { hyperparametersFile, readHyperparameters } from "./hyperparameters.js";
import { limitsOf } from "./limits.js";
import type { ArtifactLimits } from "./limits.js";
import { looksLikeParams } from "./read-params.js";
import { tarEntries } from "./tar-entries.js";

/** What was taken out of an artifact. */
export interface ArchiveContents {
  readonly files: readonly ArtifactFile[];
  /** The weights that were asked for. */
  readonly weights: { readonly name: string; readonly bytes: Uint8Array } | undefined;
  readonly hyperparameters: Readonly<Record<string, string>> | undefined;
  readonly warnings: readonly string[];
}

/** How an artifact is read. */
export interface ArchiveReading {
  /** Whether to go through the whole archive, or to end with the files that are needed. */
  readonly all: boolean;
  readonly options: ArtifactOptions;
}

/** A file with settings is a few hundred bytes. */
const mostSettingsBytes = 1024 * 1024;

/** Names of the weights files, the first one that is there counts. */
export function wantedFiles(weights: ArtifactOptions["weights"]): readonly string[] {
  if (weights === undefined) return ["model_best.params", "model_algo-1"];
  if (weights === "best") return ["model_best.params"];
  return weights === "last" ? ["model_algo-1"] : [weights];
}

/**
 * Reads the files that make up a model: of a `model.tar.gz`, an unpacked tar, or a bare weights file.
 *
 * @throws `artifact.source`, `artifact.damaged`, `artifact.limit`, the signal's reason.
 */
export async function readArchive(source: ArtifactSource, reading: ArchiveReading): Promise<ArchiveContents> {
  const opened = await openSource(source, reading.options);
  const reader = new ChunkReader(opened.chunks, opened.size);
  try {
    const head = await reader.peek(8);
    if (looksLikeParams(head)) return await readBare(reader, opened, limitsOf(reading.options.limits));
    if (head[0] !== 0x1f || head[1] !== 0x8b) return await readTar(reader, reading);
    const most = opened.size === undefined ? Infinity : mostUnpacked(opened.size);
    const unpacked = new ChunkReader(gunzip(reader.rest()), most);
    try {
      return await readTar(unpacked, reading);
    } finally {
      await unpacked.close();
    }
  } finally {
    await reader.close();
  }
}

/** Tells files of another kind, before they would be called damaged archives. */
async function refuseForeign(reader: ChunkReader): Promise<void> {
  const head = await reader.peek(tarBlock);
  if (head.length === tarBlock && parseTarHeader(head).kind !== "damaged") return;
  const kind = sniffKind(head);
  const expected = "a model.tar.gz, a tar archive or a weights file";
  if (kind === "unknown" || kind === "text" || kind === "gzip") return;
  const message = `The model is ${describeKind(kind)}: expected ${expected}.`;
  if (kind === "empty") throw new SegmentationError("artifact.damaged", message, { offset: 0, expected });
  throw new SegmentationError("artifact.unsupported", message, { found: describeKind(kind), expected, offset: 0 });
}

async function readTar(reader: ChunkReader, { all, options }: ArchiveReading): Promise<ArchiveContents> {
  await refuseForeign(reader);
  const limits = limitsOf(options.limits);
  const wanted = wantedFiles(options.weights);
  const files: ArtifactFile[] = [];
  const warnings: string[] = [];
  let weights: { readonly name: string; readonly bytes: Uint8Array; readonly rank: number } | undefined;
  let settings: Readonly<Record<string, string>> | undefined;
  let settingsSeen = false;
  const entries = tarEntries(reader, limits, ({ name, reason }) => {
    warnings.push(`${JSON.stringify(name)} in the archive is ${reason} and was passed over`);
  });
  for await (const entry of entries) {
    // Another file follows that nobody asked for.
    if (!all && settingsSeen && weights?.rank === 0) return { files, weights, hyperparameters: settings, warnings };
    const { name, size } = entry;
    if (files.some((file) => file.name === name)) throw twice(name, entry.offset);
    files.push({ name, bytes: size });
    const rank = wanted.indexOf(name);
    if (rank >= 0 && (weights === undefined || rank < weights.rank)) {
      // The memory of weights that are not needed any more takes the better ones.
      weights = { name, bytes: await entry.read(weights?.bytes), rank };
    } else if (name === hyperparametersFile && size <= mostSettingsBytes) {
      const read = readHyperparameters(await entry.read());
      if (read.settings === undefined) warnings.push(read.warning);
      settings = read.settings;
      settingsSeen = true;
    }
  }
  await drain(reader, limits);
  return { files, weights, hyperparameters: settings, warnings };
}

/** Reads the end, where gzip has its checksum. Archives are padded with zeros to some 10 kB, at times to a megabyte. */
async function drain(reader: ChunkReader, limits: ArtifactLimits): Promise<void> {
  const left = limits.unpackedBytes - reader.offset;
  if ((await reader.skip(left + 1)) <= left) return;
  throw limitPassed("unpackedBytes", limits.unpackedBytes, reader.offset);
}

async function readBare(
  reader: ChunkReader,
  { name = "weights", size, whole }: ByteSource,
  limits: ArtifactLimits,
): Promise<ArchiveContents> {
  if (size !== undefined && size > limits.weightsBytes) throw limitPassed("weightsBytes", limits.weightsBytes, size);
  const bytes = whole ?? (size === undefined ? await collect(reader, limits) : await exactly(reader, size));
  return { files: [{ name, bytes: bytes.length }], weights: { name, bytes }, hyperparameters: undefined, warnings: [] };
}

async function exactly(reader: ChunkReader, size: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(size);
  return bytes.subarray(0, await reader.fill(bytes));
}

/** A stream of unknown length: its chunks are kept and joined in the end. */
async function collect(reader: ChunkReader, { weightsBytes }: ArtifactLimits): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of reader.rest()) {
    if (reader.offset > weightsBytes) throw limitPassed("weightsBytes", weightsBytes, reader.offset);
    chunks.push(chunk);
  }
  const bytes = new Uint8Array(reader.offset);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}

function limitPassed(what: keyof ArtifactLimits, limit: number, actual: number): SegmentationError<"artifact.limit"> {
  const message = `The model has at least ${actual} bytes; the limit ${what} is ${limit}.`;
  return new SegmentationError("artifact.limit", message, { what, limit, actual });
}

function twice(name: string, offset: number): SegmentationError<"artifact.damaged"> {
  const message = `The archive is damaged at byte ${offset}: ${JSON.stringify(name)} is there twice.`;
  return new SegmentationError("artifact.damaged", message, { file: name, offset, expected: "names that differ" });
}
