import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import type { ErrorDetails } from "../../src/core/error-catalogue.js";
import { hyperparameterTable } from "../../src/facts/hyperparameter-table.js";
import type { HyperparameterFact } from "../../src/facts/hyperparameter-table.js";
import { hyperparameterAdvice } from "../../src/training/hyperparameter-advice.js";
import { compileHyperparameters } from "../../src/training/hyperparameters.js";
import { refusalOf } from "../support/refusal-of.js";

const shared = path.resolve(import.meta.dirname, "../../../shared");
const sent = path.join(shared, "fixtures/user-requests/hyperparameters.json");
const table = path.join(shared, "reference/hyperparameters.json");
const missing = !existsSync(sent) || !existsSync(table);
const read = (file: string): unknown => (missing ? [] : JSON.parse(readFileSync(file, "utf8")));

interface Sent {
  readonly id: string;
  readonly outcome: "completed" | "published" | "must-refuse";
  readonly asWritten?: Readonly<Record<string, unknown>>;
  readonly wire: Readonly<Record<string, string>>;
  readonly gpus?: number;
  readonly refuse?: {
    readonly field?: string;
    readonly fields?: readonly string[];
    readonly suggest?: string | Readonly<Record<string, string>>;
  };
}
const entries = read(sent) as Sent[];

describe.skipIf(missing)("hyperparameters that real users sent (needs ../shared)", () => {
  const accepted = entries.filter(({ outcome }) => outcome !== "must-refuse");

  it.for(accepted.map((entry) => [entry.id, entry] as const))("%s: sent as it was", ([, { wire, asWritten }]) => {
    expect(compileHyperparameters(wire)).toEqual(wire);
    if (asWritten !== undefined) expect(compileHyperparameters(asWritten)).toEqual(wire);
  });

  it.for(accepted.filter(({ outcome }) => outcome === "completed").map((entry) => [entry.id, entry] as const))(
    "%s: a run that completed gives no reason to warn",
    ([, { wire, gpus }]) => {
      expect(hyperparameterAdvice(wire, gpus === undefined ? {} : { gpus })).toEqual([]);
    },
  );

  it.for(entries.filter(({ outcome }) => outcome === "must-refuse").map((entry) => [entry.id, entry] as const))(
    "%s: refused, with what was meant",
    ([, { wire, refuse }]) => {
      const { code, details } = refusalOf(() => compileHyperparameters(wire));
      expect(code).toBe("hyperparameter.invalid");
      const { problems } = details as ErrorDetails["hyperparameter.invalid"];
      const fields = refuse?.fields ?? [refuse?.field];
      expect(
        problems
          .map(({ parameter }) => parameter)
          .filter((name) => name in wire)
          .sort(),
      ).toEqual([...fields].sort());
      for (const { parameter, expected } of problems) {
        const meant = typeof refuse?.suggest === "string" ? refuse.suggest : refuse?.suggest?.[parameter];
        if (meant !== undefined) expect(expected).toContain(`did you mean "${meant}"`);
      }
    },
  );
});

interface Row {
  readonly name: string;
  readonly type: string;
  readonly required: boolean;
  readonly min: number | null;
  readonly max: number | null;
  readonly exclusiveMin: boolean;
  readonly exclusiveMax: boolean;
  readonly values: readonly string[] | null;
  readonly default: string | null;
}

describe.skipIf(missing)("the table of hyperparameters (needs ../shared)", () => {
  const rows = (read(table) as { hyperparameters?: Row[] }).hyperparameters ?? [];
  const facts: Readonly<Record<string, HyperparameterFact>> = hyperparameterTable;

  it("has every row of the dossier", () => {
    expect(Object.keys(facts).sort()).toEqual(rows.map(({ name }) => name).sort());
  });

  it.for(rows.map((row) => [row.name, row] as const))("%s: bounds, values and default", ([name, row]) => {
    const fact = facts[name]!;
    expect([fact.required ?? false, fact.min ?? null, fact.max ?? null, fact.default ?? null]).toEqual([
      row.required,
      row.min,
      row.max,
      row.default,
    ]);
    expect([fact.exclusiveMin ?? false, fact.exclusiveMax ?? false]).toEqual([row.exclusiveMin, row.exclusiveMax]);
    // The words of a boolean are its wire form, which the table of facts leaves to the code that writes it.
    if (row.values !== null && fact.kind !== "boolean")
      expect([...(fact.values ?? [])].sort()).toEqual([...row.values].sort());
  });
});
