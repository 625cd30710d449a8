import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isRecordIO, readRecordIO, writeRecordIO } from "../../src/codec/recordio.js";
import { SegmentationError } from "../../src/core/errors.js";

const hex = (text: string): Uint8Array => new Uint8Array(Buffer.from(text.replaceAll(" ", ""), "hex"));

// Dossier 7.5: payload 01020304 0a23d7ce 050607 in two parts.
const payload = hex("01020304 0a23d7ce 050607");
const inParts = hex("0a23d7ce 04000020 01020304 0a23d7ce 03000060 050607 00");

/** Payloads with the magic in likely places. */
const payloads = fc.array(
  fc
    .array(fc.oneof(fc.uint8Array({ maxLength: 9 }), fc.constant(hex("0a23d7ce"))), { maxLength: 6 })
    .map((parts) => new Uint8Array(Buffer.concat(parts))),
  { maxLength: 5 },
);

describe("RecordIO", () => {
  it("joins records in parts and puts the magic back", () => {
    expect(readRecordIO(inParts)).toEqual([payload]);
    expect(writeRecordIO([payload], { split: true })).toEqual(inParts);
  });

  it("does not split by default, as SageMaker's own writer", () => {
    expect(writeRecordIO([payload])).toEqual(hex("0a23d7ce 0b000000 01020304 0a23d7ce 050607 00"));
  });

  it("reads what it writes, split or not", () => {
    fc.assert(
      fc.property(payloads, fc.boolean(), (records, split) => {
        const stream = writeRecordIO(records, { split });
        expect(stream.length % 4).toBe(0);
        expect(readRecordIO(stream)).toEqual(records);
      }),
    );
  });

  it("gives views, not copies, of whole records", () => {
    const stream = writeRecordIO([hex("0102")]);
    expect(readRecordIO(stream)[0]!.buffer).toBe(stream.buffer);
  });

  it("joins a record of very many parts, with the magic between them", () => {
    const count = 50_000;
    const stream = new Uint8Array(8 * count);
    const words = new DataView(stream.buffer);
    for (let part = 0; part < count; part++) {
      stream.set(hex("0a23d7ce"), 8 * part);
      words.setUint32(8 * part + 4, (part === 0 ? 1 : part === count - 1 ? 3 : 2) * 2 ** 29, true);
    }
    const [record] = readRecordIO(stream);
    expect(record).toHaveLength(4 * (count - 1));
    expect(record?.subarray(-4)).toEqual(hex("0a23d7ce"));
  });

  it("reads no bytes as no records, and records of no bytes", () => {
    expect(readRecordIO(new Uint8Array(0))).toEqual([]);
    expect(readRecordIO(hex("0a23d7ce 00000000"))).toEqual([new Uint8Array(0)]);
    expect(isRecordIO(hex("0a23d7"))).toBe(false);
  });

  it("refuses every truncation with the offset", () => {
    for (const stream of [inParts, writeRecordIO([hex("0102030405")])]) {
      for (let length = 1; length < stream.length; length++) {
        expect(() => readRecordIO(stream.subarray(0, length))).toThrow(SegmentationError);
      }
    }
    expect(() => readRecordIO(inParts.subarray(0, 12))).toThrow(/ends inside a record of several parts.*byte 12/);
  });

  it.each([
    ["a wrong magic", "0b23d7ce 00000000", /magic.*byte 0/],
    ["zeros behind the record", "0a23d7ce 00000000 00000000 00000000", /magic.*byte 8/],
    ["a length beyond the stream", "0a23d7ce ffffff1f 00000000", /announces 536870911 bytes/],
    ["a last part without a first", "0a23d7ce 00000060", /wrong place/],
    ["a whole record within parts", "0a23d7ce 00000020 0a23d7ce 00000000", /wrong place/],
    ["a part flag of 4", "0a23d7ce 00000080", /part flag 4/],
    ["a first part that is no multiple of 4", "0a23d7ce 01000020 ff000000 0a23d7ce 00000060", /not the last/],
  ])("refuses %s", (_, stream, message) => {
    expect(() => readRecordIO(hex(stream))).toThrow(message);
  });

  it("limits the number of records", () => {
    const stream = writeRecordIO([payload, payload]);
    expect(() => readRecordIO(stream, { maxRecords: 1 })).toThrow(/more than 1 records/);
    expect(readRecordIO(stream, { maxRecords: 2 })).toHaveLength(2);
  });
});
