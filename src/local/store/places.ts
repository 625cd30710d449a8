import { mkdirSync, rmdirSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { foldPath, hashedPath, spellKey } from "./file-names.js";

const named = "objects/";

/**
 * Which file belongs to which key of one bucket. A key gets the file of its own name (`objects/photos/cat.jpg`) unless
 * another key has it: on a file system without case, `Cat.jpg` beside `cat.jpg`; everywhere, `a/b` beside `a`. Then
 * it goes to `other/` under a hash. The journal says which, so that the answer is the same after a restart.
 */
export class Places {
  private readonly files = new Set<string>();
  private readonly folders = new Map<string, number>();

  constructor(private readonly root: string) {}

  /** Notes the file of a stored object. */
  take(file: string): void {
    if (!file.startsWith(named)) return;
    this.files.add(foldPath(file));
    for (const folder of foldersOf(foldPath(file))) this.folders.set(folder, (this.folders.get(folder) ?? 0) + 1);
  }

  /** Forgets the file of a deleted object, and removes folders that it leaves empty. */
  free(file: string): void {
    if (!file.startsWith(named)) return;
    this.files.delete(foldPath(file));
    for (const folder of foldersOf(foldPath(file))) {
      const count = (this.folders.get(folder) ?? 0) - 1;
      if (count > 0) this.folders.set(folder, count);
      else this.folders.delete(folder);
    }
    try {
      for (const folder of foldersOf(file).reverse()) rmdirSync(join(this.root, folder));
    } catch {
      // not empty, or gone: both fine
    }
  }

  /** Finds the file for a new key and makes its folder. */
  choose(key: string): string {
    const spelled = spellKey(key);
    const file = spelled === undefined ? undefined : named + spelled;
    if (file !== undefined && this.isFree(foldPath(file)) && this.makeRoom(file)) return file;
    const other = `other/${hashedPath(key)}`;
    mkdirSync(dirname(join(this.root, other)), { recursive: true });
    return other;
  }

  private isFree(fold: string): boolean {
    return (
      !this.files.has(fold) && !this.folders.has(fold) && !foldersOf(fold).some((folder) => this.files.has(folder))
    );
  }

  /** False when something that is not ours is in the way on disk. */
  private makeRoom(file: string): boolean {
    const path = join(this.root, file);
    try {
      mkdirSync(dirname(path), { recursive: true });
      if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === true) rmdirSync(path);
      return true;
    } catch {
      return false;
    }
  }
}

/** `objects/a/b/c` gives `objects/a`, `objects/a/b`. */
function foldersOf(file: string): string[] {
  const segments = file.split("/");
  return segments.slice(2).map((_, i) => segments.slice(0, i + 2).join("/"));
}
