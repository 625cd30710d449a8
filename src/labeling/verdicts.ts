import type { LineLabels, Verification } from "../manifest/entry.js";
import type { EarlierLabelsOptions } from "./earlier-labels.js";

/** Options of `.verify(...)`. */
export interface VerifyOptions extends EarlierLabelsOptions {
  /** What the workers choose from, 2 to 10 answers; default `correct` and `incorrect`. */
  readonly categories?: readonly string[];
}

/** What the workers choose from when nothing else is said. */
export const defaultCategories: readonly string[] = ["correct", "incorrect"];

/** What the workers of a verification job said of one image's mask. */
export interface Verdict extends Verification {
  /** Line number in the output manifest, from 1. */
  readonly line: number;
  /** The image. */
  readonly imageUri: string;
}

/** The answers of one verification job; lines without one (failed, not done yet) are passed over. */
export async function* verdictsOf(
  lines: AsyncIterable<LineLabels>,
  attribute: string,
): AsyncGenerator<Verdict, void, void> {
  for await (const { line, imageUri, verifications } of lines) {
    for (const verification of verifications) {
      if (verification.attribute === attribute) yield { line, imageUri, ...verification };
    }
  }
}
