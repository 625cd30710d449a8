import type { ArrayProblem } from "../core/error-details.js";
import { weightTypes } from "./array-types.js";
import { firstUnusable } from "./array-statistics.js";
import type { ModelVariant, ParameterArray } from "./artifact.js";
import { expectedArrays } from "./expected-arrays.js";
import type { ExpectedArray } from "./expected-arrays.js";

/** Compares weights with the network that they belong to: names, shapes, types, and whether all numbers are usable. */
export function checkWeights(
  weights: ReadonlyMap<string, ParameterArray>,
  variant: ModelVariant,
): readonly ArrayProblem[] {
  const expected = expectedArrays(variant, weights);
  const known = new Set(expected.map(({ name }) => name));
  const extra = [...weights.keys()].filter((name) => !known.has(name));
  return [
    ...expected.flatMap((array) => problemsOf(array, weights.get(array.name))),
    ...extra.map((array): ArrayProblem => ({ kind: "extra", array, message: "no part of this network" })),
  ];
}

function problemsOf({ name, shape }: ExpectedArray, array: ParameterArray | undefined): readonly ArrayProblem[] {
  if (array === undefined) {
    return [{ kind: "missing", array: name, message: `not in the file, expected ${shapeText(shape)}` }];
  }
  const fits =
    array.shape.length === shape.length &&
    shape.every((size, index) => size === undefined || size === array.shape[index]);
  if (!fits) {
    const message = `has the shape ${shapeText(array.shape)}, expected ${shapeText(shape)}`;
    return [{ kind: "shape", array: name, message }];
  }
  if (!weightTypes.has(array.type)) {
    return [{ kind: "type", array: name, message: `holds ${array.type}, expected floating point numbers` }];
  }
  const unusable = firstUnusable(array);
  if (unusable === undefined) return [];
  const expected = name.endsWith(".running_var") ? "finite numbers from 0" : "finite numbers";
  const message = `element ${unusable.index} is ${unusable.value}, expected ${expected}`;
  return [{ kind: "values", array: name, message }];
}

function shapeText(shape: readonly (number | undefined)[]): string {
  return `[${shape.map((size) => size ?? "?").join(", ")}]`;
}
