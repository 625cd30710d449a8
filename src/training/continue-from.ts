import { SegmentationError } from "../core/errors.js";
import { parseS3Uri } from "../core/s3-uri.js";
import { hyperparameterTable } from "../facts/hyperparameter-table.js";
import { isAlgorithmImage } from "../facts/image-registry.js";
import type { AnyClassTable } from "../mask/classes.js";
import type { HyperparameterProblem } from "./hyperparameters.js";
import { trainingInvalid } from "./training-invalid.js";

/**
 * What an estimator can go on from: the address of a `model.tar.gz`, a model, or what `describe()` says of a finished
 * job. The more of it is known, the more is checked.
 */
export type EarlierTraining =
  | string
  | {
      /** Address of `model.tar.gz`; `undefined` while the job has none. */
      readonly artifact: string | undefined;
      /** The classes that it tells apart. */
      readonly classes?: AnyClassTable;
      /** The job that made it; its hyperparameters are looked up before a new job is created. */
      readonly trainingJob?: string | undefined;
      /** The hyperparameters of the job that made it, as `describe()` has them. */
      readonly hyperparameters?: Readonly<Record<string, string>>;
      /** Image of the job that made it. */
      readonly image?: string | undefined;
    };

/** An earlier training, checked. */
export interface Earlier {
  readonly artifact: string;
  readonly classes?: AnyClassTable | undefined;
  readonly trainingJob?: string | undefined;
  readonly hyperparameters?: Readonly<Record<string, string>> | undefined;
}

/** Algorithm page, incremental training: these must equal those of the earlier job. */
export const fixedByEarlierJob = ["backbone", "algorithm", "crop_size", "num_classes"] as const;

/** Throws `s3.uri`, and `training.invalid` for what is no artifact of this algorithm. */
export function checkEarlier(given: EarlierTraining): Earlier {
  const earlier = typeof given === "string" ? { artifact: given } : given;
  const { artifact } = earlier;
  if (artifact === undefined) {
    const expected = "a job that has a model artifact: one that has completed";
    throw new SegmentationError("training.invalid", `continueFrom: expected ${expected}.`, {
      parameter: "continueFrom",
      expected,
    });
  }
  if (!parseS3Uri(artifact).key.endsWith(".tar.gz")) {
    throw trainingInvalid("continueFrom", artifact, "the model.tar.gz of an earlier training job");
  }
  const { classes, trainingJob, hyperparameters, image } = earlier;
  if (image !== undefined && !isAlgorithmImage(image)) {
    throw trainingInvalid("continueFrom", image, "a job of the semantic segmentation algorithm: no other model fits");
  }
  return {
    artifact,
    ...(classes === undefined ? {} : { classes }),
    ...(trainingJob === undefined ? {} : { trainingJob }),
    ...(hyperparameters === undefined ? {} : { hyperparameters: { ...hyperparameters } }),
  };
}

/** The values that the earlier job decides, to be taken over where nothing is said. */
export function inheritedHyperparameters({ hyperparameters }: Earlier): Readonly<Record<string, string>> {
  if (hyperparameters === undefined) return {};
  const fixed = fixedByEarlierJob.filter((name) => name !== "num_classes");
  return Object.fromEntries(fixed.map((name) => [name, hyperparameters[name] ?? hyperparameterTable[name].default]));
}

/** Where a new job cannot go on from the earlier one. */
export function earlierProblems(
  { hyperparameters, classes }: Earlier,
  wire: Readonly<Record<string, string>>,
): readonly HyperparameterProblem[] {
  const problems: HyperparameterProblem[] = [];
  for (const name of fixedByEarlierJob) {
    const fallback = name === "num_classes" ? undefined : hyperparameterTable[name].default;
    const before = name === "num_classes" && classes !== undefined ? String(classes.count) : hyperparameters?.[name];
    const earlier = before ?? (hyperparameters === undefined ? undefined : fallback);
    const now = wire[name] ?? fallback;
    if (earlier === undefined || now === undefined || Number(now) === Number(earlier) || now === earlier) continue;
    problems.push({ parameter: name, value: now, expected: `${earlier}, as in the earlier job that it goes on from` });
  }
  return problems;
}
