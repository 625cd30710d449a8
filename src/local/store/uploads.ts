import { randomUUID } from "node:crypto";
import { mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import type { ChecksumAlgorithm } from "./checksums.js";
import { fileBody } from "./file-body.js";
import { Journal } from "./journal.js";
import type { Admission, ObjectAttributes, ObjectDraft, ObjectRecord, PartRecord } from "./object-record.js";
import type { StagedBody } from "./staging.js";

/** A multipart upload as it was begun. */
export interface UploadRecord extends ObjectAttributes {
  readonly id: string;
  readonly key: string;
  /** Milliseconds since 1970. */
  readonly initiated: number;
  readonly checksumAlgorithm?: ChecksumAlgorithm;
  readonly checksumType?: "FULL_OBJECT" | "COMPOSITE";
}

/** A part and the file that holds it. */
export interface StoredPart extends PartRecord {
  readonly file: string;
}

/** What an upload needs of its bucket. */
export interface UploadTarget {
  readonly root: string;
  get(key: string): ObjectRecord | undefined;
  stage(source: AsyncIterable<Uint8Array>, algorithms: Iterable<ChecksumAlgorithm>): Promise<StagedBody>;
  commit(key: string, staged: StagedBody, draft: ObjectDraft, admit?: Admission): ObjectRecord;
}

type Line = { readonly upload: UploadRecord } | { readonly part: StoredPart };

/** A running multipart upload. */
export interface Upload {
  readonly record: UploadRecord;
  /** By part number. */
  readonly parts: ReadonlyMap<number, StoredPart>;
}

interface OpenUpload extends Upload {
  readonly parts: Map<number, StoredPart>;
  readonly folder: string;
  readonly journal: Journal<Line>;
}

/** The multipart uploads of one bucket: `uploads/<id>/`, a journal and one file for each part. */
export class BucketUploads {
  private readonly uploads = new Map<string, OpenUpload>();
  private readonly root: string;

  constructor(
    private readonly bucket: UploadTarget,
    private readonly now: () => number,
  ) {
    this.root = join(bucket.root, "uploads");
    for (const id of readdirSync(this.root)) this.load(id);
  }

  get(id: string, key: string): Upload | undefined {
    const upload = this.uploads.get(id);
    return upload?.record.key === key ? upload : undefined;
  }

  all(): Upload[] {
    return [...this.uploads.values()];
  }

  create(draft: Omit<UploadRecord, "id" | "initiated">): UploadRecord {
    const record: UploadRecord = { ...draft, id: randomUUID().replaceAll("-", ""), initiated: this.now() };
    const folder = join(this.root, record.id);
    mkdirSync(folder);
    const journal = Journal.open<Line>(join(folder, "journal.jsonl"), () => undefined);
    journal.append([{ upload: record }]);
    this.uploads.set(record.id, { record, parts: new Map(), folder, journal });
    return record;
  }

  /** Adds or replaces a part; `false` when the upload ended meanwhile. The staged bytes are gone afterwards. */
  commitPart(
    id: string,
    staged: StagedBody,
    part: Omit<PartRecord, "size" | "etag" | "lastModified">,
  ): PartRecord | undefined {
    const upload = this.uploads.get(id);
    if (upload === undefined) {
      void staged.discard();
      return undefined;
    }
    const stored: StoredPart = {
      ...part,
      size: staged.size,
      etag: staged.md5,
      lastModified: this.now(),
      file: staged.name,
    };
    renameSync(join(this.bucket.root, "staging", staged.name), join(upload.folder, staged.name));
    upload.journal.append([{ part: stored }]);
    const before = upload.parts.get(stored.number);
    upload.parts.set(stored.number, stored);
    if (before !== undefined) rmSync(join(upload.folder, before.file), { force: true });
    return stored;
  }

  /**
   * Puts the parts together to the object; `undefined` when the upload ended or a part was replaced meanwhile.
   *
   * @param finish - Makes the rest of the record from the joined bytes.
   */
  async complete(
    id: string,
    parts: readonly StoredPart[],
    algorithms: readonly ChecksumAlgorithm[],
    finish: (joined: StagedBody) => Pick<ObjectRecord, "checksum" | "etag">,
    admit?: Admission,
  ): Promise<ObjectRecord | undefined> {
    const upload = this.uploads.get(id);
    if (upload === undefined) return undefined;
    const staged = await this.bucket.stage(this.join(upload, parts), algorithms);
    if (this.uploads.get(id) !== upload || parts.some((part) => upload.parts.get(part.number) !== part)) {
      await staged.discard();
      return undefined;
    }
    const { key, headers, metadata, tags } = upload.record;
    const attributes = { headers, ...(metadata && { metadata }), ...(tags && { tags }) };
    const listed = parts.map(({ number, size, etag, lastModified, checksum }) => ({
      number,
      size,
      etag,
      lastModified,
      ...(checksum && { checksum }),
    }));
    let draft;
    try {
      draft = finish(staged);
    } catch (error) {
      await staged.discard();
      throw error;
    }
    const record = this.bucket.commit(key, staged, { ...attributes, ...draft, parts: listed, uploadId: id }, admit);
    this.abort(id);
    return record;
  }

  /** Ends an upload and removes its parts; `false` when there is none. */
  abort(id: string): boolean {
    const upload = this.uploads.get(id);
    if (upload === undefined) return false;
    this.uploads.delete(id);
    rmSync(upload.folder, { recursive: true, force: true });
    return true;
  }

  private async *join(upload: OpenUpload, parts: readonly StoredPart[]): AsyncGenerator<Uint8Array> {
    for (const part of parts) {
      const file = await open(join(upload.folder, part.file), "r");
      yield* fileBody(file, 0, part.size);
    }
  }

  private load(id: string): void {
    const folder = join(this.root, id);
    const parts = new Map<number, StoredPart>();
    let record: UploadRecord | undefined;
    const journal = Journal.open<Line>(join(folder, "journal.jsonl"), (line) => {
      if ("upload" in line) record = line.upload;
      else parts.set(line.part.number, line.part);
    });
    if (record === undefined || this.bucket.get(record.key)?.uploadId === id) {
      rmSync(folder, { recursive: true, force: true }); // killed at its beginning, or after its completion
      return;
    }
    const files = new Set([...parts.values()].map((part) => part.file));
    for (const name of readdirSync(folder)) {
      if (name !== "journal.jsonl" && !files.has(name)) rmSync(join(folder, name), { force: true });
    }
    this.uploads.set(id, { record, parts, folder, journal });
  }
}
