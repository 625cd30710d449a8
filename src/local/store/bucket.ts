import { mkdirSync, readdirSync, renameSync, unlinkSync } from "node:fs";
import { copyFile, constants, open, unlink, type FileHandle } from "node:fs/promises";
import { randomUUID } from "node:crypto";
import { dirname, join } from "node:path";
import { SegmentationError } from "../../core/errors.js";
import type { ChecksumAlgorithm } from "./checksums.js";
import { Journal } from "./journal.js";
import { KeyIndex, type ListOptions, type ListPage } from "./key-index.js";
import type { Admission, ObjectDraft, ObjectRecord } from "./object-record.js";
import { Places } from "./places.js";
import { stageBody, type StagedBody } from "./staging.js";
import { BucketUploads } from "./uploads.js";

type Line = { readonly put: ObjectRecord } | { readonly delete: string };

/** What a bucket's folder holds besides its two files. */
export const bucketFolders = ["objects", "other", "staging", "uploads"] as const;

const outdatedLines = 10_000; // so many may pile up before the journal is written anew

/**
 * The objects of one bucket.
 *
 * A write has two halves: the bytes go to `staging/`, hashed on the way, as slowly as they come; then one synchronous
 * step appends the record to the journal, moves the bytes to their place and changes the index. A kill before the
 * append leaves the old object, a kill after it the new one: the next start finishes the move.
 */
export class Bucket {
  private readonly index = new KeyIndex<ObjectRecord>();
  private readonly places: Places;
  private readonly journal: Journal<Line>;
  readonly uploads: BucketUploads;

  constructor(
    readonly root: string,
    private readonly now: () => number,
  ) {
    this.places = new Places(root);
    for (const folder of bucketFolders) mkdirSync(join(root, folder), { recursive: true });
    let last: Line | undefined;
    let removed: string | undefined;
    this.journal = Journal.open<Line>(join(root, "journal.jsonl"), (line) => {
      last = line;
      if ("put" in line) {
        this.index.set(line.put.key, line.put);
      } else {
        removed = this.index.get(line.delete)?.file;
        this.index.delete(line.delete);
      }
    });
    this.recover(last !== undefined && "delete" in last ? removed : undefined);
    for (const record of this.index.all()) this.places.take(record.file);
    this.compactJournal();
    this.uploads = new BucketUploads(this, now);
  }

  get isEmpty(): boolean {
    return this.index.size === 0;
  }

  get(key: string): ObjectRecord | undefined {
    return this.index.get(key);
  }

  list(options: ListOptions): ListPage<ObjectRecord> {
    return this.index.list(options);
  }

  /** First half of a write. */
  stage(source: Uint8Array | AsyncIterable<Uint8Array>, algorithms?: Iterable<ChecksumAlgorithm>): Promise<StagedBody> {
    return stageBody(join(this.root, "staging"), source, algorithms);
  }

  /** First half of a copy: the bytes of an object beside it, without reading them where the file system can do that. */
  async stageCopy(from: Bucket, record: ObjectRecord): Promise<StagedBody | undefined> {
    const name = randomUUID();
    const path = join(this.root, "staging", name);
    const discard = (): Promise<void> => unlink(path).catch(() => undefined);
    try {
      await copyFile(join(from.root, record.file), path, constants.COPYFILE_FICLONE);
    } catch (error) {
      await discard();
      const still = await from.open(record.key); // forgets an object whose file somebody removed by hand
      await still?.file.close();
      if (still?.record === record) throw error;
    }
    if (from.get(record.key) !== record) {
      await discard();
      return undefined;
    }
    return { name, size: record.size, md5: record.etag, checksums: new Map(), discard };
  }

