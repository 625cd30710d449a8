import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readDatasetFile } from "../../demo/dataset-file.js";
import { folderPictures } from "../../demo/folders.js";
import { type FolderSource, UserError } from "../../demo/options.js";
import { encodeMask } from "../../src/masks.js";

let root: string;
beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), "demo-test-"));
});
afterAll(() => rm(root, { recursive: true, force: true }));

const png = encodeMask({ width: 3, height: 1, data: Uint8Array.of(0, 2, 255) });

/** Makes a set of folders; the photographs' bytes do not matter here. */
async function folders(name: string, images: readonly string[], masks: readonly string[]): Promise<FolderSource> {
  const folder = path.join(root, name);
  for (const [kind, files] of [["images", images] as const, ["masks", masks] as const]) {
    await mkdir(path.join(folder, kind, "sub"), { recursive: true });
    for (const file of files) await writeFile(path.join(folder, kind, file), png);
  }
  const of = (kind: string): string => path.join(folder, kind);
  return { kind: "folders", name, images: of("images"), masks: of("masks"), classes: undefined, validation: 0.5 };
}

describe("photographs in folders", () => {
  test("are paired by path, and the masks tell the number of classes", async () => {
    const source = await folders("good", ["a.jpg", "sub/b.JPEG", "notes.txt"], ["a.png", "sub/b.png"]);
    const material = await folderPictures({ ...source, validation: ["sub/b"] });
    expect(material.classes.names).toEqual(["background", "class 1", "class 2"]);
    expect(material.count).toBe(2);
    expect(material.annotators).toBe(false);
    expect(material.validation).toEqual(["sub/b"]);
    const names: string[] = [];
    for await (const { name, mask } of material.pictures()) {
      names.push(name);
      expect(Buffer.from(mask).equals(Buffer.from(png))).toBe(true);
    }
    expect(names).toEqual(["a", "sub/b"]);
  });

  test("each mistake is told with the name it is about", async () => {
    const refuse = async (source: Promise<FolderSource>, message: RegExp, change: Partial<FolderSource> = {}) => {
      const pictures = folderPictures({ ...(await source), ...change });
      await expect(pictures).rejects.toThrow(message);
      await expect(pictures).rejects.toBeInstanceOf(UserError);
    };
    const good = folders("again", ["a.jpg", "b.jpg"], ["a.png", "b.png"]);
    await refuse(folders("no-mask", ["a.jpg", "b.jpg"], ["a.png"]), /No mask .* for b of/);
    await refuse(folders("no-photo", ["a.jpg"], ["a.png", "b.png"]), /No photograph .* for the masks b of/);
    await refuse(folders("empty", [], ["a.png"]), /no JPEG photographs/);
    await refuse(folders("one", ["a.jpg"], ["a.png"]), /One picture is not enough/);
    await refuse(good, /no such folder/, { images: path.join(root, "nowhere") });
    await refuse(good, /no pictures named c/, { validation: ["c"] });
    await refuse(good, /nothing to train with/, { validation: ["a", "b"] });
    await refuse(good, /index 2, but --classes names 2 classes/, { classes: ["sand", "turtle"] });
    const damaged = await good;
    await writeFile(path.join(damaged.masks, "a.png"), "no picture");
    await refuse(good, /The mask .*a\.png cannot be used/);
  });
});

describe("a dataset file", () => {
  const set = {
    classes: ["sand", "turtle"],
    items: [
      { name: "a", suggestedSplit: "train" },
      { name: "b", suggestedSplit: "validation" },
    ],
  };
  const write = async (name: string, text: string): Promise<string> => {
    const folder = path.join(root, name);
    await mkdir(folder, { recursive: true });
    await writeFile(path.join(folder, "dataset.json"), text);
    return folder;
  };

  test("gives folders, classes and the suggested split", async () => {
    const folder = await write("set", JSON.stringify({ beach: set }));
    expect(await readDatasetFile({ kind: "dataset", folder, set: undefined })).toEqual({
      kind: "folders",
      name: "beach",
      images: path.join(folder, "beach", "images"),
      masks: path.join(folder, "beach", "masks"),
      classes: ["sand", "turtle"],
      validation: ["b"],
    });
  });

  test("is refused when a set is missing, unclear or damaged", async () => {
    const read = async (text: string, name?: string) =>
      readDatasetFile({ kind: "dataset", folder: await write("bad", text), set: name });
    await expect(read(JSON.stringify({ one: set, two: set }))).rejects.toThrow(/one, two: choose one with --set/);
    await expect(read(JSON.stringify({ one: set }), "__proto__")).rejects.toThrow(/has no set __proto__/);
    await expect(read(JSON.stringify({ one: { classes: [1] } }))).rejects.toThrow(/cannot be read/);
    await expect(read("{")).rejects.toThrow(/no JSON object/);
    await expect(readDatasetFile({ kind: "dataset", folder: root, set: "a" })).rejects.toThrow(UserError);
  });
});
