import { pythonDict, pythonFloat } from "./python-text.js";

/** Number that stands for the container's thread in every line. */
const thread = "139874561238848";
const host = "algo-1";

/** One value in a `#metrics` line. */
interface Count {
  readonly name: string;
  readonly value: number;
}

/** Writes lines of the shape that the algorithm's container prints (real logs, 2019 to 2025). */
export class LogLines {
  constructor(
    private readonly write: (line: string) => void,
    private readonly now: () => number,
  ) {}

  info(text: string): void {
    this.#line("INFO", text);
  }

  warning(text: string): void {
    this.#line("WARNING", text);
  }

  configuration(
    defaults: Readonly<Record<string, string>>,
    sent: Readonly<Record<string, string>>,
    final: Readonly<Record<string, string>>,
  ): void {
    this.info(`Reading default configuration from /opt/ml/default-input.json: ${pythonDict(defaults)}`);
    this.info(
      `Merging with provided configuration from /opt/ml/input/config/hyperparameters.json: ${pythonDict(sent)}`,
    );
    this.info(`Final configuration: ${pythonDict(final)}`);
  }

  progressNotice(epoch: number, iterations: number, speed: number, learningRate?: number): void {
    const rate = learningRate === undefined ? "" : ` learning_rate: ${learningRate.toFixed(6)}`;
    this.info(
      `#progress_notice. epoch: ${epoch}, iterations: ${iterations} speed: ${pythonFloat(speed)} samples/sec${rate}`,
    );
  }

  quality(epoch: number, metric: "train loss" | "validation pixel_accuracy" | "validation mIOU", value: number): void {
    this.info(`#quality_metric. host: ${host}, epoch: ${epoch}, ${metric}: ${pythonFloat(value)} .`);
  }

  throughput(epoch: number, phase: "train" | "validation", speed: number): void {
    this.info(
      `#throughput_metric. host: ${host}, epoch: ${epoch}, ${phase} throughput: ${pythonFloat(speed)} samples/sec.`,
    );
  }

  completed(percent: number): void {
    this.info(`#progress_metric: host=${host}, completed ${pythonFloat(percent)} % of epochs`);
  }

  /** The `#metrics` line of one epoch; nothing was counted by the data iterator in real logs either. */
  epochMetrics(began: number, epoch: number): void {
    const names = [
      "Total Records Seen",
      "Total Batches Seen",
      "Max Records Seen Between Resets",
      "Max Batches Seen Between Resets",
      "Reset Count",
      "Number of Records Since Last Reset",
      "Number of Batches Since Last Reset",
    ];
    const counts = names.map((name) => ({ name, value: 0 }));
    this.#metrics(began, `, "epoch": ${epoch}, "Meta": "training_data_iter"`, counts);
  }

  /** The last `#metrics` line; times in milliseconds. */
  totals(began: number, epochs: number, setup: number): void {
    this.#metrics(began, "", [
      { name: "epochs", value: epochs },
      { name: "setuptime", value: setup },
      { name: "totaltime", value: this.now() - began },
    ]);
  }

  #metrics(began: number, dimensions: string, counts: readonly Count[]): void {
    const seconds = (time: number): string => pythonFloat(time / 1000);
    const entries = counts.map(
      ({ name, value }) => `"${name}": {"sum": ${pythonFloat(value)}, "count": 1, "min": ${value}, "max": ${value}}`,
    );
    this.write(
      `#metrics {"StartTime": ${seconds(began)}, "EndTime": ${seconds(this.now())}, "Dimensions": {"Algorithm": ` +
        `"AWS/Semantic Segmentation", "Host": "${host}", "Operation": "training"${dimensions}}, ` +
        `"Metrics": {${entries.join(", ")}}}`,
    );
  }

  /** `[MM/DD/YYYY HH:MM:SS LEVEL thread] text`, in UTC. */
  #line(level: string, text: string): void {
    const [date = "", time = ""] = new Date(this.now()).toISOString().slice(0, 19).split("T");
    const [year, month, day] = date.split("-");
    this.write(`[${month}/${day}/${year} ${time} ${level} ${thread}] ${text}`);
  }
}
