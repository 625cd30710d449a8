import type { ObjectStore } from "../core/object-store.js";

/** What reads an `s3://` address, with the credentials and region that every AWS client finds; nothing for other paths. */
export async function storeFor(source: string): Promise<{ readonly store?: ObjectStore }> {
  if (!source.startsWith("s3://")) return {};
  const { createSession } = await import("../session.js");
  return { store: createSession().store };
}
