import { expect, it } from "vitest";
import { checkName, nameRules } from "../../src/aws/names.js";
import { createOwnershipLedger } from "../../src/aws/ownership.js";
import { refusalOf } from "../support/refusal-of.js";

// Patterns and lengths: SageMaker service model 2017-07-24.
it.each(["a", "turtles-2026", "A--b", "a".repeat(63)])("takes the name %s", (name) => {
  expect(checkName(nameRules.trainingJob, name)).toBe(name);
});

it.each(["", "-a", "a-", "a_b", "a b", "ä", "a\n", "a".repeat(64), "a".repeat(100_000)])("refuses %j", (name) => {
  expect(refusalOf(() => checkName(nameRules.trainingJob, name))).toMatchObject({
    code: "input.invalid",
    details: { parameter: "training job name" },
  });
});

it("allows 32 signs for tuning jobs", () => {
  expect(refusalOf(() => checkName(nameRules.tuningJob, "a".repeat(33))).code).toBe("input.invalid");
});

it("keeps a record of what a session made, in order, until it is released", () => {
  const ledger = createOwnershipLedger();
  ledger.add("model", "m");
  ledger.add("endpoint-config", "m");
  ledger.add("endpoint", "m");
  ledger.release("endpoint", "m");
  ledger.release("endpoint", "never made");
  expect(ledger.list()).toEqual([
    { kind: "model", name: "m" },
    { kind: "endpoint-config", name: "m" },
  ]);
  expect([ledger.owns("model", "m"), ledger.owns("endpoint", "m")]).toEqual([true, false]);
});
