import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readProbabilities, writeProbabilities } from "../../src/codec/record/probabilities.js";
import { readRecord } from "../../src/codec/record/read-record.js";
import { SegmentationError } from "../../src/core/errors.js";
import { encodeRecord as encode } from "../support/record-messages.js";
import { refusalOf } from "../support/refusal-of.js";

const hex = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, "hex"));

// Dossier 7.5.
const bare = hex(
  "0a110a05736861706512083a060a04010201030a260a06746172676574121c121a0a180000403f0000003f0000003e0000803e0000003f0000603f",
);
const framed = hex(`0a23d7ce3b000000${Buffer.from(bare).toString("hex")}00`);
const values = [0.75, 0.5, 0.125, 0.25, 0.5, 0.875];

function failure(bytes: Uint8Array): SegmentationError {
  try {
    readProbabilities(bytes);
  } catch (error) {
    if (SegmentationError.is(error)) return error;
    throw error;
  }
  throw new Error("the bytes were accepted");
}

describe("writeProbabilities", () => {
  it("refuses shapes that are none and misspelt framings", () => {
    for (const shape of [
      [-1, -1, 4],
      [2, 1.5, 2],
      [0, 1, 1],
      [NaN, 1, 1],
    ] as const) {
      const data = new Float32Array(Math.abs(shape[0] * shape[1] * shape[2]) || 0);
      expect(refusalOf(() => writeProbabilities({ shape, data })).code).toBe("input.invalid");
    }
    const framing = "bar" as "bare";
    expect(refusalOf(() => writeProbabilities({ shape: [1, 1, 1], data: new Float32Array(1) }, { framing })).code).toBe(
      "input.invalid",
    );
  });
});

describe("probability answers", () => {
  it("reads the dossier's vector, framed and bare", () => {
    for (const bytes of [framed, bare]) {
      const found = readProbabilities(bytes);
      expect(found).toMatchObject({ width: 3, height: 1, shape: [2, 1, 3] });
      expect([...found.data]).toEqual(values);
    }
  });

  it("writes the dossier's vector byte for byte", () => {
    const answer = { shape: [2, 1, 3] as const, data: Float32Array.from(values) };
    expect(writeProbabilities(answer)).toEqual(framed);
    expect(writeProbabilities(answer, { framing: "bare" })).toEqual(bare);
  });

  it("is a view where the values lie on a multiple of 4, and right at every alignment", () => {
    for (let shift = 0; shift < 8; shift++) {
      const memory = new Uint8Array(shift + framed.length);
      memory.set(framed, shift);
      const found = readProbabilities(memory.subarray(shift));
      expect([...found.data]).toEqual(values);
      // The values begin at byte 43 of the stream.
      expect(found.data.buffer === memory.buffer).toBe((shift + 43) % 4 === 0);
    }
  });

  it("reads what it writes for any shape and float", () => {
    const answer = fc
      .tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 40 }))
      .chain(([c, h, w]) =>
        fc.record({
          shape: fc.constant([c, h, w] as const),
          data: fc.float32Array({ minLength: c * h * w, maxLength: c * h * w }),
        }),
      );
    fc.assert(
      fc.property(answer, fc.constantFrom("recordio", "bare"), ({ shape, data }, framing) => {
        const found = readProbabilities(writeProbabilities({ shape, data }, { framing }));
        expect(found.shape).toEqual(shape);
        expect(found.data).toEqual(data);
      }),
      { numRuns: 60 },
    );
  });

  it("takes (C, H, W), the tensor's own shape, and doubles", () => {
    const target = { float32_tensor: { values } };
    const three = encode({ features: { target, shape: { int32_tensor: { values: [2, 1, 3] } } } });
    expect(readProbabilities(three).shape).toEqual([2, 1, 3]);
    const own = encode({ features: { target: { float32_tensor: { values, shape: [1, 2, 1, 3] } } } });
    expect(readProbabilities(own).shape).toEqual([2, 1, 3]);
    const doubles = encode({
      features: { shape: { int32_tensor: { values: [1, 2, 1, 3] } }, target: { float64_tensor: { values } } },
    });
    expect(readProbabilities(doubles).data).toEqual(Float32Array.from(values));
  });

  it.each<[string, object, RegExp]>([
    ["no features", { uid: "x" }, /no features/],
    ["other features", { features: { prediction: { float32_tensor: { values } } } }, /features "prediction"/],
    ["no shape", { features: { target: { float32_tensor: { values } } } }, /shape is \(\)/],
    [
      "a shape that does not fit",
      { features: { target: { float32_tensor: { values } }, shape: { int32_tensor: { values: [1, 2, 2, 2] } } } },
      /2 x 2 x 2 does not fit 6 values/,
    ],
    [
      "a negative shape",
      { features: { target: { float32_tensor: { values } }, shape: { int32_tensor: { values: [1, -2, -1, 3] } } } },
      /shape is \(1, -2, -1, 3\)/,
    ],
    [
      "two images",
      { features: { target: { float32_tensor: { values } }, shape: { int32_tensor: { values: [2, 1, 1, 3] } } } },
      /shape is \(2, 1, 1, 3\)/,
    ],
    ["sparse values", { features: { target: { float32_tensor: { values, keys: [1, 2, 3, 4, 5, 6] } } } }, /sparse/],
  ])("refuses %s", (_, record, message) => {
    const error = failure(encode(record));
    expect(error.code).toBe("codec.record");
    expect(error.message).toMatch(message);
  });

  it("refuses no bytes, several records and every truncation", () => {
    expect(failure(new Uint8Array(0)).message).toMatch(/no bytes/);
    expect(failure(new Uint8Array(Buffer.concat([framed, framed]))).message).toMatch(/2 records/);
    for (let length = 1; length < bare.length; length++)
      expect(failure(bare.subarray(0, length)).code).toBe("codec.record");
  });

  it("refuses data that does not fit its shape", () => {
    expect(() => writeProbabilities({ shape: [2, 2, 2], data: new Float32Array(7) })).toThrow(/7 values/);
  });
});

