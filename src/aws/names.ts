import { SegmentationError } from "../core/errors.js";

/** A rule for names of one kind of resource; AWS's patterns do not bound the length, so both are needed. */
export interface NameRule {
  /** For messages, e.g. `"training job name"`. */
  readonly what: string;
  readonly longest: number;
  readonly pattern: RegExp;
}

const hyphened = /^[a-zA-Z0-9](?:-*[a-zA-Z0-9])*$/;

/** Names of SageMaker resources (service model 2017-07-24). */
export const nameRules = {
  labelingJob: { what: "labeling job name", longest: 63, pattern: hyphened },
  trainingJob: { what: "training job name", longest: 63, pattern: hyphened },
  tuningJob: { what: "tuning job name", longest: 32, pattern: hyphened },
  model: { what: "model name", longest: 63, pattern: /^[a-zA-Z0-9](?:[-a-zA-Z0-9]*[a-zA-Z0-9])?$/ },
  endpointConfig: { what: "endpoint configuration name", longest: 63, pattern: hyphened },
  endpoint: { what: "endpoint name", longest: 63, pattern: hyphened },
  variant: { what: "variant name", longest: 63, pattern: hyphened },
} as const satisfies Readonly<Record<string, NameRule>>;

/** Returns the name; throws `input.invalid` when AWS would refuse it. */
export function checkName(rule: NameRule, name: string): string {
  // The length first: some patterns take long on long texts.
  if (name.length >= 1 && name.length <= rule.longest && rule.pattern.test(name)) return name;
  const expected = `1 to ${rule.longest} letters, digits and hyphens, a letter or digit first and last`;
  throw new SegmentationError("input.invalid", `"${name.slice(0, 100)}" is no ${rule.what}: expected ${expected}.`, {
    parameter: rule.what,
    value: name,
    expected,
  });
}
