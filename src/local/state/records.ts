import { mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { SegmentationError } from "../../core/errors.js";
import { writeFileAtomically } from "./atomic-file.js";

/** What every record has. */
export interface NamedRecord {
  readonly name: string;
}

/**
 * Records of one kind: in memory by name, on disk one JSON file each.
 *
 * Names are compared without case, as SageMaker does for ARNs, so a case-insensitive file system is no trap.
 */
export class Records<Item extends NamedRecord> {
  private readonly items = new Map<string, Item>();

  /**
   * @throws `local.state` when a file is damaged.
   */
  constructor(private readonly directory: string) {
    mkdirSync(directory, { recursive: true });
    for (const file of readdirSync(directory).sort()) {
      if (!file.endsWith(".json")) continue; // the rest of an interrupted write
      const item = readRecord(join(directory, file)) as Item;
      this.items.set(item.name.toLowerCase(), item);
    }
  }

  get(name: string): Item | undefined {
    return this.items.get(name.toLowerCase());
  }

  all(): readonly Item[] {
    return [...this.items.values()];
  }

  /** Keeps a new or changed record. */
  save(item: Item): void {
    writeFileAtomically(this.path(item.name), JSON.stringify(item, undefined, 1));
    this.items.set(item.name.toLowerCase(), item);
  }

  delete(name: string): void {
    this.items.delete(name.toLowerCase());
    rmSync(this.path(name), { force: true });
  }

  private path(name: string): string {
    const lower = name.toLowerCase();
    // Device names of Windows cannot be files there; a name never has an underscore.
    const safe = /^(con|prn|aux|nul|com\d|lpt\d)$/.test(lower) ? `${lower}_` : lower;
    return join(this.directory, `${safe}.json`);
  }
}

function readRecord(file: string): NamedRecord {
  try {
    const value = JSON.parse(readFileSync(file, "utf8")) as NamedRecord;
    if (typeof value.name === "string") return value;
  } catch {
    // told below
  }
  const expected = "a JSON record with a name, as the backend wrote it (delete the file to forget it)";
  throw new SegmentationError("local.state", `${file} is damaged: expected ${expected}.`, { file, expected });
}
