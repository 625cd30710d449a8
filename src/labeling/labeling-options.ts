import { refusal, integerBetween } from "./refusal.js";
import { contentClassifiers } from "./workforce.js";
import type { ContentClassifier } from "./workforce.js";

/** Times and batch size of a labeling job. */
export interface LabelingTimeLimits {
  /** Seconds that a worker has for one image, 30 to 28,800; default 3,600, the console's for segmentation. */
  readonly taskSeconds?: number;
  /**
   * Seconds that a task stays on offer: 60 to 43,200 for the public crowd, 60 to 2,592,000 for a team; default: the
   * service's (6 hours and 30 days).
   */
  readonly availabilitySeconds?: number;
  /** Images that are out at the same time, 1 to 5,000 (above 1,000 only after asking AWS); default 1,000. */
  readonly maxConcurrentTasks?: number;
}

/** When a labeling job ends before all images are labeled; whichever comes first. */
export interface LabelingStop {
  /** Images labeled by people, from 1. */
  readonly humanLabeledObjects?: number;
  /** Percent of the images, 1 to 100. */
  readonly percentageLabeled?: number;
}

/** The functions around each task, by ARN, in place of Ground Truth's own. */
export interface LabelingLambdas {
  /** ARN of the function that makes a task of each manifest line. */
  readonly pre: string;
  /** ARN of the function that makes one label of the workers' answers. */
  readonly consolidation: string;
}

/** Checks times against the API reference and the guide (section 1.3 of the request rules: image tasks). */
export function checkTimeLimits(limits: LabelingTimeLimits): LabelingTimeLimits {
  const { taskSeconds, availabilitySeconds, maxConcurrentTasks } = limits;
  if (taskSeconds !== undefined) integerBetween("taskSeconds", taskSeconds, 30, 28_800, "seconds");
  if (availabilitySeconds !== undefined) {
    integerBetween("availabilitySeconds", availabilitySeconds, 60, 2_592_000, "seconds");
  }
  if (maxConcurrentTasks !== undefined) integerBetween("maxConcurrentTasks", maxConcurrentTasks, 1, 5000, "images");
  return { ...limits };
}

/** Checks stopping conditions. */
export function checkStop(stop: LabelingStop): LabelingStop {
  const { humanLabeledObjects, percentageLabeled } = stop;
  if (humanLabeledObjects === undefined && percentageLabeled === undefined) {
    throw refusal("stopAfter", stop, "humanLabeledObjects, percentageLabeled or both");
  }
  if (humanLabeledObjects !== undefined) {
    integerBetween("humanLabeledObjects", humanLabeledObjects, 1, 2_147_483_647, "images");
  }
  if (percentageLabeled !== undefined) integerBetween("percentageLabeled", percentageLabeled, 1, 100, "percent");
  return { ...stop };
}

/** Task title: 1 to 128 characters of the basic plane, so no emoji (API reference, TaskTitle). */
export function checkTitle(title: string): string {
  if (title.length < 1 || title.length > 128 || !/^[\t\n\r -\uD7FF\uE000-\uFFFD]*$/.test(title)) {
    throw refusal("title", title, "1 to 128 characters without emoji and control characters");
  }
  return title;
}

/** Task description: 1 to 255 characters in one line (API reference, TaskDescription). */
export function checkDescription(description: string): string {
  if (description.length > 255 || !/^.+$/.test(description)) {
    throw refusal("description", description, "1 to 255 characters without a line break");
  }
  return description;
}

/** Task keywords: 1 to 5, letters and digits with single blanks between words (API reference, TaskKeywords). */
export function checkKeywords(keywords: readonly string[]): readonly string[] {
  if (keywords.length < 1 || keywords.length > 5) throw refusal("keywords", keywords.length, "1 to 5 keywords");
  for (const keyword of keywords) {
    if (keyword.length > 30 || !/^[A-Za-z0-9]+(?: [A-Za-z0-9]+)*$/.test(keyword)) {
      throw refusal("keywords", keyword, "words of letters and digits with single blanks, at most 30 characters");
    }
  }
  return [...keywords];
}

/** Checks what the images are free of; each word once. */
export function checkClassifiers(given: readonly ContentClassifier[]): readonly ContentClassifier[] {
  const unknown = given.find((name) => !contentClassifiers.includes(name));
  if (unknown !== undefined) throw refusal("contentClassifiers", unknown, `only ${contentClassifiers.join(" and ")}`);
  return [...new Set(given)];
}

/** Checks the ARNs of functions. */
export function checkLambdas(lambdas: LabelingLambdas): LabelingLambdas {
  for (const [parameter, arn] of [
    ["lambdas.pre", lambdas.pre],
    ["lambdas.consolidation", lambdas.consolidation],
  ] as const) {
    if (arn.length > 2048 || !/^arn:aws[a-z-]*:lambda:[a-z0-9-]*:[0-9]{12}:function:.+$/.test(arn)) {
      throw refusal(parameter, arn, "arn:aws:lambda:<region>:<account>:function:<name>");
    }
  }
  return { ...lambdas };
}
