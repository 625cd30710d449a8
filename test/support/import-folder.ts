import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { datasetBuilder } from "../../src/dataset/builder.js";
import type { DatasetBuilder } from "../../src/dataset/builder.js";
import type { AnyClassTable, ClassTable } from "../../src/mask/classes.js";
import type { IndexMask, Mask } from "../../src/mask/mask.js";
import { jpegBytes } from "./jpeg-bytes.js";
import { memoryStore } from "./memory-store.js";

/** Writes files into a new folder; texts as UTF-8, JSON for other values, and a JPEG header for `[width, height]`. */
export function importFolder(files: Readonly<Record<string, unknown>>): { readonly folder: string; remove(): void } {
  const folder = mkdtempSync(path.join(tmpdir(), "semseg-import-"));
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(folder, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, bytesOf(name, content));
  }
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

function bytesOf(name: string, content: unknown): string | Uint8Array {
  if (typeof content === "string" || content instanceof Uint8Array) return content;
  if (/\.jpe?g$/.test(name)) {
    const [width, height, orientation] = content as [number, number, number?];
    return jpegBytes({ width, height, ...(orientation === undefined ? {} : { orientation }) });
  }
  return JSON.stringify(content);
}

/** Runs an import as far as the masks: the rows of each mask by name, and the warnings. */
export async function importMasks<Name extends string>(
  classes: ClassTable<Name>,
  choose: (builder: DatasetBuilder<Name>) => DatasetBuilder<Name, never>,
  objects: Readonly<Record<string, Uint8Array | string>> = {},
): Promise<{ readonly masks: Readonly<Record<string, Mask<Name>>>; readonly warnings: readonly string[] }> {
  const store = memoryStore(objects);
  const builder = choose(datasetBuilder({ store, workspace: () => "s3://work/" }, classes).allowPngImages());
  const dataset = await builder.upload();
  const masks: Record<string, Mask<Name>> = {};
  for (const half of [dataset.train, dataset.validation])
    for await (const image of half) masks[image.name.replace(/\.[^.]*$/, "")] = await image.mask();
  return { masks, warnings: dataset.warnings.map(({ code, message }) => `${code}: ${message}`) };
}

/** A mask as text, a digit for each pixel, `.` for ignored ones. */
export function rows({ width, height, data, classes }: IndexMask & { readonly classes: AnyClassTable }): string[] {
  return Array.from({ length: height }, (_, y) =>
    Array.from(data.subarray(y * width, (y + 1) * width), (index) =>
      index === classes.ignoreIndex ? "." : String(index),
    ).join(""),
  );
}