  /** Second half of a write; the staged bytes are gone afterwards, whatever happens. */
  commit(key: string, staged: StagedBody, draft: ObjectDraft, admit?: Admission): ObjectRecord {
    try {
      const before = this.index.get(key);
      admit?.(before);
      const file = before?.file ?? this.places.choose(key);
      const record: ObjectRecord = {
        etag: staged.md5,
        ...draft,
        key,
        size: staged.size,
        lastModified: this.now(),
        file,
        staged: staged.name,
      };
      this.journal.append([{ put: record }]);
      try {
        this.replaceFile(file, staged.name);
      } catch (error) {
        this.journal.append([before === undefined ? { delete: key } : { put: before }]);
        throw error;
      }
      if (before === undefined) this.places.take(file);
      this.index.set(key, record);
      this.compactJournal();
      return record;
    } catch (error) {
      void staged.discard();
      throw error;
    }
  }

  /** Changes what is written about an object and leaves its bytes. */
  annotate(key: string, change: (record: ObjectRecord) => ObjectRecord): void {
    const record = this.index.get(key);
    if (record === undefined) return;
    const changed = change(record);
    this.journal.append([{ put: changed }]);
    this.index.set(key, changed);
  }

  delete(key: string, admit?: Admission): void {
    const record = this.index.get(key);
    admit?.(record);
    if (record === undefined) return;
    this.journal.append([{ delete: key }]);
    this.index.delete(key);
    unlinkIfThere(join(this.root, record.file));
    this.places.free(record.file);
    this.compactJournal();
  }

  /** Opens an object's bytes; the handle keeps showing them when the object is replaced meanwhile. */
  async open(key: string): Promise<{ readonly record: ObjectRecord; readonly file: FileHandle } | undefined> {
    for (;;) {
      const record = this.index.get(key);
      if (record === undefined) return undefined;
      const path = join(this.root, record.file);
      const file = await open(path, "r").catch((error: unknown) => {
        if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
        throw error;
      });
      if (this.index.get(key) !== record) {
        await file?.close(); // replaced between the look and the opening: which bytes these are is not known
      } else if (file === undefined) {
        this.delete(key); // somebody removed the file by hand: so the object is gone
      } else if ((await file.stat()).size === record.size) {
        return { record, file };
      } else {
        await file.close();
        throw new SegmentationError("local.state", `${path} was changed by another program.`, {
          file: path,
          expected: `${record.size} bytes`,
        });
      }
    }
  }

  /**
   * Moves staged bytes to their place. Windows lets nobody replace a file that is being read, but lets it be moved: then
   * the old one goes to staging first, where the next start clears it away if a kill comes between.
   */
  private replaceFile(file: string, staged: string): void {
    const from = join(this.root, "staging", staged);
    const to = join(this.root, file);
    try {
      renameSync(from, to);
    } catch (error) {
      if (!isInUse(error)) throw error;
      const old = join(this.root, "staging", randomUUID());
      renameSync(to, old);
      try {
        renameSync(from, to);
      } catch (again) {
        renameSync(old, to);
        throw again;
      }
      void unlink(old).catch(() => undefined); // while it is read, the next start does it
    }
  }

  /** Finishes the one step that a kill may have cut, and clears away bytes that never became an object. */
  private recover(removed: string | undefined): void {
    const staged = new Set(readdirSync(join(this.root, "staging")));
    const files = new Set<string>();
    for (const record of this.index.all()) {
      files.add(record.file);
      if (record.staged === undefined || !staged.delete(record.staged)) continue;
      mkdirSync(dirname(join(this.root, record.file)), { recursive: true });
      renameSync(join(this.root, "staging", record.staged), join(this.root, record.file));
    }
    for (const name of staged) unlinkIfThere(join(this.root, "staging", name));
    if (removed !== undefined && !files.has(removed)) unlinkIfThere(join(this.root, removed));
  }

  private compactJournal(): void {
    if (this.journal.size <= 2 * this.index.size + outdatedLines) return;
    const lines: Line[] = [];
    for (const put of this.index.all()) lines.push({ put });
    try {
      this.journal.rewrite(lines);
    } catch {
      // no room on the disk, say: the long journal is as right as the short one
    }
  }
}

function isInUse(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === "EPERM" || code === "EACCES" || code === "EBUSY";
}

function unlinkIfThere(path: string): void {
  try {
    unlinkSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
}
