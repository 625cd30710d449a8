import type { GroundTruthTask } from "../facts/ground-truth-regions.js";
import { refusal } from "./refusal.js";

// The service's pattern counts groups, not characters, so the length is a check of its own.
const namePattern = /^[a-zA-Z0-9](?:-*[a-zA-Z0-9])*$/;

/**
 * Checks the label attribute of a segmentation job: 1 to 127 letters, digits and inner hyphens, ending in `-ref`, but for
 * verification jobs, where it must not end so.
 *
 * The suffix is never added silently: it is part of the key under which every later stage finds the masks.
 * Source: API reference (`LabelAttributeName`) and the guide's page on reusing data (reserved names).
 */
export function checkAttribute(attribute: string, task: GroundTruthTask = "labeling"): string {
  if (attribute.endsWith("-metadata")) {
    throw refusal(
      "label attribute",
      attribute,
      'a name that does not end in "-metadata", Ground Truth adds that itself',
    );
  }
  if (attribute === "source" || attribute === "source-ref") {
    throw refusal("label attribute", attribute, 'a name other than "source" and "source-ref", which hold the image');
  }
  if (attribute.length < 1 || attribute.length > 127 || !namePattern.test(attribute)) {
    throw refusal(
      "label attribute",
      attribute,
      'at most 127 letters, digits and hyphens (the ending "-ref" counts), no hyphen at either end',
    );
  }
  if (task === "verification") {
    if (!attribute.endsWith("-ref")) return attribute;
    throw refusal(
      "label attribute",
      attribute,
      'a name that does not end in "-ref": a verification job gives a class, no mask',
    );
  }
  if (!attribute.endsWith("-ref")) {
    throw refusal(
      "label attribute",
      attribute,
      `a name that ends in "-ref", as Ground Truth demands of segmentation jobs, e.g. "${attribute.slice(0, 123)}-ref"`,
    );
  }
  return attribute;
}
