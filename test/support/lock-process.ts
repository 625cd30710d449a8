/**
 * Locks the directories `<folder>/0` to `<folder>/<count - 1>` one after the other, each at its moment, for tests in
 * which several processes do the same: `node --import tsx lock-process.ts FOLDER COUNT BEGIN`. Prints the numbers that
 * it got, and keeps the locks until its input ends.
 */
import { join } from "node:path";
import { lockDirectory } from "../../src/local/directory-lock.js";

const [folder = "", count = "0", begin = "0"] = process.argv.slice(2);
const got: number[] = [];
for (let n = 0; n < Number(count); n++) {
  while (Date.now() < Number(begin) + n * 4);
  try {
    lockDirectory(join(folder, String(n)));
    got.push(n);
  } catch {
    // another process has it
  }
}
process.stdout.write(`${JSON.stringify(got)}\n`);
process.stdin.resume();
