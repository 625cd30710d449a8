import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import {
  createProbabilityMap,
  decodeProbabilities,
  defineClasses,
  encodeProbabilities,
  maskFromProbabilityStream,
  SegmentationError,
  writeRecordIO,
} from "../../src/masks.js";
import { encodeRecord } from "../support/record-messages.js";

const classes = defineClasses(["background", "turtle", "crab"]);
// Three planes of 2 rows by 2 columns.
const values = [0.5, 0.25, 0.125, 1, 0.5, 0.75, 0.25, 0, 0, 0, 0.625, 0];
const indices = [0, 1, 2, 0];
const map = createProbabilityMap(2, 2, Float32Array.from(values), classes);
const shape = { int32_tensor: { values: [1, 3, 2, 2] } };
const target = { float32_tensor: { values } };

const utf8 = (text: string): number[] => [...new TextEncoder().encode(text)];
const varint = (value: number): number[] => (value < 128 ? [value] : [(value & 127) | 128, ...varint(value >> 7)]);
/** A length-delimited field. */
const field = (number: number, ...parts: readonly (readonly number[])[]): number[] => {
  const body = parts.flat();
  return [(number << 3) | 2, ...varint(body.length), ...body];
};
const float = (value: number): number[] => [...new Uint8Array(Float32Array.of(value).buffer)];
const shapeEntry = field(1, field(1, utf8("shape")), field(2, field(7, field(1, [1, 3, 2, 2]))));
const name = field(1, utf8("target"));
const packed = field(1, values.flatMap(float));

function* chunksOf(bytes: Uint8Array, size: number): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.slice(at, at + size);
}

const read = (bytes: Uint8Array, size = 7, options: object = {}) =>
  maskFromProbabilityStream(chunksOf(bytes, size), { classes, ...options });

async function refusalOf(work: Promise<unknown>): Promise<SegmentationError> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!SegmentationError.is(error)) throw new Error(`no refusal: ${String(error)}`);
  return error;
}

