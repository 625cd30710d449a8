import { annotatorOf } from "./annotator.js";
import { creationDate } from "./creation-date.js";
import type { Verification } from "./entry.js";
import { isObject, own, ownText } from "./json.js";
import { verificationType } from "./label-kinds.js";
import type { Label } from "./line-labels.js";

/** Most comments that are kept of a line; hundreds of workers do not look at one image. */
const maxComments = 100;

/** What a verification job said, if the label is one. The guide writes its value as a text, others as a number. */
export function verificationOf({ attribute, metadata, type }: Label): Verification | undefined {
  if (type !== verificationType) return undefined;
  const verdict = ownText(metadata, "class-name");
  if (verdict === undefined) return undefined;
  const confidence = own(metadata, "confidence");
  const createdAt = creationDate(ownText(metadata, "creation-date"));
  const feedback = own(metadata, "worker-feedback");
  const comments = Array.isArray(feedback)
    ? feedback.slice(0, maxComments).flatMap((item: unknown) => {
        const comment = isObject(item) ? ownText(item, "comment") : undefined;
        return comment === undefined ? [] : [comment];
      })
    : [];
  return {
    attribute,
    verdict,
    annotatedBy: annotatorOf(metadata),
    comments,
    ...(typeof confidence === "number" ? { confidence } : {}),
    ...(createdAt === undefined ? {} : { createdAt }),
  };
}
