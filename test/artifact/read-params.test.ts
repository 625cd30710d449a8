import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ParameterArray } from "../../src/artifact/artifact.js";
import { float32Values } from "../../src/artifact/array-values.js";
import { limitsOf } from "../../src/artifact/limits.js";
import { readParams } from "../../src/artifact/read-params.js";
import { SegmentationError } from "../../src/core/errors.js";
import { f32, join, listBytes, paramsBytes, recordBytes, u32, u64 } from "../support/params-bytes.js";
import { refusalOf } from "../support/refusal-of.js";

const read = (bytes: Uint8Array): ReadonlyMap<string, ParameterArray> => readParams(bytes, "x.params", limitsOf());
const hex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, "hex"));
const told = (bytes: Uint8Array): unknown[] =>
  [...read(bytes).values()].map((array) => [array.name, array.type, array.shape, [...float32Values(array)]]);

// Files put together with Python's struct module from the layout in MXNet's ndarray.cc, loaded by another reader.
const current = hex(
  "120100000000000000000000000000000200000000000000c9fa93f9000000000100000002000000000000000100000000000000000000000000803f00000040c9fa93f9000000000400000001000000000000000100000000000000010000000000000001000000000000000200000000000000000000000000003f02000000000000000900000000000000626e312e67616d6d611300000000000000686561642e626c6f636b2e342e776569676874",
);
const halves = hex(
  "120100000000000000000000000000000100000000000000c9fa93f900000000010000000200000000000000010000000000000002000000003c00c00100000000000000010000000000000077",
);
const old = hex(
  "120100000000000000000000000000000200000000000000c8fa93f90100000002000000000000000100000000000000000000000000803f00000040010000000200000001000000000000000000000000004040000080400200000000000000010000000000000061010000000000000062",
);

/** A sound record, so that what is wrong before it is named by the table behind it. */
const sound = recordBytes({ shape: [1], data: f32(9) });
const refused = (record: Uint8Array): SegmentationError =>
  refusalOf(() => read(listBytes([record, sound], ["bad", "ok"])));

describe("weights files", () => {
  it("are read as MXNet 0.12 to 1.9 writes them, GPU contexts included", () => {
    expect(told(current)).toEqual([
      ["bn1.gamma", "float32", [2], [1, 2]],
      ["head.block.4.weight", "float32", [1, 1, 1, 1], [0.5]],
    ]);
    expect(read(current).get("bn1.gamma")).toMatchObject({ offset: 56 });
    expect(told(halves)).toEqual([["w", "float16", [2], [1, -2]]]);
  });

  it("are read as MXNet 0.10 and 0.11 wrote them", () => {
    expect(told(old)).toEqual([
      ["a", "float32", [2], [1, 2]],
      ["b", "float32", [2], [3, 4]],
    ]);
  });

  it("are read as MXNet 1.5 and later write them with numpy's shapes: scalars, and sizes of 0", () => {
    const scalar = join([u32(0xf993faca, 0, 0, 1, 0, 0), f32(3.5)]);
    const empty = join([u32(0xf993faca, 0, 2), u64(2), u64(0), u32(1, 0, 0)]);
    expect(told(listBytes([scalar, empty], ["s", "e"]))).toEqual([
      ["s", "float32", [], [3.5]],
      ["e", "float32", [2, 0], []],
    ]);
  });

  it("have views of their bytes, whatever the alignment and the start of the memory", () => {
    const bytes = paramsBytes([
      { name: "odd", shape: [1], data: Uint8Array.of(7), flag: 3 },
      { name: "b", shape: [2], data: f32(3, 4) },
    ]);
    const pool = new Uint8Array(bytes.length + 3);
    pool.set(bytes, 3);
    const array = read(pool.subarray(3)).get("b")!;
    expect(array.bytes.buffer).toBe(pool.buffer);
    expect([...float32Values(array)]).toEqual([3, 4]);
    expect(array.offset).toBe(array.bytes.byteOffset - 3);
  });

  it("may hold any dense element type", () => {
    const view = new DataView(new ArrayBuffer(8));
    const bytes = (write: () => void, size: number): Uint8Array => {
      write();
      return new Uint8Array(view.buffer.slice(0, size));
    };
    // The order of mshadow's type flags.
    const values: readonly (readonly [type: string, value: number, data: Uint8Array])[] = [
      ["float32", 1.5, bytes(() => view.setFloat32(0, 1.5, true), 4)],
      ["float64", -0.25, bytes(() => view.setFloat64(0, -0.25, true), 8)],
      ["float16", 2 ** -24, Uint8Array.of(1, 0)],
      ["uint8", 200, Uint8Array.of(200)],
      ["int32", -70000, bytes(() => view.setInt32(0, -70000, true), 4)],
      ["int8", -3, Uint8Array.of(253)],
      ["int64", -5, bytes(() => view.setBigInt64(0, -5n, true), 8)],
      ["bool", 1, Uint8Array.of(1)],
      ["int16", -300, bytes(() => view.setInt16(0, -300, true), 2)],
      ["uint16", 65535, Uint8Array.of(255, 255)],
      ["uint32", 2 ** 31, bytes(() => view.setUint32(0, 2 ** 31, true), 4)],
      ["uint64", 2 ** 40, bytes(() => view.setBigUint64(0, 2n ** 40n, true), 8)],
      // 1 sign, 8 exponent, 7 fraction bits: -2 is c000.
      ["bfloat16", -2, Uint8Array.of(0x00, 0xc0)],
    ];
    const file = paramsBytes(values.map(([name, , data], flag) => ({ name, shape: [1], data, flag })));
    expect(told(file)).toEqual(values.map(([type, value]) => [type, type, [1], [value]]));
  });

  it("may have any names that differ, also those that plain objects cannot keep", () => {
    const names = ["", "größe", "__proto__", "constructor", "n".repeat(512)];
    const file = listBytes(
      names.map(() => sound),
      names,
    );
    expect([...read(file).keys()]).toEqual(names);
  });
});

