import { createHash } from "node:crypto";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import type { ParameterArray } from "../../src/artifact/artifact.js";
import { valueBlocks } from "../../src/artifact/array-values.js";
import { inspectArtifact } from "../../src/artifact/inspect-artifact.js";
import { limitsOf } from "../../src/artifact/limits.js";
import { openArtifact } from "../../src/artifact/open-artifact.js";
import { readParams } from "../../src/artifact/read-params.js";
import { refusalOf, rejectionOf } from "../support/refusal-of.js";
import { netParams } from "../support/thin-nets.js";

// Files written by MXNet 1.9.1 itself, with what they hold; the README of this folder tells how they were made.
const folder = fileURLToPath(new URL("../../../shared/peers/mxnet/", import.meta.url));
const missing = !existsSync(folder);
if (missing) console.warn("test/shared: ../shared/peers/mxnet is missing, its tests are skipped");

type Nested = number | boolean | readonly Nested[];
interface FileRecord {
  readonly file: string;
  readonly sha256: string;
  readonly arrays: readonly {
    readonly name: string;
    readonly dtype: string;
    readonly shape: readonly number[];
    readonly values: Nested;
  }[];
}
interface Case {
  readonly id: string;
  readonly algorithm: "fcn" | "psp" | "deeplab";
  readonly depth: 50 | 101;
  readonly classes: number;
  readonly aux: boolean;
  readonly divisor: number;
  readonly seed: number;
  readonly dtype?: string;
  readonly file: { readonly bytes: number; readonly sha256: string };
  readonly arrays: readonly (readonly [name: string, shape: readonly number[], type?: string])[];
}

const bytesOf = (name: string): Uint8Array => new Uint8Array(readFileSync(`${folder}${name}`));
const json = (name: string): unknown => (missing ? [] : JSON.parse(readFileSync(`${folder}${name}`, "utf8")));
const records = json("records/records.json") as readonly FileRecord[];
const cases = missing ? [] : readdirSync(`${folder}goldens`).map((id) => json(`goldens/${id}/case.json`) as Case);
const read = (bytes: Uint8Array): ReadonlyMap<string, ParameterArray> => readParams(bytes, "file", limitsOf());
const flat = (values: Nested): number[] => (typeof values === "object" ? values.flatMap(flat) : [Number(values)]);
const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

/** Files that a stricter reader than MXNet's refuses, and why. */
const refusals: Readonly<Record<string, readonly [code: string, words: string]>> = {
  "unnamed-list.params": ["artifact.unsupported", "2 arrays without names"],
  "duplicate-names.params": ["artifact.damaged", "two arrays of this name"],
  "row-sparse.params": ["artifact.unsupported", 'a sparse array (row_sparse) at byte 24, in "x"'],
  "csr.params": ["artifact.unsupported", 'a sparse array (csr) at byte 24, in "x"'],
  "none.params": ["artifact.unsupported", 'an array that was never allocated ("None") at byte 24, in "none"'],
  "broken-off.params": ["artifact.damaged", "at byte 28"],
  "nonzero-reserved.params": ["artifact.damaged", "at byte 8"],
  "trailing-bytes.params": ["artifact.damaged", "2 more bytes"],
};

describe.skipIf(missing)("records of MXNet", () => {
  it.each(records.map((record) => [record.file, record] as const))("%s", (file, { sha256: hash, arrays }) => {
    const bytes = bytesOf(`records/${file}`);
    expect(sha256(bytes)).toBe(hash);
    const refusal = refusals[file];
    if (refusal !== undefined) {
      const error = refusalOf(() => read(bytes));
      expect(error.code).toBe(refusal[0]);
      expect(error.message).toContain(refusal[1]);
      return;
    }
    const found = [...read(bytes).values()].map((array) => ({
      name: array.name,
      dtype: array.type,
      shape: array.shape,
      values: [...valueBlocks(array)].flatMap((block) => [...block]),
    }));
    expect(found).toEqual(
      arrays.map(({ name, dtype, shape, values }) => ({ name, dtype, shape, values: flat(values) })),
    );
  });

  it.each(["records/export-style.params", "records/prefix-style.params"])(
    "%s: names of another style",
    async (file) => {
      const error = await rejectionOf(openArtifact(bytesOf(file)));
      expect(error.code).toBe("artifact.unsupported");
      expect(error.message).toContain("save_parameters");
      expect((await inspectArtifact(bytesOf(file))).arrays).toHaveLength(282);
    },
  );

  it("cut off at every byte are refused", () => {
    for (const { file } of records) {
      const bytes = bytesOf(`records/${file}`);
      // Bytes behind the last name are too many: one of the cut files is whole.
      const whole = file === "trailing-bytes.params" ? 77 : -1;
      for (let length = 0; length < bytes.length; length++) {
        if (length !== whole) expect(refusalOf(() => read(bytes.subarray(0, length))).code).toMatch(/^artifact\./);
      }
    }
  });
});

