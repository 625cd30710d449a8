import { readFile, readdir } from "node:fs/promises";
import path from "node:path";
import { SegmentationError, decodeMask, defineClasses } from "../src/index.js";
import type { Material, PictureFile } from "./material.js";
import { type FolderSource, UserError } from "./options.js";

interface Pair {
  readonly name: string;
  readonly image: string;
  readonly mask: string;
}

/** Someone's photographs with masks. Throws {@link UserError} for folders, names and masks that do not fit. */
export async function folderPictures(source: FolderSource): Promise<Material> {
  const pairs = await findPairs(source);
  const highest = await highestIndex(pairs);
  const names = source.classes ?? defaultNames(highest);
  if (highest >= names.length) {
    throw new UserError(
      `The masks have the index ${highest}, but --classes names ${names.length} classes (0 to ${names.length - 1}).`,
    );
  }
  checkValidation(pairs, source);
  return {
    title: `${source.name}: small local model`,
    classes: defineClasses<string>(names),
    count: pairs.length,
    async *pictures(): AsyncGenerator<PictureFile> {
      for (const { name, image, mask } of pairs) {
        yield { name, image: await readFile(image), mask: await readFile(mask) };
      }
    },
    annotators: false,
    validation: source.validation,
    heldOut: undefined,
    use:
      "the validation pictures. Their pixels were not trained on, but the best epoch was chosen by them, " +
      "so the scores flatter a little.",
  };
}

/** Pairs files of both folders by their paths without extension. */
async function findPairs({ images, masks }: FolderSource): Promise<readonly Pair[]> {
  const photographs = await filesByName("--images", images, /\.jpe?g$/i);
  const masksByName = await filesByName("--masks", masks, /\.png$/i);
  if (photographs.size === 0) throw new UserError(`There are no JPEG photographs (.jpg, .jpeg) in ${images}.`);
  if (masksByName.size === 0) throw new UserError(`There are no PNG masks (.png) in ${masks}.`);
  const unmasked = [...photographs.keys()].filter((name) => !masksByName.has(name));
  if (unmasked.length > 0) throw new UserError(`No mask in ${masks} for ${some(unmasked)} of ${images}.`);
  const orphans = [...masksByName.keys()].filter((name) => !photographs.has(name));
  if (orphans.length > 0) throw new UserError(`No photograph in ${images} for the masks ${some(orphans)} of ${masks}.`);
  if (photographs.size < 2) throw new UserError("One picture is not enough: training and validation need one each.");
  return [...photographs].map(([name, image]) => ({ name, image, mask: masksByName.get(name)! }));
}

async function filesByName(option: string, folder: string, kind: RegExp): Promise<Map<string, string>> {
  let entries: string[];
  try {
    entries = await readdir(folder, { recursive: true });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const why =
      code === "ENOENT" ? "there is no such folder" : code === "ENOTDIR" ? "that is no folder" : String(error);
    throw new UserError(`${option} ${folder}: ${why}.`);
  }
  const found = new Map<string, string>();
  for (const entry of entries.sort()) {
    const base = path.basename(entry);
    if (!kind.test(base) || base.startsWith(".")) continue;
    const name = entry.replace(kind, "").split(path.sep).join("/");
    if (found.has(name)) throw new UserError(`Two files in ${folder} have the name ${name}.`);
    found.set(name, path.join(folder, entry));
  }
  return found;
}

async function highestIndex(pairs: readonly Pair[]): Promise<number> {
  let highest = 0;
  for (const { mask } of pairs) {
    try {
      const { data } = decodeMask(await readFile(mask), { name: mask });
      for (const index of data) if (index !== 255 && index > highest) highest = index;
    } catch (error) {
      if (!SegmentationError.is(error)) throw error;
      throw new UserError(`The mask ${mask} cannot be used: ${error.message}`);
    }
  }
  return highest;
}

function defaultNames(highest: number): readonly string[] {
  return ["background", ...Array.from({ length: Math.max(1, highest) }, (_, at) => `class ${at + 1}`)];
}

function checkValidation(pairs: readonly Pair[], { validation }: FolderSource): void {
  if (typeof validation === "number") return;
  const names = new Set(pairs.map(({ name }) => name));
  const unknown = validation.filter((name) => !names.has(name));
  if (unknown.length > 0) throw new UserError(`--validation: there are no pictures named ${some(unknown)}.`);
  if (new Set(validation).size === pairs.length) throw new UserError("--validation leaves nothing to train with.");
}

function some(names: readonly string[]): string {
  const shown = names.slice(0, 5).join(", ");
  return names.length > 5 ? `${shown} and ${names.length - 5} more` : shown;
}
