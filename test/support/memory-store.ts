import { createHash } from "node:crypto";
import type { ObjectStore, StoredObject } from "../../src/core/object-store.js";
import { SegmentationError } from "../../src/core/errors.js";

/** What a {@link MemoryStore} was asked to do. */
export interface StoreCall {
  readonly verb: "list" | "read" | "stream" | "write" | "copy" | "head";
  readonly uri: string;
  /** Bytes asked for in a ranged read. */
  readonly bytes?: number;
}

/** An object store in memory, with a record of calls and faults on demand. */
export interface MemoryStore extends ObjectStore {
  readonly objects: Map<string, Uint8Array>;
  readonly calls: StoreCall[];
  /** Called before each call; throws to make it fail. */
  fault: ((call: StoreCall) => void) | undefined;
}

/** Makes a store that holds these objects; texts are stored as UTF-8. */
export function memoryStore(initial: Readonly<Record<string, Uint8Array | string>> = {}): MemoryStore {
  const objects = new Map<string, Uint8Array>();
  const beside = new Map<string, Readonly<Record<string, string>>>();
  const keep = (uri: string, metadata: Readonly<Record<string, string>> | undefined): void => {
    if (metadata === undefined) beside.delete(uri);
    else beside.set(uri, metadata);
  };
  for (const [uri, body] of Object.entries(initial))
    objects.set(uri, typeof body === "string" ? new TextEncoder().encode(body) : body);
  const calls: StoreCall[] = [];

  function enter(call: StoreCall, signal: AbortSignal | undefined): void {
    signal?.throwIfAborted();
    calls.push(call);
    store.fault?.(call);
  }
  function get(operation: string, uri: string): Uint8Array {
    const body = objects.get(uri);
    if (body !== undefined) return body;
    throw new SegmentationError("aws.not-found", `${operation} failed: NoSuchKey: ${uri}.`, {
      operation,
      name: "NoSuchKey",
      status: 404,
      retryable: false,
    });
  }
  const describe = (uri: string, body: Uint8Array): StoredObject => ({
    uri,
    size: body.length,
    etag: createHash("md5").update(body).digest("hex"),
  });

  const store: MemoryStore = {
    objects,
    calls,
    fault: undefined,
    async *list(prefix, { signal } = {}) {
      enter({ verb: "list", uri: prefix }, signal);
      const bytes = (text: string): Buffer => Buffer.from(text, "utf8");
      const uris = [...objects.keys()].filter((uri) => uri.startsWith(prefix));
      for (const uri of uris.sort((a, b) => Buffer.compare(bytes(a), bytes(b)))) {
        await Promise.resolve();
        yield describe(uri, objects.get(uri) ?? new Uint8Array());
      }
    },
    async read(uri, { bytes, signal } = {}) {
      await Promise.resolve();
      enter({ verb: "read", uri, ...(bytes === undefined ? {} : { bytes }) }, signal);
      return Uint8Array.from(get("GetObject", uri).subarray(0, bytes));
    },
    async *stream(uri, { signal } = {}) {
      await Promise.resolve();
      enter({ verb: "stream", uri }, signal);
      const body = get("GetObject", uri);
      // Small odd pieces, so that characters and lines are cut apart.
      for (let at = 0; at < body.length; at += 7) yield body.subarray(at, at + 7);
    },
    async write(uri, body, { metadata, signal } = {}) {
      await Promise.resolve();
      enter({ verb: "write", uri }, signal);
      keep(uri, metadata);
      if (body instanceof Uint8Array) {
        objects.set(uri, Uint8Array.from(body));
        return;
      }
      const chunks: Uint8Array[] = [];
      for await (const chunk of body) chunks.push(Uint8Array.from(chunk));
      objects.set(uri, Uint8Array.from(Buffer.concat(chunks)));
    },
    async copy(from, to, { metadata, signal } = {}) {
      await Promise.resolve();
      enter({ verb: "copy", uri: to }, signal);
      keep(to, metadata);
      objects.set(to, get("CopyObject", from));
    },
    async head(uri, { signal } = {}) {
      await Promise.resolve();
      enter({ verb: "head", uri }, signal);
      const body = objects.get(uri);
      if (body === undefined) return undefined;
      const metadata = beside.get(uri);
      return { ...describe(uri, body), ...(metadata === undefined ? {} : { metadata }) };
    },
  };
  return store;
}
