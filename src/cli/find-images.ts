import { readdir, readFile, stat } from "node:fs/promises";
import { basename, extname, join } from "node:path";
import { wrong } from "./usage-error.js";

/** An image on the disk. */
export interface ImageFile {
  readonly name: string;
  readonly path: string;
  image(signal?: AbortSignal): Promise<Uint8Array>;
}

const extensions = new Set([".jpg", ".jpeg", ".png"]);

/** The images that were named: files, and the JPEG and PNG files of folders in the order of their names. */
export async function findImages(words: readonly string[]): Promise<readonly ImageFile[]> {
  if (words.length === 0) throw wrong("images", undefined, "Which images? Name files or folders of them.");
  const found: ImageFile[] = [];
  for (const word of words) {
    if (!(await isFolder(word))) {
      found.push(imageFile(word, basename(word)));
      continue;
    }
    const names = (await readdir(word)).filter((name) => extensions.has(extname(name).toLowerCase())).sort();
    found.push(...names.map((name) => imageFile(join(word, name), name)));
  }
  if (found.length === 0) throw wrong("images", words.join(" "), "a folder with JPEG or PNG files");
  return found;
}

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path)).isDirectory();
}

function imageFile(path: string, name: string): ImageFile {
  return {
    name,
    path,
    image: async (signal) => readFile(path, signal === undefined ? {} : { signal }),
  };
}
