import { gunzipSync, gzipSync } from "node:zlib";
import { inspectArtifact } from "../../src/artifact/inspect-artifact.js";
import { openArtifact } from "../../src/artifact/open-artifact.js";
import { artifactBytes, f32, join, listBytes, recordBytes, u32, u64 } from "../../test/support/params-bytes.js";
import { paxLine, tarBytes, tarEntryBytes, withChecksum } from "../../test/support/tar-bytes.js";
import { netParams } from "../../test/support/thin-nets.js";
import type { FuzzedDecoder } from "./decoders.js";
import { mutate } from "./mutate.js";
import type { Dice } from "./random.js";

/** Longest mutant: the thin network has 60 kB. */
const longest = 2 ** 18;
const block = 512;

const settings = new TextEncoder().encode('{"algorithm":"fcn","num_classes":"2"}');
const net = netParams({ algorithm: "fcn", depth: 50, classes: 2, aux: false, divisor: 64 }, 1);
/** A record of each version, a half, a scalar, and a sparse one in a file of its own. */
const records = [
  join([u32(0xf993fac8, 1), u64(2), u32(1, 0, 0), f32(1, 2)]),
  join([u32(1, 2), u32(1, 0, 0), f32(3, 4)]),
  recordBytes({ shape: [2, 1], data: Uint8Array.of(0, 0x3c, 0, 0xc0), flag: 2 }),
  join([u32(0xf993faca, 0, 0, 1, 0, 0), f32(3.5)]),
];
const mixed = listBytes(records, ["a.b", "conv1.0.weight", "head.block.4.bias", "größe.x"]);
const rowSparse = join([u32(0xf993fac9, 1, 1), u64(1), u32(1), u64(3), u32(1, 0, 0, 6, 1), u64(1), f32(5), u64(2)]);
const sparse = listBytes([rowSparse, records[0]!], ["sparse", "dense"]);
const dialects = tarBytes(
  tarEntryBytes("x", join([paxLine("path", "./hyperparams.json"), paxLine("size", "37")]), { type: "x" }),
  tarEntryBytes("cut", settings),
  tarEntryBytes("././@LongLink", new TextEncoder().encode("model_algo-1"), { type: "L" }),
  tarEntryBytes("cut", mixed),
  tarEntryBytes("link", new Uint8Array(), { type: "2" }),
  tarEntryBytes("model_best.params", sparse),
);

/** Undamaged artifacts: weights files, archives, packed archives. */
const corpus: readonly Uint8Array[] = [
  mixed,
  sparse,
  net,
  dialects,
  gzipSync(dialects),
  artifactBytes({ "hyperparams.json": settings, "model_algo-1": mixed }),
  artifactBytes({ "hyperparams.json": settings, "model_algo-1": mixed, "model_best.params": net }),
];

/** Changes packed bytes, or what is in them, and repairs checksums more often than not: else nothing behind them is reached. */
function mutateArtifact(bytes: Uint8Array, dice: Dice, others: readonly Uint8Array[]): Uint8Array {
  const packed = bytes[0] === 0x1f;
  if (!packed && bytes !== dialects) return mutate(bytes, dice, others, longest);
  if (packed && dice.below(4) === 0) return mutate(bytes, dice, others, longest);
  const tar = packed ? new Uint8Array(gunzipSync(bytes)) : bytes;
  const mutant = mutate(dice.below(3) === 0 ? headOf(tar, dice) : tar, dice, [mixed, sparse, dialects], longest);
  if (dice.below(4) > 0) repairChecksums(mutant);
  return packed ? gzipSync(mutant, { level: dice.below(2) }) : mutant;
}

/** The start of an archive alone, so that its headers are hit. */
function headOf(tar: Uint8Array, dice: Dice): Uint8Array {
  return tar.subarray(0, block * (1 + dice.below(8)));
}

function repairChecksums(tar: Uint8Array): void {
  for (let at = 0; at + block <= tar.length; at += block) {
    const head = tar.subarray(at, at + block);
    // "ustar", where a header has it.
    if (head[257] === 0x75 && head[258] === 0x73) withChecksum(head);
  }
}

const limits = { unpackedBytes: 2 ** 26, weightsBytes: 2 ** 24 };

/** Model artifacts, with all that can be around and in them. */
export const artifactDecoder: FuzzedDecoder = {
  corpus,
  mutate: mutateArtifact,
  decode(bytes, dice) {
    const source = dice.below(3) === 0 ? chunksOf(bytes, 50 + dice.below(4000)) : bytes;
    const options = dice.below(2) === 0 ? { limits } : { weights: dice.pick(["best", "last", "x"]) };
    return dice.below(2) === 0 ? openArtifact(source, options) : inspectArtifact(source, options);
  },
};

async function* chunksOf(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield await Promise.resolve(bytes.subarray(at, at + size));
}
