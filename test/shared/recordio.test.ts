import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import {
  createProbabilityMap,
  decodeProbabilities,
  defineClasses,
  encodeProbabilities,
  readRecord,
  readRecordIO,
  SegmentationError,
} from "../../src/masks.js";
import type { RecordValue } from "../../src/masks.js";

// Streams of the official Python SDK with what its own reader makes of them; see the README of this folder.
const folder = fileURLToPath(new URL("../../../shared/peers/python-sdk/recordio/", import.meta.url));
const missing = !existsSync(folder);
if (missing) console.warn("test/shared: ../shared/peers/python-sdk/recordio is missing, its tests are skipped");

interface Value {
  readonly type: string;
  readonly values?: (number | string)[];
  readonly value?: string[];
  readonly keys?: number[];
  readonly shape?: number[];
  readonly content_type?: string;
}

interface SdkRecord {
  readonly features?: Record<string, Value>;
  readonly label?: Record<string, Value>;
  readonly uid?: string;
  readonly metadata?: string;
  readonly configuration?: string;
}

interface Case {
  readonly file: string;
  readonly sdk: { readonly records?: SdkRecord[]; readonly raises?: string };
  readonly mask?: number[][];
}

const parsed: unknown = missing ? [] : JSON.parse(readFileSync(`${folder}cases.json`, "utf8"));
const cases = (Array.isArray(parsed) ? parsed : (parsed as { cases: Case[] }).cases) as Case[];
const read = (file: string): Uint8Array => new Uint8Array(readFileSync(folder + file));

/** Truncated streams that the official reader lets pass; ours must refuse them (dossier 7.3). */
const stricter = new Set(["cut-in-magic.rec", "cut-in-padding.rec"]);

function plain(value: RecordValue): Value {
  if (value.type === "bytes") {
    return {
      type: value.type,
      value: value.value.map((bytes) => Buffer.from(bytes).toString("hex")),
      ...(value.contentType === undefined ? {} : { content_type: value.contentType }),
    };
  }
  return {
    type: value.type,
    values: [...value.values],
    ...(value.keys.length > 0 ? { keys: [...value.keys] } : {}),
    ...(value.shape.length > 0 ? { shape: [...value.shape] } : {}),
  };
}

const numberOf = (value: number | string): number => (value === "-0" ? -0 : Number(value));

function expectValue(actual: RecordValue | undefined, expected: Value): void {
  const found = plain(actual!);
  if (expected.values === undefined) {
    expect(found).toEqual(expected);
    return;
  }
  const numbers = expected.values.map(numberOf);
  expect({ ...found, values: undefined }).toEqual({ ...expected, values: undefined });
  expect(found.values).toEqual(expected.type === "float32_tensor" ? [...Float32Array.from(numbers)] : numbers);
}

describe.skipIf(missing)("RecordIO-protobuf streams of the Python SDK", () => {
  it.each(cases.map((one) => [one.file, one] as const))("%s", (file, { sdk }) => {
    const bytes = read(file);
    if (sdk.records === undefined || stricter.has(file)) {
      expect(() => readRecordIO(bytes)).toThrow(SegmentationError);
      return;
    }
    const records = readRecordIO(bytes).map((payload) => readRecord(payload));
    expect(records).toHaveLength(sdk.records.length);
    for (const [index, expected] of sdk.records.entries()) {
      const record = records[index]!;
      for (const side of ["features", "label"] as const) {
        const wanted = Object.entries(expected[side] ?? {});
        expect([...record[side].keys()].sort()).toEqual(wanted.map(([name]) => name).sort());
        for (const [name, value] of wanted) expectValue(record[side].get(name), value);
      }
      expect([record.uid, record.metadata, record.configuration]).toEqual([
        expected.uid,
        expected.metadata,
        expected.configuration,
      ]);
    }
  });

  it.each(cases.filter(({ mask }) => mask !== undefined).map((one) => [one.file, one] as const))(
    "gives the notebook's mask for %s",
    (file, { mask }) => {
      const found = decodeProbabilities(read(file));
      const classes = defineClasses(Array.from({ length: found.shape[0] }, (_, index) => `class ${index}`));
      const map = createProbabilityMap(found.width, found.height, found.data, classes);
      const answer = map.argmax();
      expect([answer.height, answer.width]).toEqual([mask!.length, mask![0]!.length]);
      expect([...answer.data]).toEqual(mask!.flat());
    },
  );

  it("reads the bare message and writes the official bytes again", () => {
    const bare = decodeProbabilities(read("bare-protobuf.rec"));
    expect(bare.shape).toEqual([2, 1, 3]);
    expect(encodeProbabilities(bare, { framing: "bare" })).toEqual(read("bare-protobuf.rec"));
    for (const file of ["answer-2x1x3.rec", "answer-3x4x5.rec", "answer-21x9x7.rec"]) {
      expect(encodeProbabilities(decodeProbabilities(read(file)))).toEqual(read(file));
    }
    expect(() => decodeProbabilities(read("answer-two-records.rec"))).toThrow(/2 records/);
  });
});
