import { existsSync, rmdirSync, rmSync } from "node:fs";
import { dirname } from "node:path";

/**
 * Remembers which folders of a path are not there yet.
 *
 * @returns Removes those again: the last one with all that is in it, the ones above only if they are empty. A folder that
 * was there before is kept.
 */
export function newFolders(directory: string): () => void {
  const missing: string[] = [];
  for (let folder = directory; !existsSync(folder); folder = dirname(folder)) missing.push(folder);
  return () => {
    const [last, ...above] = missing;
    if (last === undefined) return;
    rmSync(last, { recursive: true, force: true });
    try {
      for (const folder of above) rmdirSync(folder);
    } catch {
      // Somebody else has put something there.
    }
  };
}
