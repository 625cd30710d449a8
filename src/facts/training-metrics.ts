/** Name of a metric that the service registers for a training job of this algorithm. */
export type TrainingMetricName =
  "train:loss" | "train:throughput" | "validation:mIOU" | "validation:pixel_accuracy" | "validation:throughput";

/**
 * The metrics that the service registers for this algorithm, with the expression that finds each in a log line.
 *
 * Source: `semanticSegmentation.json` of awslabs/mlspace; the names appear independently in users' code. Case matters.
 * A request with metric definitions of its own is refused for built-in images.
 */
export const trainingMetrics = [
  { Name: "train:loss", Regex: "train loss: (\\S+)" },
  { Name: "train:throughput", Regex: "train throughput: (\\S+)" },
  { Name: "validation:mIOU", Regex: "validation mIOU: (\\S+)" },
  { Name: "validation:pixel_accuracy", Regex: "pixel_accuracy: (\\S+)" },
  { Name: "validation:throughput", Regex: "validation throughput: (\\S+)" },
] as const satisfies readonly { readonly Name: TrainingMetricName; readonly Regex: string }[];