describe.skipIf(missing)("networks of GluonCV", () => {
  const files = missing ? [] : readdirSync(`${folder}params`);

  it.each(files)("%s", async (file) => {
    const expected = cases.find(({ id }) => id === file.replace(".params", ""))!;
    const { weights, variant } = await openArtifact(`${folder}params/${file}`);
    const typed = expected.dtype !== undefined;
    const found = [...weights].map(([name, { shape, type }]) => (typed ? [name, shape, type] : [name, shape]));
    expect(found).toEqual(expected.arrays);
    expect(variant).toEqual({
      algorithm: expected.algorithm,
      backbone: `resnet-${expected.depth}`,
      classes: expected.classes,
      aux: expected.aux,
      type: expected.dtype ?? "float32",
    });
    expect((await inspectArtifact(`${folder}params/${file}`)).sound).toBe(true);
  });

  it("cut off at every record, and a byte before and after, are refused with a byte within the file", async () => {
    const bytes = bytesOf("params/thin-fcn-resnet101-noaux.params");
    for (const { offset, bytes: data } of read(bytes).values()) {
      for (const length of [offset - 1, offset, offset + 1, offset + data.length - 1, offset + data.length]) {
        const error = await rejectionOf(openArtifact(bytes.subarray(0, length)));
        expect(error.code).toBe("artifact.damaged");
        expect((error.details as { readonly offset: number }).offset).toBeLessThanOrEqual(length);
      }
    }
  });

  it("with flipped bits in a record's head are refused by the name of the array, or read as they are", async () => {
    const bytes = bytesOf("params/thin-psp-resnet101.params");
    const names: string[] = [];
    for (const { offset, name, shape } of read(bytes).values()) {
      const head = offset - 24 - 8 * shape.length;
      for (const at of [head, head + 4, head + 8, head + 12, offset - 4]) {
        const mutant = Uint8Array.from(bytes);
        mutant[at]! ^= 0x44;
        const error = await rejectionOf(openArtifact(mutant));
        expect(error.code).toMatch(/^artifact\./);
        if ("array" in error.details && error.details.array === name) names.push(name);
      }
    }
    // Now and then the next record is the one that makes no sense any more.
    expect(new Set(names).size).toBeGreaterThan(500);
  });

  it("of our own generator are the same bytes, for all thin ones", () => {
    const thin = cases.filter(({ divisor, dtype }) => divisor > 1 && dtype === undefined);
    expect(thin.length).toBeGreaterThan(8);
    for (const spec of thin) expect([spec.id, sha256(netParams(spec, spec.seed))]).toEqual([spec.id, spec.file.sha256]);
  });
});

describe.skipIf(missing)("artifacts in three tar dialects", () => {
  it.each(missing ? [] : readdirSync(`${folder}artifacts`))("%s", async (file) => {
    const source = `${folder}artifacts/${file}`;
    for (const [weights, id] of [["best", "artifact-best"], ["last", "artifact-last"], [undefined, "artifact-best"]] as const) {
      const model = await openArtifact(source, weights === undefined ? {} : { weights });
      expect(model.sha256).toBe(cases.find((known) => known.id === id)?.file.sha256);
      expect(model.warnings).toEqual([]);
      expect(model.hyperparameters).toMatchObject({ algorithm: "fcn", num_classes: "3" });
    }
    expect((await inspectArtifact(source)).files.map(({ name }) => name).sort()).toEqual([
      "hyperparams.json",
      "model_algo-1",
      "model_best.params",
    ]);
  }); // prettier-ignore
});
