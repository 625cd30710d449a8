import { trainingInvalid } from "./training-invalid.js";

/** A private network for the training container. */
export interface VpcOptions {
  /** One to 16 subnets, `subnet-...`. They need a way to S3: the container fetches its data through them. */
  readonly subnets: readonly string[];
  /** One to 5 security groups, `sg-...`. */
  readonly securityGroups: readonly string[];
}

/** What is encrypted with keys of your own. */
export interface EncryptionOptions {
  /**
   * KMS key (id or ARN) of the instance's disk. Types with disks of their own, such as G4dn and G5, take none: theirs are
   * encrypted anyway.
   */
  readonly volumeKmsKey?: string;
  /** KMS key (id, ARN or alias) of the artifact in S3. */
  readonly outputKmsKey?: string;
  /** Whether traffic between instances is encrypted; default `false`. This algorithm trains on one, so nothing changes. */
  readonly betweenContainers?: boolean;
}

// Patterns and limits: service model 2017-07-24.
const id = /^[-0-9a-zA-Z]{1,32}$/;
const key = /^[a-zA-Z0-9:/_-]{1,2048}$/;

/** Checks and copies a network. Throws `training.invalid`. */
export function checkVpc({ subnets, securityGroups }: VpcOptions): VpcOptions {
  return { subnets: ids("subnets", subnets, 16), securityGroups: ids("securityGroups", securityGroups, 5) };
}

function ids(parameter: string, given: readonly string[], most: number): readonly string[] {
  if (given.length >= 1 && given.length <= most && given.every((one) => id.test(one))) return [...given];
  throw trainingInvalid(parameter, given.join(", "), `1 to ${most} ids of letters, digits and hyphens`);
}

/** Checks keys. Throws `training.invalid`. */
export function checkEncryption(options: EncryptionOptions): EncryptionOptions {
  for (const name of ["volumeKmsKey", "outputKmsKey"] as const) {
    const given = options[name];
    if (given !== undefined && !key.test(given)) throw trainingInvalid(name, given, "the id or ARN of a KMS key");
  }
  return { ...options };
}

/** Checks environment variables. Throws `training.invalid`. */
export function checkEnvironment(variables: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const entries = Object.entries(variables);
  if (entries.length > 100) throw trainingInvalid("environment", entries.length, "at most 100 variables");
  for (const [name, value] of entries) {
    if (name.length > 512 || !/^[a-zA-Z_][a-zA-Z0-9_]*$/.test(name)) {
      throw trainingInvalid("environment", name, "names of letters, digits and underscores, no digit first");
    }
    if (typeof value !== "string" || value.length > 512) {
      throw trainingInvalid(`environment["${name}"]`, value, "a text of at most 512 characters");
    }
  }
  return { ...variables };
}

/** An integer in a range, both ends included. Throws `training.invalid`. */
export function integerIn(parameter: string, value: number, min: number, max: number, unit: string): number {
  if (Number.isInteger(value) && value >= min && value <= max) return value;
  throw trainingInvalid(parameter, value, `an integer from ${min} to ${max} ${unit}`);
}
