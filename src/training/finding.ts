/** Something about a planned job that is worth knowing before it costs money. */
export interface TrainingFinding {
  /** Short name of the rule, e.g. `batch.too-large`; it stays the same. */
  readonly code: string;
  /** `error`: the job will fail. `warning`: it runs, and is probably not what is meant. `info`: good to know. */
  readonly severity: "error" | "warning" | "info";
  /** The hyperparameter, channel or setting that it is about. */
  readonly parameter: string;
  /** What is odd about it, in a sentence for people. */
  readonly message: string;
  /** What to do about it. */
  readonly remedy: string;
}
