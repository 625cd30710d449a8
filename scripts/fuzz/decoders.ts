import { encodeRecord } from "../../test/support/record-messages.js";
import { jpegBytes } from "../../test/support/jpeg-bytes.js";
import {
  decodeMask,
  decodeProbabilities,
  defineClasses,
  encodeProbabilities,
  maskFromProbabilityStream,
  readJpegHeader,
  readRecord,
  readRecordIO,
  SegmentationError,
  sniffImage,
  writeRecordIO,
} from "../../src/masks.js";
import type { IndexMask } from "../../src/masks.js";
import { withoutKernel } from "../../src/codec/kernel/kernel.js";
import { artifactDecoder } from "./artifact-mutants.js";
import { mutate } from "./mutate.js";
import { mutatePng, pngCorpus } from "./png-mutants.js";
import { dice } from "./random.js";
import type { Dice } from "./random.js";

/** One decoder under attack. */
export interface FuzzedDecoder {
  /** Undamaged input. */
  readonly corpus: readonly Uint8Array[];
  mutate(bytes: Uint8Array, random: Dice, corpus: readonly Uint8Array[]): Uint8Array;
  /** Decodes; throws what the decoder throws. */
  decode(bytes: Uint8Array, random: Dice): unknown;
}

const classes = defineClasses(["background", "turtle", "crab"]);
const random = dice(2, 0);
const values = Array.from({ length: 60 }, () => random.below(1000) / 1000);
const shape = { int32_tensor: { values: [1, 3, 4, 5] } };
const target = { float32_tensor: { values } };
const answer = { shape: [3, 4, 5] as const, data: Float32Array.from(values) };

const records: readonly Uint8Array[] = [
  encodeProbabilities(answer, { framing: "bare" }),
  encodeRecord({ features: { target, shape } }),
  encodeRecord({ features: { shape, target: { float64_tensor: { values } } } }),
  encodeRecord({ features: { target: { float32_tensor: { values, shape: [3, 4, 5] } } } }),
  encodeRecord({ features: { shape, target: { int32_tensor: { values: values.map((value) => Math.floor(value * 9)) } } } }),
  encodeRecord({ features: { a: { bytes: { value: [new Uint8Array(5)], content_type: "x/y" } } }, label: { shape }, uid: "u" }),
]; // prettier-ignore

/** Limits that a mutant's header may ask for; the memory that is checked follows from them. */
const maxPixels = 2 ** 20;

const maskOptions = [
  { maxPixels },
  { maxPixels, classes },
  { maxPixels, classes, ignoreUnknown: true },
  { maxPixels, colorMap: { "#000000": 0, "#ffffff": 1, "#2ca02c": 2 }, ignoreUnknown: true, transparent: 3 },
  { maxPixels, out: new Uint8Array(700) },
];

const byBytes = (corpus: readonly Uint8Array[], decode: FuzzedDecoder["decode"]): FuzzedDecoder => ({
  corpus,
  mutate,
  decode,
});

/** The decoders by name. */
export const decoders: Readonly<Record<string, FuzzedDecoder>> = {
  png: {
    corpus: pngCorpus(),
    mutate: mutatePng,
    decode(bytes, dice) {
      const options = dice.pick(maskOptions);
      const decode = (): unknown => decodeMask(bytes, options);
      if (dice.below(4) > 0) return decode();
      // Both paths must tell the same.
      const [kernel, plain] = [outcomeOf(decode), withoutKernel(() => outcomeOf(decode))];
      if (kernel.text !== plain.text) throw new Error(`with kernel ${kernel.text}, without ${plain.text}`);
      if (kernel.error !== undefined) throw kernel.error;
      return kernel;
    },
  },
  recordio: byBytes(
    [
      writeRecordIO(records),
      writeRecordIO([Uint8Array.of(1, 2, 3), new Uint8Array(0), new Uint8Array(40).fill(7)]),
      writeRecordIO([Uint8Array.from(Buffer.from("0a23d7ce010203040a23d7ce0a23d7ce05", "hex"))], { split: true }),
    ],
    (bytes) => readRecordIO(bytes, { maxRecords: 1000 }),
  ),
  record: byBytes(records, (bytes) => readRecord(bytes)),
  probabilities: byBytes([...records, ...records.map((record) => writeRecordIO([record]))], async (bytes, dice) => {
    const stream = maskFromProbabilityStream(chunksOf(bytes, 1 + dice.below(60)), { classes, maxPixels });
    const streamed = await stream.catch((error: unknown) => error);
    const whole = decodeProbabilities(bytes, { classes }).argmax();
    // The stream may refuse what the reader of whole answers takes, with an error; a mask must be the same.
    if (!(streamed instanceof Error)) {
      if (Buffer.compare((streamed as typeof whole).data, whole.data) !== 0) throw new Error("two different masks");
    } else if (!SegmentationError.is(streamed)) throw streamed;
    return whole;
  }),
  jpeg: byBytes(
    [
      jpegBytes({ width: 300, height: 200 }),
      jpegBytes({ width: 1, height: 65535, orientation: 6, components: 1 }),
      jpegBytes({ width: 640, height: 480, padding: 40, marker: 0xc2, orientation: 1 }),
    ],
    (bytes) => (sniffImage(bytes), readJpegHeader(bytes)),
  ),
  artifact: artifactDecoder,
};

function outcomeOf(decode: () => unknown): { readonly text: string; readonly error?: SegmentationError } {
  try {
    const { width, height, data } = decode() as IndexMask;
    return { text: `${width} x ${height} ${Buffer.from(data).toString("base64")}` };
  } catch (error) {
    if (SegmentationError.is(error)) return { text: error.code, error };
    throw error;
  }
}

function* chunksOf(bytes: Uint8Array, size: number): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}
