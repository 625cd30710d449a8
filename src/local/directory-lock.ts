import { linkSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
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
      if (attempt > 2 || isAlive(file) || !removeDeadLock(file)) throw inUse(directory, file);
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

/**
 * Removes the lock of a process that is gone. Another process may be about to do the same, and to make its own lock in
 * between: so only whoever holds the guard of this very lock removes it.
 *
 * @returns `false` while another process holds the guard.
 */
function removeDeadLock(file: string): boolean {
  const dead = identityOf(file);
  if (dead === undefined) return true;
  const guard = `${file}.${dead}.gone`;
  try {
    writeFileSync(guard, String(process.pid), { flag: "wx" });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
  try {
    if (identityOf(file) === dead && !isAlive(file)) rmSync(file, { force: true });
    return true;
  } finally {
    rmSync(guard, { force: true });
  }
}

/** Tells one lock from the next in the same file; `undefined` when there is none. */
function identityOf(file: string): string | undefined {
  const stat = statSync(file, { throwIfNoEntry: false });
  return stat && `${readPid(file) ?? 0}-${Math.round(stat.mtimeMs)}`;
}

/** Locks of this process: a process id alone does not tell its own old lock from a running one. */
const held = new Set<string>();

function isAlive(file: string): boolean {
  const pid = readPid(file);
  if (pid === process.pid) return held.has(file);
  if (pid === undefined) return isNew(file);
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** Without links a lock is empty for a moment before it has its process id. */
function isNew(file: string): boolean {
  const stat = statSync(file, { throwIfNoEntry: false });
  return stat?.size === 0 && Date.now() - stat.mtimeMs < 2_000;
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
