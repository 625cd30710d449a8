import type { ObjectStore } from "../core/object-store.js";
import type { ProgressOption } from "../core/progress.js";

/** Options of all exports. */
export interface DatasetExportOptions {
  /** The store to write `s3://` folders to, e.g. `session.store`; folders of this machine need none. */
  readonly store?: ObjectStore;
  /** Ends the work with the signal's own reason; files that were written stay. */
  readonly signal?: AbortSignal;
  /** Default `false`. */
  readonly progress?: ProgressOption;
}
