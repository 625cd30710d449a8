import { mechanicalTurkPricesUsd } from "../facts/ground-truth-regions.js";
import type { MechanicalTurkPriceUsd } from "../facts/ground-truth-regions.js";
import { refusal } from "./refusal.js";

/** What a dataset is free of, as its owner declares it (API reference, ContentClassifiers). */
export type ContentClassifier = "FreeOfPersonallyIdentifiableInformation" | "FreeOfAdultContent";

/**
 * Classifiers for the public crowd: without `FreeOfPersonallyIdentifiableInformation` the job fails; without
 * `FreeOfAdultContent` fewer workers may see it.
 */
export type PublicContentClassifiers =
  | readonly ["FreeOfPersonallyIdentifiableInformation"]
  | readonly ["FreeOfPersonallyIdentifiableInformation", "FreeOfAdultContent"]
  | readonly ["FreeOfAdultContent", "FreeOfPersonallyIdentifiableInformation"];

/** Terms of work by the public crowd, Amazon Mechanical Turk. */
export interface MechanicalTurkTerms {
  /** Pay for one task, that is one image done by one worker, in US dollars: one of the four prices of segmentation. */
  readonly pricePerTaskUsd: MechanicalTurkPriceUsd;
  /** What the images are free of; must contain `FreeOfPersonallyIdentifiableInformation`. */
  readonly contentClassifiers: PublicContentClassifiers;
}

/** Who labels. */
export type Workforce =
  | {
      readonly kind: "team";
      /** A vendor's team is one of the AWS Marketplace that the account has subscribed to. */
      readonly vendor: boolean;
      readonly arn: string;
    }
  | { readonly kind: "public"; readonly cents: number; readonly contentClassifiers: readonly ContentClassifier[] };

/** The classifiers that the API knows. */
export const contentClassifiers: readonly ContentClassifier[] = [
  "FreeOfPersonallyIdentifiableInformation",
  "FreeOfAdultContent",
];

/** Checks the terms of a public job. */
export function publicWorkforce(terms: MechanicalTurkTerms): Workforce {
  const { pricePerTaskUsd } = terms;
  if (!mechanicalTurkPricesUsd.includes(pricePerTaskUsd)) {
    const prices = mechanicalTurkPricesUsd.map((price) => `"${price}"`).join(", ");
    throw refusal("pricePerTaskUsd", pricePerTaskUsd, `one of the prices for segmentation, as text: ${prices}`);
  }
  const given: readonly ContentClassifier[] = terms.contentClassifiers;
  const unknown = given.find((name) => !contentClassifiers.includes(name));
  if (unknown !== undefined) throw refusal("contentClassifiers", unknown, `only ${contentClassifiers.join(" and ")}`);
  if (!given.includes("FreeOfPersonallyIdentifiableInformation")) {
    throw refusal(
      "contentClassifiers",
      given,
      "FreeOfPersonallyIdentifiableInformation among them: a job for the public crowd fails without it",
    );
  }
  // Digits only: floating point breaks on this very list (1.20 becomes 1 dollar, 19 cents and 10 tenths).
  return { kind: "public", cents: Number(pricePerTaskUsd.replace(".", "")), contentClassifiers: [...new Set(given)] };
}

/** Checks the ARN of a private or vendor team. */
export function teamWorkforce(arn: string): Workforce {
  const match = /^arn:aws[a-z-]*:sagemaker:[a-z0-9-]+:[0-9]{12}:workteam\/([^/]+)\/.+$/.exec(arn);
  if (arn.length > 256 || match === null) {
    throw refusal(
      "workteam",
      arn,
      "arn:aws:sagemaker:<region>:<account>:workteam/private-crowd/<team> (or vendor-crowd)",
    );
  }
  if (match[1] === "public-crowd") {
    throw refusal(
      "workteam",
      arn,
      "a private or vendor team; for the public crowd call .mechanicalTurk({ pricePerTaskUsd, contentClassifiers })",
    );
  }
  return { kind: "team", vendor: match[1] === "vendor-crowd", arn };
}

/** The region that an ARN names. */
export function arnRegion(arn: string): string | undefined {
  return arn.split(":")[3];
}
