/**
 * Probability answers by Google's own protobuf runtime in Python, read whole and as a stream, and ours in its hands.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import {
  createProbabilityMap,
  decodeProbabilities,
  defineClasses,
  encodeProbabilities,
  maskFromProbabilityStream,
} from "../../src/masks.js";
import { pythonWith, runPython, writeJson } from "../support/peers-python.js";

const folder = mkdtempSync(join(tmpdir(), "semseg-records-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const python = pythonWith(["google.protobuf"], ["protobuf"]);
const floats = (file: string): Float32Array =>
  new Float32Array(new Uint8Array(readFileSync(join(folder, file))).buffer);

function* chunksOf(bytes: Uint8Array, size: number): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

describe.skipIf(python === undefined)("Google's protobuf runtime", () => {
  it("writes answers that we read, and reads ours", async () => {
    const ours = Array.from({ length: 60 }, (_, number) => {
      const shape = [1 + (number % 5), 1 + (number % 7), 1 + (number % 11)] as const;
      const data = Float32Array.from({ length: shape[0] * shape[1] * shape[2] }, (__, at) => Math.sin(at + number));
      const [file, values, framed] = [`ours-${number}.rec`, `ours-${number}.f32`, number % 2 === 0];
      writeFileSync(
        join(folder, file),
        encodeProbabilities({ shape, data }, { framing: framed ? "recordio" : "bare" }),
      );
      writeFileSync(join(folder, values), data);
      return { file, values, shape, framed };
    });
    writeJson(folder, "ours.json", ours);
    const said = runPython(python!, "records.py", folder) as unknown as {
      cases: { file: string; values: string; shape: [number, number, number] }[];
      read: number;
      wrong: string[];
      version: string;
    };
    expect(said.wrong).toEqual([]);
    expect(said.read).toBe(ours.length);
    for (const { file, values, shape } of said.cases) {
      const bytes = new Uint8Array(readFileSync(join(folder, file)));
      const found = decodeProbabilities(bytes);
      expect(found.shape, file).toEqual(shape);
      expect(Buffer.compare(Buffer.from(found.data.slice().buffer), Buffer.from(floats(values).buffer)), file).toBe(0);
      const classes = defineClasses(Array.from({ length: shape[0] }, (_, index) => `class ${index}`));
      const expected = createProbabilityMap(shape[2], shape[1], floats(values), classes).argmax({ confidence: true });
      const streamed = await maskFromProbabilityStream(chunksOf(bytes, 13), { classes, confidence: true });
      expect(streamed.mask.data, file).toEqual(expected.mask.data);
      expect(streamed.confidence, file).toEqual(expected.confidence);
    }
    console.log(`${said.cases.length} answers of protobuf ${said.version}, ${said.read} of ours`);
  });
});
