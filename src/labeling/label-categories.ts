import type { AnyClassTable } from "../mask/classes.js";
import { refusal } from "./refusal.js";

/**
 * The labels that workers see: every class but index 0, which is Ground Truth's own `BACKGROUND`.
 *
 * @throws `labeling.invalid` when there is no class besides the background, or a later class is called `BACKGROUND`
 * in any case (the service emits that name itself).
 */
export function groundTruthLabels({ names }: AnyClassTable): readonly string[] {
  const labels = names.slice(1);
  if (labels.length === 0) throw refusal("classes", names, "at least one class besides the background");
  const background = labels.find((label) => label.toUpperCase() === "BACKGROUND");
  if (background !== undefined) {
    throw refusal(
      "classes",
      background,
      "BACKGROUND only as the first class: in Ground Truth index 0 is the background and no label",
    );
  }
  return labels;
}

/**
 * The label category file of a segmentation job as JSON text: version and labels, in the order of the class table, or the
 * answers of a verification job.
 *
 * Ground Truth numbers the labels 1, 2, ... in this order. Source: guide, sms-label-cat-config-file (the schema for
 * point clouds and video is another one).
 */
export function labelCategoryFile(classes: AnyClassTable | readonly string[]): string {
  const names = "names" in classes ? groundTruthLabels(classes) : classes;
  const labels = names.map((label) => ({ label }));
  return `${JSON.stringify({ "document-version": "2018-11-28", labels }, undefined, 2)}\n`;
}
