/**
 * What one container log line says. Unknown lines say nothing.
 *
 * The shapes are those of real logs of 2019 to 2025; lines are searched, not matched as a whole, because consoles glue
 * status lines to them.
 */
export type TrainingLogFact =
  /** `#quality_metric`: a measured value of an epoch; may be `NaN` or infinite. */
  | {
      readonly kind: "quality";
      readonly epoch: number;
      readonly metric: "trainLoss" | "pixelAccuracy" | "mIoU";
      readonly value: number;
    }
  /** `#throughput_metric`: images per second of an epoch. */
  | {
      readonly kind: "throughput";
      readonly epoch: number;
      readonly metric: "trainThroughput" | "validationThroughput";
      readonly value: number;
    }
  /** `#progress_notice`: within an epoch; validation notices have no learning rate. */
  | {
      readonly kind: "iterations";
      readonly epoch: number;
      readonly iterations: number;
      readonly samplesPerSecond: number;
      readonly learningRate?: number;
    }
  /** `#progress_metric`: share of the epochs done, in percent. */
  | { readonly kind: "completed"; readonly percent: number }
  /** The schedule, before the first epoch. */
  | { readonly kind: "schedule"; readonly iterationsPerEpoch: number; readonly epochs: number }
  /** A configuration: the container's defaults, the values sent, or both merged. */
  | {
      readonly kind: "configuration";
      readonly which: "default" | "provided" | "final";
      readonly values: Readonly<Record<string, string>>;
    }
  | { readonly kind: "gpus"; readonly count: number }
  /** A weight file was written: of the best epoch so far, or of the last. */
  | { readonly kind: "saved"; readonly weights: "best" | "last" }
  /** A file of a channel that is no image: a hint that a channel's prefix takes too much. */
  | { readonly kind: "unreadable-image"; readonly path: string }
  /** `#metrics` with the totals of the job, milliseconds. */
  | { readonly kind: "totals"; readonly epochs: number; readonly setupTime: number; readonly totalTime: number };

const number = String.raw`[+-]?(?:\d[\d.]*(?:e[+-]?\d+)?|\.\d+|nan|inf(?:inity)?)`;
const quality = new RegExp(
  String.raw`#quality_metric\. host: \S+, epoch: (\d+), (train loss|validation pixel_accuracy|validation mIOU): (${number})`,
  "i",
);
const throughput = new RegExp(
  String.raw`#throughput_metric\. host: \S+, epoch: (\d+), (train|validation) throughput: (${number}) samples/sec`,
  "i",
);
const notice = new RegExp(
  String.raw`#progress_notice\. epoch: (\d+), iterations: (\d+) speed: (${number}) samples/sec(?: learning_rate: (${number}))?`,
  "i",
);
const configurations = [
  ["default", "Reading default configuration from "],
  ["provided", "Merging with provided configuration from "],
  ["final", "Final configuration: "],
] as const;

// Longer than any line of the logs seen (898 characters) by far: what is beyond is not searched.
const longestLine = 65_536;

/** Reads one container log line; `undefined` when it says nothing of interest. Never throws. */
export function readLogLine(text: string): TrainingLogFact | undefined {
  const line = text.length > longestLine ? text.slice(0, longestLine) : text;
  if (line.includes("#quality_metric")) return readQuality(line);
  if (line.includes("#throughput_metric")) return readThroughput(line);
  if (line.includes("#progress_notice")) return readNotice(line);
  if (line.includes("#metrics {")) return readTotals(line);

  const completed = /#progress_metric: host=\S+ completed (\d+(?:\.\d+)?) ?% of epochs/.exec(line);
  if (completed !== null) return { kind: "completed", percent: Number(completed[1]) };
  const saved = /Serializing model to \S*\/(model_best\.params|model_algo-\d+)/.exec(line);
  if (saved !== null) return { kind: "saved", weights: saved[1] === "model_best.params" ? "best" : "last" };
  const schedule = /LRScheduler setup: iters per epoch: (\d+), num_epochs (\d+)/.exec(line);
  if (schedule !== null) {
    return { kind: "schedule", iterationsPerEpoch: Number(schedule[1]), epochs: Number(schedule[2]) };
  }
  const gpus = /Number of GPUs being used: (\d+)/.exec(line);
  if (gpus !== null) return { kind: "gpus", count: Number(gpus[1]) };
  const unreadable = /(\/opt\/ml\/input\/data\/.{0,1024}) is not a readable image file/.exec(line);
  if (unreadable !== null) return { kind: "unreadable-image", path: unreadable[1] ?? "" };
  for (const [which, words] of configurations) {
    const at = line.indexOf(words);
    if (at >= 0) return { kind: "configuration", which, values: readDictionary(line.slice(at + words.length)) };
  }
  return undefined;
}

function readQuality(line: string): TrainingLogFact | undefined {
  const [, epoch, name, value] = quality.exec(line) ?? [];
  if (epoch === undefined || name === undefined || value === undefined) return undefined;
  const metric = /loss$/i.test(name) ? "trainLoss" : /mIOU$/i.test(name) ? "mIoU" : "pixelAccuracy";
  return { kind: "quality", epoch: Number(epoch), metric, value: readNumber(value) };
}

function readThroughput(line: string): TrainingLogFact | undefined {
  const [, epoch, name, value] = throughput.exec(line) ?? [];
  if (epoch === undefined || name === undefined || value === undefined) return undefined;
  const metric = name.toLowerCase() === "train" ? "trainThroughput" : "validationThroughput";
  return { kind: "throughput", epoch: Number(epoch), metric, value: readNumber(value) };
}

function readNotice(line: string): TrainingLogFact | undefined {
  const [, epoch, iterations, speed, rate] = notice.exec(line) ?? [];
  if (epoch === undefined || iterations === undefined || speed === undefined) return undefined;
  return {
    kind: "iterations",
    epoch: Number(epoch),
    iterations: Number(iterations),
    samplesPerSecond: readNumber(speed),
    ...(rate === undefined ? {} : { learningRate: readNumber(rate) }),
  };
}

/** Numbers as Python prints them: a job that diverged shows `nan`, an overflow `inf`. */
function readNumber(text: string): number {
  const plain = text.toLowerCase();
  if (plain.endsWith("nan")) return NaN;
  if (plain.includes("inf")) return plain.startsWith("-") ? -Infinity : Infinity;
  return Number(plain);
}

/** A Python dictionary of texts, `{'epochs': '10', u'backbone': u'resnet-50'}`. */
function readDictionary(text: string): Readonly<Record<string, string>> {
  const pairs = text.matchAll(/u?'([^']{1,256})': u?'([^']{0,2500})'/g);
  return Object.fromEntries([...pairs].map(([, key = "", value = ""]) => [key, value]));
}

/** The last `#metrics` line of a job; those of the epochs have no times of the whole job. */
function readTotals(line: string): TrainingLogFact | undefined {
  if (!line.includes('"totaltime"')) return undefined;
  const sum = (name: string): number =>
    Number(new RegExp(String.raw`"${name}": \{[^{}]{0,200}?"sum": ([\d.e+-]+)`).exec(line)?.[1]);
  const totals = { epochs: sum("epochs"), setupTime: sum("setuptime"), totalTime: sum("totaltime") };
  return Object.values(totals).every(Number.isFinite) ? { kind: "totals", ...totals } : undefined;
}