describe("readRecord", () => {
  it("reads what protobufjs writes", () => {
    const float = fc.float({ noNaN: true });
    const tensor = <Value>(value: fc.Arbitrary<Value>) =>
      fc.record({ values: fc.array(value), keys: fc.array(fc.nat()), shape: fc.array(fc.nat()) });
    const value = fc.oneof(
      tensor(float).map((float32_tensor) => ({ float32_tensor })),
      tensor(fc.double({ noNaN: true })).map((float64_tensor) => ({ float64_tensor })),
      tensor(fc.integer()).map((int32_tensor) => ({ int32_tensor })),
    );
    fc.assert(
      fc.property(fc.dictionary(fc.string({ maxLength: 8 }), value, { maxKeys: 4 }), fc.string(), (features, uid) => {
        const record = readRecord(encode({ features, uid }));
        expect(record.uid).toBe(uid);
        expect(record.features.size).toBe(Object.keys(features).length);
        for (const [name, expected] of Object.entries(features)) {
          const found = record.features.get(name);
          const [type, wanted] = Object.entries(expected)[0]!;
          if (found === undefined || found.type === "bytes") throw new Error("no tensor");
          expect(found.type).toBe(type);
          expect({ values: [...found.values], keys: found.keys, shape: found.shape }).toEqual(wanted);
        }
      }),
      { numRuns: 80 },
    );
  });

  it("takes names of the prototype for ordinary names", () => {
    const record = readRecord(encode({ label: { constructor: { bytes: { value: [new Uint8Array(2)] } } } }));
    expect(record.label.get("constructor")).toEqual({
      type: "bytes",
      value: [new Uint8Array(2)],
      contentType: undefined,
    });
    expect(record.features.get("toString")).toBeUndefined();
  });

  it("skips unknown fields of every wire type, groups included", () => {
    // Field 15: varint, fixed64, bytes, a group with a nested group, fixed32; then uid "u".
    const unknown = "7801" + "790102030405060708" + "7a0101" + "7b7b0801 7c7c".replaceAll(" ", "") + "7d01020304";
    expect(readRecord(hex(`${unknown}1a0175`)).uid).toBe("u");
  });

  it("limits the entries and the whole numbers of a record, which take more memory than bytes", () => {
    // Features whose name is "a" and whose value is empty.
    const entries = (count: number): Uint8Array => hex("0a050a01611200".repeat(count));
    expect(readRecord(entries(3), { maxEntries: 3 }).features.size).toBe(0);
    expect(() => readRecord(entries(4), { maxEntries: 3 })).toThrow(/more than 3 entries \(byte \d+\)/);
    expect(() => readRecord(entries(100_001))).toThrow(/more than 100000 entries/);
    const pieces = encode({ label: { a: { bytes: { value: new Array<Uint8Array>(4).fill(new Uint8Array(0)) } } } });
    expect(readRecord(pieces, { maxEntries: 5 }).label.size).toBe(1);
    expect(() => readRecord(pieces, { maxEntries: 4 })).toThrow(/maxEntries/);
    const numbers = encode({ features: { a: { int32_tensor: { values: [1, 2], keys: [3], shape: [4, 5] } } } });
    expect(readRecord(numbers, { maxIntegers: 5 }).features.size).toBe(1);
    expect(() => readRecord(numbers, { maxIntegers: 4 })).toThrow(/more than 4 whole numbers/);
    const many = encode({ features: { a: { int32_tensor: { values: [] } } } });
    expect(readRecord(many, { maxIntegers: 0 }).features.size).toBe(1);
  });

  it.each([
    ["field number 0", "0000"],
    ["wire type 6", "0e"],
    ["wire type 7", "0f"],
    ["a varint of eleven bytes", "78ffffffffffffffffffff01"],
    ["a length beyond the message", "1aff01"],
    ["a huge length", "1affffffffffffffff7f"],
    ["a group without end", "7b0801"],
    ["a group's end without begin", "7c"],
    ["another group's end", "7b14"],
    ["101 nested groups", "7b".repeat(101) + "7c".repeat(101)],
    ["features that are numbers", "0801"],
    ["packed floats of 3 bytes", "0a0b12091207" + "0a03000000" + "0800"],
  ])("refuses %s", (_, bytes) => {
    expect(() => readRecord(hex(bytes))).toThrow(SegmentationError);
  });

  it("gives a record or a typed error for any bytes", () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 60 }),
        fc.array(fc.tuple(fc.nat(58), fc.nat(255)), { maxLength: 3 }),
        (noise, edits) => {
          const damaged = Uint8Array.from(bare);
          for (const [at, value] of edits) damaged[at] = value;
          for (const bytes of [noise, damaged]) {
            try {
              readRecord(bytes);
            } catch (error) {
              if (!SegmentationError.is(error, "codec.record")) throw error;
            }
          }
        },
      ),
      { numRuns: 500 },
    );
  });
});
