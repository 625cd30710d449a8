/** What a session can make on AWS and delete again. */
export type OwnedKind = "model" | "endpoint-config" | "endpoint";

/** The record of what one session made: only that may be deleted on the way out. */
export interface OwnershipLedger {
  add(kind: OwnedKind, name: string): void;
  owns(kind: OwnedKind, name: string): boolean;
  /** Takes it off the record, after it is deleted or handed over. */
  release(kind: OwnedKind, name: string): void;
  /** All that is owned now, in the order of making. */
  list(): readonly { readonly kind: OwnedKind; readonly name: string }[];
}

/** Makes an empty ledger. */
export function createOwnershipLedger(): OwnershipLedger {
  const owned = new Map<string, { readonly kind: OwnedKind; readonly name: string }>();
  const key = (kind: OwnedKind, name: string): string => `${kind}/${name}`;
  return {
    add: (kind, name) => void owned.set(key(kind, name), { kind, name }),
    owns: (kind, name) => owned.has(key(kind, name)),
    release: (kind, name) => void owned.delete(key(kind, name)),
    list: () => [...owned.values()],
  };
}
