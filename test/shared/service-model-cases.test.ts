import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { hasOperation, validate } from "../../src/local/model/validate.js";

const folder = join(import.meta.dirname, "../../../shared/peers/service-model");
const missing = !existsSync(folder);

interface Case {
  readonly base: number;
  readonly what: string;
  readonly path: readonly (string | number)[];
  readonly remove?: true;
  readonly value?: unknown;
  readonly type?: string;
  readonly violations?: readonly string[];
}
interface Cases {
  readonly bases: readonly { readonly operation: string; readonly input: Record<string, unknown> }[];
  readonly cases: readonly Case[];
}

/** Undoes the short forms of the case file (its README names them); bytes become bytes. */
function grown(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(grown);
  if (value === null || typeof value !== "object") return value;
  const [form, parts] = (Object.entries(value)[0] ?? ["", null]) as [string, never];
  if (form === "$repeat") return `${parts[0] as string}${(parts[1] as string).repeat(parts[2])}${parts[3] as string}`;
  if (form === "$list") return Array.from({ length: parts[1] }, () => structuredClone(parts[0]));
  if (form === "$map") return Object.fromEntries(Array.from({ length: parts }, (_, i) => [`k${i}`, "1"]));
  if (form === "$key") return { [(parts[0] as string).repeat(parts[1])]: "1" };
  if (form === "$base64") return Buffer.from(parts, "base64");
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, grown(item)]));
}

/** Only up to the dots where the file cuts a text. */
function agrees(ours: string, theirs: string): boolean {
  return theirs.split("...").every((part) => ours.includes(part));
}

describe.skipIf(missing)("the service model's cases (../shared/peers/service-model)", () => {
  const file = missing ? undefined : (JSON.parse(readFileSync(join(folder, "cases.json"), "utf8")) as Cases);

  it("refuses and accepts all 2,304 as the file says, in the service's words", () => {
    expect(file?.cases.length).toBe(2304);
    const wrong: string[] = [];
    for (const item of file?.cases ?? []) {
      const { operation, input } = file!.bases[item.base]!;
      const request = grown(input) as Record<string | number, never>;
      const last = item.path[item.path.length - 1]!;
      const parent = item.path.slice(0, -1).reduce((at: Record<string | number, never>, step) => at[step]!, request);
      if (item.remove === true) Reflect.deleteProperty(parent, last);
      else parent[last] = grown(item.value) as never;
      const [name = "", service = "sagemaker"] = operation.split(":").reverse();
      if (!hasOperation(service, name)) {
        wrong.push(`${operation}: unknown`);
        continue;
      }
      const verdict = validate(service, name, request);
      const same =
        verdict.type === item.type &&
        (item.violations ?? []).length === verdict.violations.length &&
        (item.violations ?? []).every((theirs) => verdict.violations.some((ours) => agrees(ours, theirs)));
      if (!same) {
        wrong.push(
          `${operation} ${item.path.join(".")} (${item.what}): ${verdict.type} ${verdict.violations.join("; ").slice(0, 300)} | wanted ${item.type} ${(item.violations ?? []).join("; ").slice(0, 300)}`,
        );
      }
    }
    expect(wrong.slice(0, 10)).toEqual([]);
  });
});
