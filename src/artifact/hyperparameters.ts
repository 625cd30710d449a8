import type { ModelVariant } from "./artifact.js";

/** Name of the file with the settings of the training job. */
export const hyperparametersFile = "hyperparams.json";

/** Settings as text, or why there are none. */
export type Hyperparameters =
  { readonly settings: Readonly<Record<string, string>> } | { readonly settings: undefined; readonly warning: string };

/**
 * Reads `hyperparams.json`. Nobody has published one, so any JSON object is taken: texts as they are, everything else as
 * the text that it would have.
 */
export function readHyperparameters(bytes: Uint8Array): Hyperparameters {
  try {
    const parsed: unknown = JSON.parse(new TextDecoder().decode(bytes));
    if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed)) {
      return { settings: undefined, warning: `${hyperparametersFile} holds no object and was passed over` };
    }
    // Values nested by the thousand are read, and cannot be written again.
    const settings = Object.entries(parsed).map(([key, value]) => [key, settingText(value)] as const);
    // `fromEntries` defines members, so a key such as `__proto__` stays an ordinary one.
    return { settings: Object.freeze(Object.fromEntries(settings)) };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { settings: undefined, warning: `${hyperparametersFile} cannot be read and was passed over: ${why}` };
  }
}

/** What the settings say otherwise than the weights; the weights are right. */
export function contradictions(settings: Readonly<Record<string, string>>, variant: ModelVariant): readonly string[] {
  const facts: readonly (readonly [key: string, actual: string])[] = [
    ["algorithm", variant.algorithm],
    ["backbone", variant.backbone],
    ["num_classes", String(variant.classes)],
    ["precision_dtype", variant.type],
    ["_aux_loss", String(variant.aux)],
  ];
  return facts.flatMap(([key, actual]) => {
    const stated = Object.hasOwn(settings, key) ? settings[key] : undefined;
    if (stated === undefined || sameSetting(stated, actual)) return [];
    return [`${hyperparametersFile} says ${key} ${JSON.stringify(stated)}, the weights are those of ${actual}`];
  });
}

function sameSetting(stated: string, actual: string): boolean {
  // Values may be JSON within JSON, and Python's True and False.
  const plain = stated
    .trim()
    .replace(/^"(.*)"$/, "$1")
    .toLowerCase();
  if (actual === "true" || actual === "false") return ["true", "1"].includes(plain) === (actual === "true");
  return plain === actual || (plain !== "" && Number(plain) === Number(actual));
}

function settingText(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
