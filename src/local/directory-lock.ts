import { closeSync, mkdirSync, openSync, readFileSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import { SegmentationError } from "../core/errors.js";

/**
 * Makes this process the only backend on a directory. The lock of a process that is gone is taken over.
 *
 * @returns Lets the directory go.
 * @throws `local.start` when another backend runs there.
 */
export function lockDirectory(directory: string): () => void {
  mkdirSync(directory, { recursive: true });
  const file = join(directory, "backend.lock");
  for (let attempt = 0; ; attempt++) {
    try {
      const handle = openSync(file, "wx");
      writeSync(handle, String(process.pid));
      closeSync(handle);
      held.add(file);
      return () => {
        held.delete(file);
        rmSync(file, { force: true });
      };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      if (attempt > 2 || isAlive(file)) throw inUse(directory);
      rmSync(file, { force: true });
    }
  }
}

/** Locks of this process: a process id alone does not tell its own old lock from a running one. */
const held = new Set<string>();

function isAlive(file: string): boolean {
  const pid = readPid(file);
  if (pid === process.pid) return held.has(file);
  if (pid === undefined) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

function readPid(file: string): number | undefined {
  try {
    const pid = Number(readFileSync(file, "utf8"));
    return Number.isInteger(pid) && pid > 0 ? pid : undefined;
  } catch {
    return undefined;
  }
}

function inUse(directory: string): SegmentationError {
  const expected = "a directory that no other backend uses";
  return new SegmentationError("local.start", `Another embedded backend runs on ${directory}. Expected ${expected}.`, {
    what: directory,
    expected,
  });
}
