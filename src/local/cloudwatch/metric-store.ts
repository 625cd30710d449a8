import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { Journal } from "../store/journal.js";

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

/** So many outdated lines may pile up before the file is written anew. */
const mostOutdated = 20_000;

/** All metric values of the backend: in memory by metric, on disk one line each in `metrics.jsonl`. */
export class MetricStore {
  private readonly series = new Map<string, Series>();
  private readonly journal: Journal<MetricId & MetricPoint>;
  private kept = 0;

  /** @throws `local.state` when the file is damaged. */
  constructor(directory: string) {
    const folder = join(directory, "metrics");
    mkdirSync(folder, { recursive: true });
    this.journal = Journal.open(join(folder, "metrics.jsonl"), (line) => this.keep(line));
    this.compact();
  }

  put(items: readonly (MetricId & MetricPoint)[]): void {
    if (items.length === 0) return;
    this.journal.append(items);
    for (const item of items) this.keep(item);
    if (this.journal.size > this.kept + mostOutdated) this.compact();
  }

  /** Forgets all metrics of a namespace that have exactly these dimensions. */
  forget(namespace: string, dimensions: MetricId["dimensions"]): void {
    for (const [key, series] of this.series) {
      if (key !== keyOf({ namespace, name: series.name, dimensions })) continue;
      this.series.delete(key);
      this.kept -= series.points.length;
    }
    this.compact();
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
    if (typeof value !== "number" || !Number.isFinite(value)) return;
    series.points.push({ at, value });
    this.kept++;
    if (series.points.length > most) this.kept -= series.points.splice(0, most / 10).length;
  }

  /** Writes the file anew when it holds more than what is kept. */
  private compact(): void {
    if (this.journal.size === this.kept) return;
    try {
      this.journal.rewrite(this.lines());
    } catch {
      // no room on the disk, say: the long file is as right as the short one
    }
  }

  private *lines(): Generator<MetricId & MetricPoint> {
    for (const { namespace, name, dimensions, points } of this.series.values()) {
      for (const point of points) yield { namespace, name, dimensions, ...point };
    }
  }
}

/** Order of dimensions does not matter. */
function keyOf({ namespace, name, dimensions }: MetricId): string {
  return JSON.stringify([namespace, name, Object.entries(dimensions).sort(([a], [b]) => (a < b ? -1 : 1))]);
}
