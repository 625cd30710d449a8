import { hyperparameterTable } from "../../facts/hyperparameter-table.js";
import type { HyperparameterFact, HyperparameterName } from "../../facts/hyperparameter-table.js";
import { ContainerError } from "../contracts.js";

/** Wire values by name: the container's defaults with what was sent laid over them. */
export type Configuration = Readonly<Record<string, string>>;

const table: Readonly<Record<HyperparameterName, HyperparameterFact>> = hyperparameterTable;
const names = Object.keys(table) as HyperparameterName[];

/** Order of the optimizers in the container's own message (a training job's `FailureReason`, 2019). */
const optimizerOrder = ["sgd", "adam", "rmsprop", "adagrad", "nag"];

/** The container falls back to this number of training samples (its default configuration, logs of 2020 to 2025). */
const privateDefaults = { num_training_samples: "8", precision_dtype: "float32" };

/** The container's defaults; `base_size` is missing in the logged ones and comes from the guide. */
export function defaultConfiguration(): Configuration {
  const values: Record<string, string> = {};
  for (const name of names) {
    const value = table[name].default;
    if (value !== undefined) values[name] = value;
  }
  return { ...values, ...privateDefaults };
}

/**
 * Checks what was sent as the container's validator does and lays it over the defaults.
 *
 * Throws a `ClientError` in the validator's words. Lower-case booleans and exponents are taken: nothing is known
 * against them. Names that begin with `_` are the service's own (a tuning job adds `_tuning_objective_metric`).
 */
export function mergeConfiguration(sent: Readonly<Record<string, string>>): Configuration {
  const foreign = Object.keys(sent).filter((name) => !name.startsWith("_") && !isName(name));
  if (foreign.length > 0) {
    const list = foreign.map((name) => `'${name}'`).join(", ");
    throw invalid(
      `Additional hyperparameters are not allowed (${list} ${foreign.length > 1 ? "were" : "was"} unexpected)`,
    );
  }
  const given = new Map(Object.entries(sent));
  const missing = names.filter((name) => isRequired(table[name], given) && (given.get(name) ?? "").trim() === "");
  if (missing.length > 0) {
    const list = missing.map((name) => `'${name}'`).join(", ");
    throw invalid(`No value(s) were specified for ${list} which are required hyperparameter(s)`);
  }
  for (const name of names) {
    const value = given.get(name);
    if (value !== undefined) checkValue(name, table[name], value);
  }
  return { ...defaultConfiguration(), ...sent };
}

function isName(name: string): name is HyperparameterName {
  return Object.hasOwn(table, name);
}

function isRequired({ required, requiredWhen }: HyperparameterFact, given: ReadonlyMap<string, string>): boolean {
  return required === true || (requiredWhen !== undefined && given.get(requiredWhen[0]) === requiredWhen[1]);
}

function checkValue(name: string, fact: HyperparameterFact, value: string): void {
  switch (fact.kind) {
    case "enum": {
      const values = name === "optimizer" ? optimizerOrder : (fact.values ?? []);
      if (!values.includes(value)) throw notOneOf(name, value, values);
      return;
    }
    case "boolean":
      if (!/^(?:true|false)$/i.test(value)) throw notOneOf(name, value, ["True", "False"]);
      return;
    case "integer":
      if (!/^\+?\d{1,15}$/.test(value) || !inRange(Number(value), fact))
        throw outOfRange(name, value, fact, "an integer");
      return;
    case "float":
      if (!/^\+?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d{1,3})?$/i.test(value) || !inRange(Number(value), fact)) {
        throw outOfRange(name, value, fact, "a number");
      }
      return;
    case "string":
      if (name === "lr_scheduler_step" && !/^\s*\d{1,9}\s*(?:,\s*\d{1,9}\s*)*$/.test(value)) {
        throw invalid(`${notValid(name, value)} which expects a string of epochs separated by commas`);
      }
  }
}

function inRange(value: number, { min, max, exclusiveMin, exclusiveMax }: HyperparameterFact): boolean {
  if (min !== undefined && (exclusiveMin === true ? value <= min : value < min)) return false;
  return max === undefined || (exclusiveMax === true ? value < max : value <= max);
}

function notOneOf(name: string, value: string, values: readonly string[]): ContainerError {
  const list = values.map((each) => `'${each}'`).join(", ");
  return invalid(`${notValid(name, value)} which accepts one of the following: ${list}`);
}

function outOfRange(name: string, value: string, fact: HyperparameterFact, kind: string): ContainerError {
  const least = fact.min === undefined ? "" : ` ${fact.exclusiveMin === true ? "above" : "of at least"} ${fact.min}`;
  const most =
    fact.max === undefined
      ? ""
      : `${least === "" ? "" : " and"} ${fact.exclusiveMax === true ? "below" : "of at most"} ${fact.max}`;
  return invalid(`${notValid(name, value)} which expects ${kind}${least}${most}`);
}

function notValid(name: string, value: string): string {
  return `The value '${value.slice(0, 100)}' is not valid for the '${name}' hyperparameter`;
}

function invalid(message: string): ContainerError {
  return new ContainerError("ClientError", `${message} (caused by ValidationError)`);
}
