import { appendFileSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** A metric's identity; dimensions by name. */
export interface MetricId {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

/** One value at a time, milliseconds since 1970. */
export interface MetricPoint {
  readonly at: number;
  readonly value: number;
}

interface Series extends MetricId {
  readonly points: MetricPoint[];
}

/** Values kept of one metric; older ones go. */
const most = 100_000;

/** All metric values of the backend: in memory by metric, on disk one line each in `metrics.jsonl`. */
export class MetricStore {
  private readonly series = new Map<string, Series>();
  private readonly file: string;

  constructor(directory: string) {
    mkdirSync(join(directory, "metrics"), { recursive: true });
    this.file = join(directory, "metrics", "metrics.jsonl");
    if (!existsSync(this.file)) return;
    const text = readFileSync(this.file, "utf8");
    for (const line of text.split("\n")) {
      try {
        if (line !== "") this.keep(JSON.parse(line) as MetricId & MetricPoint);
      } catch {
        continue; // half a line, left by a kill
      }
    }
    if (text !== "" && !text.endsWith("\n")) appendFileSync(this.file, "\n");
  }

  put(items: readonly (MetricId & MetricPoint)[]): void {
    for (const item of items) this.keep(item);
    appendFileSync(this.file, items.map((item) => `${JSON.stringify(item)}\n`).join(""));
  }

  points(id: MetricId): readonly MetricPoint[] {
    return this.series.get(keyOf(id))?.points ?? [];
  }

  metrics(): readonly MetricId[] {
    return [...this.series.values()];
  }

  private keep({ namespace, name, dimensions, at, value }: MetricId & MetricPoint): void {
    const key = keyOf({ namespace, name, dimensions });
    let series = this.series.get(key);
    if (series === undefined) {
      series = { namespace, name, dimensions, points: [] };
      this.series.set(key, series);
    }
    // JSON has no NaN; such values are no data for CloudWatch either.
    if (typeof value === "number" && Number.isFinite(value)) series.points.push({ at, value });
    if (series.points.length > most) series.points.splice(0, most / 10);
  }
}

/** Order of dimensions does not matter. */
function keyOf({ namespace, name, dimensions }: MetricId): string {
  return JSON.stringify([namespace, name, Object.entries(dimensions).sort(([a], [b]) => (a < b ? -1 : 1))]);
}