describe("weights files that are refused", () => {
  it("hold sparse arrays or arrays without data: the error names them, although names come last", () => {
    // row_sparse: storage shape [1, 1], shape [3, 1], context, float32, one index array of int64 [1], data.
    const shape = (...sizes: number[]): Uint8Array => join([u32(sizes.length), ...sizes.map(u64)]);
    const head = u32(0xf993fac9, 1);
    const rowSparse = join([head, shape(1, 1), shape(3, 1), u32(1, 0, 0, 6), shape(1), f32(5), u64(2)]);
    const csr = join([u32(0xf993fac9, 2), shape(1), shape(1, 2), u32(1, 0, 0, 6), shape(2), u32(6), shape(1), f32(5), u64(0), u64(1), u64(1)]); // prettier-ignore
    const cases: readonly (readonly [record: Uint8Array, found: string])[] = [
      [rowSparse, "row_sparse"],
      [csr, "csr"],
      [u32(0xf993fac9, 0, 0), "never allocated"],
      [u32(0xf993fac8, 0), "never allocated"],
      [u32(0), "never allocated"],
      [u32(0xf993faca, 0, -1), "never allocated"],
      [join([u32(0xf993faca, 0, 1), u64(-1n)]), "never allocated"],
    ];
    for (const [record, found] of cases) {
      const error = refused(record);
      expect(error.code).toBe("artifact.unsupported");
      expect(error.details).toMatchObject({ file: "x.params", array: "bad", offset: 24 });
      expect(error.message).toContain(found);
    }
  });

  it("have damaged records: the error names array and byte as long as the names can be read", () => {
    const cases: readonly (readonly [record: Uint8Array, offset: number, expected: string])[] = [
      [u32(0xf993fac9, 7), 28, "storage type 0, 1 or 2"],
      [u32(0xf993fac9, -1), 28, "storage type 0, 1 or 2"],
      [u32(0xf993faca, 1), 28, "storage type 0"],
      [u32(0xf993fac9, 0, -2), 32, "a number of dimensions of at least 0"],
      [join([u32(0xf993fac9, 0, 1), u64(0)]), 36, "a dimension from 1 to 2147483647"],
      [join([u32(0xf993fac9, 0, 1), u64(-1n)]), 36, "a dimension from 1 to 2147483647"],
      [join([u32(0xf993fac9, 0, 1), u64(2 ** 31)]), 36, "a dimension from 1 to 2147483647"],
      [join([u32(0xf993fac9, 0, 1), u64(2n ** 60n)]), 36, "a dimension below 2^53"],
      [join([u32(0xf993fac9, 0, 1), u64(1), u32(1, 0, 13)]), 52, "an element type from 0 to 12"],
      [join([u32(0xf993fac9, 0, 1), u64(1), u32(1, 0, -1)]), 52, "an element type from 0 to 12"],
      [join([u32(0xf993fac9, 0, 2), u64(2 ** 31 - 1), u64(2 ** 31 - 1), u32(1, 0, 0)]), 64, "a shape whose data fit into the file"], // prettier-ignore
      [join([u32(1, 0xffffffff), u32(1, 0, 0)]), 28, "a dimension from 1 to 2147483647"],
      [u32(0xdeadbeef), 24, "the start of a record (f993fac8, f993fac9, f993faca or a number of dimensions)"],
    ];
    for (const [record, offset, expected] of cases) {
      expect(refused(record).details).toEqual({ file: "x.params", array: "bad", offset, expected });
    }
  });

  it("ask for more than a limit", () => {
    expect(refused(u32(0xf993fac9, 0, 9))).toMatchObject({
      code: "artifact.limit",
      details: { what: "dimensions", limit: 8, actual: 9, offset: 32, array: "bad" },
    });
    const many = join([u64(0x112), u64(0), u64(5000)]);
    expect(refusalOf(() => read(many)).details).toMatchObject({
      what: "arrays",
      limit: 4096,
      actual: 5000,
      offset: 16,
    });
    const long = listBytes([sound], ["n".repeat(513)]);
    expect(refusalOf(() => read(long)).details).toMatchObject({ what: "nameBytes", limit: 512, actual: 513 });
    const raised = readParams(long, "x.params", limitsOf({ nameBytes: 600 }));
    expect(raised.size).toBe(1);
  });

  it("have no names, names that are the same, or names that are no text", () => {
    expect(refusalOf(() => read(listBytes([sound, sound], [])))).toMatchObject({
      code: "artifact.unsupported",
      details: { found: "a list of 2 arrays without names" },
    });
    expect(refusalOf(() => read(listBytes([sound, sound], ["a", "a"])))).toMatchObject({
      code: "artifact.damaged",
      // The data of the second one.
      details: { array: "a", offset: 24 + 2 * sound.length - 4 },
    });
    expect(refusalOf(() => read(listBytes([sound, sound], ["a"]))).details).toMatchObject({
      expected: "2 names, one for each array",
    });
    const noText = listBytes([sound], ["ab"]);
    noText[noText.length - 1] = 0xff;
    expect(refusalOf(() => read(noText)).details).toMatchObject({
      expected: "a name in UTF-8",
      offset: noText.length - 2,
    });
  });

  it("have a reserved word, or bytes after the last name", () => {
    const file = listBytes([sound], ["a"]);
    expect(refusalOf(() => read(join([file, Uint8Array.of(0, 0)])))).toMatchObject({
      code: "artifact.damaged",
      details: { offset: file.length, expected: "the end after the last name" },
    });
    file[8] = 1;
    expect(refusalOf(() => read(file)).details).toMatchObject({ offset: 8 });
  });

  it("are of a machine with the other byte order, or something else altogether", () => {
    const swapped = join([hex("0000000000000112"), new Uint8Array(40)]);
    expect(refusalOf(() => read(swapped)).message).toContain("big-endian");
    const cases: readonly (readonly [start: string, found: string])[] = [
      ["PK\x03\x04", "a ZIP archive"],
      ["semseg embedded learner 1\n", "embedded backend"],
      ['{"nodes": []}', "a JSON document"],
    ];
    for (const [start, found] of cases) {
      const error = refusalOf(() => read(join([new TextEncoder().encode(start), new Uint8Array(40)])));
      expect(error).toMatchObject({ code: "artifact.unsupported", details: { offset: 0 } });
      expect(error.message).toContain(found);
    }
    expect(refusalOf(() => read(new Uint8Array())).code).toBe("artifact.damaged");
    expect(refusalOf(() => read(new Uint8Array(30))).code).toBe("artifact.damaged");
  });

  it("are cut off, at any byte", () => {
    for (const file of [current, halves, old]) {
      for (let length = 0; length < file.length; length++) {
        const error = refusalOf(() => read(file.subarray(0, length)));
        expect(error.code).toMatch(/^artifact\.(?:damaged|unsupported)$/);
        expect((error.details as { readonly offset: number }).offset).toBeLessThanOrEqual(length);
      }
    }
  });

  it("never lead to anything but arrays within the file or a typed error, whatever bits flip", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(current, halves, old),
        fc.array(fc.tuple(fc.nat(200), fc.nat(255)), { minLength: 1, maxLength: 4 }),
        (file, changes) => {
          const mutant = Uint8Array.from(file);
          for (const [at, value] of changes) mutant[at % mutant.length] = value;
          try {
            for (const { bytes, offset } of read(mutant).values()) {
              expect(offset + bytes.length).toBeLessThanOrEqual(mutant.length);
            }
          } catch (error) {
            expect(SegmentationError.is(error, "artifact")).toBe(true);
          }
        },
      ),
      { numRuns: 3000 },
    );
  });
});
