import { closeSync, fsyncSync, openSync, renameSync, writeFileSync } from "node:fs";

/**
 * Writes a small file so that a reader, and a restart after a kill, sees the old text or the new one, never a part.
 *
 * Synchronous on purpose: records are written in the order in which they change.
 */
export function writeFileAtomically(path: string, text: string): void {
  const temporary = `${path}.new`;
  const handle = openSync(temporary, "w");
  try {
    writeFileSync(handle, text); // all of it: one write may take a part only when the disk is full
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  renameSync(temporary, path);
}
