import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { SegmentationError } from "../core/errors.js";

/**
 * Makes this process the only backend on a directory. The lock of a process that is gone is taken over.
 *
 * @returns Lets the directory go.
 * @throws `local.start` when another backend runs there, or the directory cannot be made or written.
 */
export function lockDirectory(directory: string): () => void {
  const file = join(directory, "backend.lock");
  try {
    mkdirSync(directory, { recursive: true });
    for (let attempt = 0; !takeLock(file); attempt++) {
      if (attempt > 2 || isAlive(file)) throw inUse(directory, file);
      rmSync(file, { force: true });
    }
  } catch (error) {
    throw SegmentationError.is(error) ? error : unusable(directory, error as Error);
  }
  held.add(file);
  return () => {
    held.delete(file);
    rmSync(file, { force: true });
  };
}

/** Makes the lock file with this process's id in it, at once: one that is still empty would look like a left one. */
function takeLock(file: string): boolean {
  const own = `${file}.${process.pid}`;
  writeFileSync(own, String(process.pid));
  try {
    linkSync(own, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    return takeLockWithoutLinks(file); // file systems of memory cards know no links
  } finally {
    rmSync(own, { force: true });
  }
}

function takeLockWithoutLinks(file: string): boolean {
  try {
    writeFileSync(file, String(process.pid), { flag: "wx" });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
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

function inUse(directory: string, file: string): SegmentationError {
  const expected = "a directory that no other backend uses";
  const hint = `process ${readPid(file) ?? "unknown"}; if that is no backend, delete ${file}`;
  return new SegmentationError(
    "local.start",
    `Another embedded backend runs on ${directory} (${hint}). Expected ${expected}.`,
    { what: directory, expected },
  );
}

function unusable(directory: string, cause: Error): SegmentationError {
  return new SegmentationError(
    "local.start",
    `The directory ${directory} cannot be used: ${cause.message}`,
    { what: directory, expected: "a directory that can be made and written" },
    { cause },
  );
}