describe("maskFromProbabilityStream", () => {
  it("does not take memory anew each time an answer begins anew", async () => {
    const entryOf = (height: number) =>
      field(1, field(1, utf8("shape")), field(2, field(7, field(1, [1, 3, ...varint(height), ...varint(10_000)]))));
    const begin = field(1, name, field(2, field(2, field(1))));
    const last = [...shapeEntry, ...field(1, name, field(2, field(2, packed)))];
    // 100 million pixels are 500 MB: 4,000 beginnings would take 2 TB one after another.
    const bytes = Array.from({ length: 4000 }, (_, at) => [...entryOf(6000 + at), ...begin]).flat();
    const Taken = globalThis.Float32Array;
    let taken = 0;
    vi.stubGlobal(
      "Float32Array",
      new Proxy(Taken, {
        construct(from, [length, ...rest]: [unknown, ...unknown[]], target) {
          if (typeof length === "number") taken += length;
          return Reflect.construct(from, [length, ...rest], target) as object;
        },
      }),
    );
    try {
      const mask = await read(Uint8Array.from([...bytes, ...last]), 100_000);
      expect([...mask.data]).toEqual(indices);
    } finally {
      vi.unstubAllGlobals();
    }
    expect(taken).toBeLessThan(300_000_000);
  });

  it("gives the same mask for chunks of every size, one byte included", async () => {
    for (const framing of ["recordio", "bare"] as const) {
      const bytes = encodeProbabilities(map, { framing });
      for (let size = 1; size <= bytes.length; size++) {
        const mask = await read(bytes, size);
        expect([...mask.data]).toEqual(indices);
        expect([mask.width, mask.height, mask.classes]).toEqual([2, 2, classes]);
      }
    }
  });

  it("gives the highest probabilities on request", async () => {
    const chunks = chunksOf(encodeProbabilities(map), 5);
    const { mask, confidence } = await maskFromProbabilityStream(chunks, { classes, confidence: true });
    expect([...mask.data]).toEqual(indices);
    expect([...confidence]).toEqual([0.5, 0.75, 0.625, 1]);
  });

  it("equals the argmax of the whole answer for any sizes, chunks and values", async () => {
    const value = fc.oneof(fc.float(), fc.constantFrom(0, 0.5, 1, NaN, -0));
    const answer = fc
      .tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 12 }))
      .chain(([c, h, w]) =>
        fc.record({
          size: fc.constant([c, h, w] as const),
          data: fc.array(value, { minLength: c * h * w, maxLength: c * h * w }),
          cuts: fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1 }),
          shift: fc.nat(7),
        }),
      );
    await fc.assert(
      fc.asyncProperty(answer, async ({ size: [c, h, w], data, cuts, shift }) => {
        const table = defineClasses(Array.from({ length: c }, (_, index) => `class ${index}`));
        const bytes = encodeProbabilities({ shape: [c, h, w], data: Float32Array.from(data) });
        const chunks: Uint8Array[] = [];
        for (let at = 0, n = 0; at < bytes.length; n++) {
          const length = cuts[n % cuts.length]!;
          const memory = new Uint8Array(shift + length);
          memory.set(bytes.subarray(at, at + length), shift);
          chunks.push(memory.subarray(shift, shift + Math.min(length, bytes.length - at)));
          at += length;
        }
        const found = await maskFromProbabilityStream(chunks, { classes: table, confidence: true });
        const expected = decodeProbabilities(bytes, { classes: table }).argmax({ confidence: true });
        expect(found.mask.data).toEqual(expected.mask.data);
        expect(found.confidence).toEqual(expected.confidence);
      }),
      { numRuns: 100 },
    );
  });

  it("keeps one mask and no chunk: chunks may lie in the same memory, and memory does not grow with the answer", async () => {
    const [c, side] = [64, 256];
    const table = defineClasses(Array.from({ length: c }, (_, index) => `class ${index}`));
    const data = Float32Array.from({ length: c * side * side }, (_, at) => (at * 7919) % 1009);
    const bytes = encodeProbabilities({ shape: [c, side, side], data });
    const expected = createProbabilityMap(side, side, data, table).argmax();
    const before = process.memoryUsage().arrayBuffers;
    let most = 0;
    function* reused(): Generator<Uint8Array> {
      const memory = new Uint8Array(50_001);
      for (let at = 0; at < bytes.length; at += memory.length) {
        const chunk = bytes.subarray(at, at + memory.length);
        memory.set(chunk);
        yield memory.subarray(0, chunk.length);
        most = Math.max(most, process.memoryUsage().arrayBuffers - before);
      }
    }
    const mask = await maskFromProbabilityStream(reused(), { classes: table });
    expect(Buffer.compare(mask.data, expected.data)).toBe(0);
    // The answer has 16.8 MB; 65,536 pixels need 5 bytes each.
    expect(most).toBeLessThan(1_000_000);
  });

  it("takes target before shape: the lengths tell the number of pixels", async () => {
    const bytes = Uint8Array.from([...field(1, name, field(2, field(2, packed))), ...shapeEntry]);
    for (const size of [1, 9, 1000]) {
      expect([...(await read(bytes, size, { maxBufferedBytes: 0 })).data]).toEqual(indices);
    }
  });

  it.each<[string, Uint8Array]>([
    ["doubles", encodeRecord({ features: { shape, target: { float64_tensor: { values } } } })],
    [
      "the tensor's own shape",
      encodeRecord({ features: { target: { float32_tensor: { values, shape: [3, 2, 2] } } } }),
    ],
    [
      "values that are not packed",
      Uint8Array.from([
        ...shapeEntry,
        ...field(1, name, field(2, field(2, ...values.map((value) => [0x0d, ...float(value)])))),
      ]),
    ],
    [
      "values in two packed pieces, before the shape",
      Uint8Array.from([
        ...field(
          1,
          name,
          field(2, field(2, field(1, values.slice(0, 5).flatMap(float)), field(1, values.slice(5).flatMap(float)))),
        ),
        ...shapeEntry,
      ]),
    ],
    [
      "a tensor in two pieces",
      Uint8Array.from([
        ...shapeEntry,
        ...field(
          1,
          name,
          field(2, field(2, field(1, values.slice(0, 5).flatMap(float)))),
          field(2, field(2, field(1, values.slice(5).flatMap(float)))),
        ),
      ]),
    ],
    ["a name behind its value", Uint8Array.from([...shapeEntry, ...field(1, field(2, field(2, packed)), name)])],
    [
      "unknown fields everywhere",
      Uint8Array.from([
        ...field(14, [1, 2]),
        0x78,
        1,
        0x7b,
        0x7b,
        8,
        1,
        0x7c,
        0x7c,
        ...shapeEntry,
        ...field(1, field(13, [9]), name, field(2, field(5, [1]), field(2, field(9, []), packed))),
      ]),
    ],
    [
      "a target that replaces another",
      Uint8Array.from([
        ...shapeEntry,
        ...field(1, name, field(2, field(2, field(1, float(9))))),
        ...field(1, name, field(2, field(2, packed))),
      ]),
    ],
    [
      "labels and other features",
      encodeRecord({ features: { a: target, shape, target, z: shape }, label: { target: shape }, uid: "u" }),
    ],
  ])("takes %s, as the reader of whole answers does", async (_, bytes) => {
    expect([...decodeProbabilities(bytes, { classes }).argmax().data]).toEqual(indices);
    for (const size of [1, 3, 1000]) expect([...(await read(bytes, size)).data]).toEqual(indices);
    expect([...(await read(writeRecordIO([bytes]), 2)).data]).toEqual(indices);
  });

  it("takes integers", async () => {
    const bytes = encodeRecord({
      features: { shape, target: { int32_tensor: { values: [0, 1, 2, -3, 5, 0, 2, -9, 0, 0, 7, -3] } } },
    });
    expect([...(await read(bytes)).data]).toEqual([1, 0, 2, 0]);
  });

  it("joins records of several parts, the magic put back", async () => {
    // 0xCED7230A as a value: a negative float; dmlc's writer splits there when it lies on a multiple of 4.
    const odd = new Float32Array(Uint32Array.of(0xced7230a).buffer)[0]!;
    const data = Float32Array.from([...values.slice(0, 11), odd]);
    let parted = 0;
    for (let filler = 0; filler < 4; filler++) {
      const record = [
        ...field(14, new Array<number>(filler).fill(1)),
        ...encodeProbabilities({ shape: [3, 2, 2], data }, { framing: "bare" }),
      ];
      const bytes = writeRecordIO([Uint8Array.from(record)], { split: true });
      if (bytes.length > 8 + record.length + 3) parted++;
      for (const size of [1, 6, 1000]) expect([...(await read(bytes, size)).data]).toEqual(indices);
    }
    expect(parted).toBe(1);
  });

  it.each<[string, Uint8Array, string, RegExp]>([
    ["no bytes", new Uint8Array(0), "codec.record", /no bytes/],
    ["two records", writeRecordIO([encodeRecord({}), encodeRecord({})]), "codec.record", /2 records/],
    ["no features", encodeRecord({ uid: "x" }), "codec.record", /no features/],
    ["other features", encodeRecord({ features: { prediction: target } }), "codec.record", /features "prediction"/],
    ["no shape", encodeRecord({ features: { target } }), "codec.record", /shape is \(\)/],
    [
      "more values than the shape has",
      encodeRecord({ features: { shape: { int32_tensor: { values: [3, 1, 2] } }, target } }),
      "codec.record",
      /does not fit/,
    ],
    [
      "fewer values",
      encodeRecord({ features: { shape: { int32_tensor: { values: [3, 3, 2] } }, target } }),
      "codec.record",
      /3 x 3 x 2 does not fit 12/,
    ],
    [
      "a shape behind that does not fit",
      encodeRecord({ features: { target, shape: { int32_tensor: { values: [3, 3, 2] } } } }),
      "codec.record",
      /does not fit/,
    ],
    [
      "another number of classes",
      encodeRecord({ features: { shape: { int32_tensor: { values: [2, 3, 2] } }, target } }),
      "codec.record",
      /2 classes. Expected 3/,
    ],
    [
      "sparse values",
      encodeRecord({ features: { shape, target: { float32_tensor: { values, keys: [1] } } } }),
      "codec.record",
      /sparse/,
    ],
    [
      "a target of bytes",
      encodeRecord({ features: { shape, target: { bytes: { value: [new Uint8Array(4)] } } } }),
      "codec.record",
      /target/,
    ],
    [
      "packed floats of 3 bytes",
      Uint8Array.from(field(1, name, field(2, field(2, field(1, [1, 2, 3]))))),
      "codec.record",
      /multiple of 4/,
    ],
    ["a wrong order of parts", Uint8Array.of(0x0a, 0x23, 0xd7, 0xce, 0, 0, 0, 0x40), "codec.recordio", /wrong place/],
    [
      "101 nested groups",
      Uint8Array.from([...new Array<number>(101).fill(0x7b), ...new Array<number>(101).fill(0x7c)]),
      "codec.record",
      /nested/,
    ],
  ])("refuses %s", async (_, bytes, code, message) => {
    for (const size of [1, 1000]) {
      const error = await refusalOf(read(bytes, size));
      expect(error.code).toBe(code);
      expect(error.message).toMatch(message);
    }
  });

  it("refuses every truncation", async () => {
    for (const framing of ["recordio", "bare"] as const) {
      const bytes = encodeProbabilities(map, { framing });
      for (let length = 0; length < bytes.length; length++) {
        expect((await refusalOf(read(bytes.subarray(0, length)))).code).toMatch(/^codec\.record(io)?$/);
      }
    }
  });

  it("gives a mask or a typed error for damaged bytes, and the same mask as the reader of whole answers", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(encodeProbabilities(map).length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 1, max: 40 }),
        async (edits, size) => {
          const bytes = encodeProbabilities(map);
          for (const [at, value] of edits) bytes[at] = value;
          const found = await read(bytes, size).catch((error: unknown) => error);
          if (found instanceof Error) expect(SegmentationError.is(found, "codec")).toBe(true);
          else expect(found).toMatchObject({ data: decodeProbabilities(bytes, { classes }).argmax().data });
        },
      ),
      { numRuns: 400 },
    );
  });

  it("keeps its limits", async () => {
    const late = Uint8Array.from([
      ...field(
        1,
        name,
        field(2, field(2, field(1, values.slice(0, 5).flatMap(float)), field(1, values.slice(5).flatMap(float)))),
      ),
      ...shapeEntry,
    ]);
    for (const [bytes, options, what] of [
      [encodeProbabilities(map), { maxPixels: 3 }, "pixels"],
      [encodeProbabilities(map), { maxBytes: 50 }, "bytes"],
      [late, { maxBufferedBytes: 47 }, "buffered bytes"],
      [Uint8Array.from(field(1, field(2, field(2, packed)), name)), { maxBufferedBytes: 40 }, "buffered bytes"],
    ] as const) {
      const error = await refusalOf(read(bytes, 16, options));
      expect(error.code).toBe("codec.limit");
      expect(error.details).toMatchObject({ what });
    }
    expect([...(await read(late, 16, { maxBufferedBytes: 48 })).data]).toEqual(indices);
  });

  it("counts empty values that come before their name, too", async () => {
    const empty = new Array<number[]>(1000).fill(field(2));
    const bytes = Uint8Array.from([...shapeEntry, ...field(1, ...empty, field(2, field(2, packed)), name)]);
    expect([...(await read(bytes)).data]).toEqual(indices);
    const error = await refusalOf(read(bytes, 100, { maxBufferedBytes: 100_000 }));
    expect(error.details).toMatchObject({ what: "buffered bytes" });
  });

  it("refuses chunks that are no bytes", async () => {
    const texts = ["0a"] as unknown as Uint8Array[];
    expect((await refusalOf(maskFromProbabilityStream(texts, { classes }))).code).toBe("input.invalid");
  });

  it("stops on abort with the signal's reason, also while it waits, and tells the source", async () => {
    const reason = new Error("enough");
    const abort = new AbortController();
    let returned = false;
    const source: AsyncIterable<Uint8Array> = {
      [Symbol.asyncIterator]: () => ({
        next: () => new Promise(() => setImmediate(() => abort.abort(reason))),
        return: () => {
          returned = true;
          return Promise.resolve({ done: true, value: undefined });
        },
      }),
    };
    await expect(maskFromProbabilityStream(source, { classes, signal: abort.signal })).rejects.toBe(reason);
    expect(returned).toBe(true);
    const chunks = chunksOf(encodeProbabilities(map), 5);
    await expect(maskFromProbabilityStream(chunks, { classes, signal: abort.signal })).rejects.toBe(reason);
  });

  it("tells the source to stop when an answer is refused, and passes its failure on", async () => {
    let returned = false;
    function* source(): Generator<Uint8Array> {
      try {
        for (;;) yield Uint8Array.of(0);
      } finally {
        returned = true;
      }
    }
    expect((await refusalOf(maskFromProbabilityStream(source(), { classes }))).code).toBe("codec.record");
    expect(returned).toBe(true);
    const broken = new Error("connection reset");
    // eslint-disable-next-line require-yield
    const failing = (function* (): Generator<Uint8Array> {
      throw broken;
    })();
    await expect(maskFromProbabilityStream(failing, { classes })).rejects.toBe(broken);
  });
});
