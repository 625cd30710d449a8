import { readFile } from "node:fs/promises";
import path from "node:path";
import { type DatasetSource, type FolderSource, UserError } from "./options.js";

interface SetOfFile {
  readonly classes: readonly string[];
  readonly items: readonly { readonly name: string; readonly suggestedSplit: string }[];
}

/**
 * Reads `dataset.json` of a folder: `{ "<set>": { "classes": [...], "items": [{ "name", "suggestedSplit" }] } }`, with
 * the pictures in `<set>/images` and `<set>/masks`. Throws {@link UserError}.
 */
export async function readDatasetFile({ folder, set }: DatasetSource): Promise<FolderSource> {
  const file = path.join(folder, "dataset.json");
  const sets = await readSets(file);
  const names = [...sets.keys()];
  const name = set ?? (names.length === 1 ? names[0] : undefined);
  if (name === undefined) throw new UserError(`${file} has the sets ${names.join(", ")}: choose one with --set.`);
  const chosen = sets.get(name);
  if (!isSet(chosen)) {
    throw new UserError(
      sets.has(name)
        ? `The set ${name} of ${file} cannot be read: expected "classes" and "items" with "name" and "suggestedSplit".`
        : `${file} has no set ${name}. It has: ${names.join(", ")}.`,
    );
  }
  const validation = chosen.items.filter((item) => item.suggestedSplit === "validation").map((item) => item.name);
  if (validation.length === 0) throw new UserError(`The set ${name} of ${file} has no item for validation.`);
  return {
    kind: "folders",
    name,
    images: path.join(folder, name, "images"),
    masks: path.join(folder, name, "masks"),
    classes: chosen.classes,
    validation,
  };
}

async function readSets(file: string): Promise<ReadonlyMap<string, unknown>> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch {
    throw new UserError(`--dataset: ${file} cannot be read.`);
  }
  try {
    const json: unknown = JSON.parse(text);
    if (typeof json === "object" && json !== null && !Array.isArray(json)) return new Map(Object.entries(json));
  } catch {
    // Told below.
  }
  throw new UserError(`${file} is no JSON object.`);
}

function isSet(value: unknown): value is SetOfFile {
  const { classes, items } = (value ?? {}) as Partial<Record<keyof SetOfFile, unknown>>;
  const isItem = (item: unknown): boolean => {
    const { name, suggestedSplit } = (item ?? {}) as Record<string, unknown>;
    return typeof name === "string" && typeof suggestedSplit === "string";
  };
  return (
    Array.isArray(classes) &&
    classes.every((name) => typeof name === "string") &&
    Array.isArray(items) &&
    items.every(isItem)
  );
}
