import { findByArn } from "../state/sagemaker-state.js";
import type { TaggedRecord } from "../state/sagemaker-state.js";
import { validationError } from "../wire/api-error.js";
import type { Operation } from "../wire/operation.js";
import type { SageMaker } from "./context.js";
import type { Tag } from "./requests.js";

const most = 50;

/** AddTags, ListTags, DeleteTags. */
export function tagOperations(sagemaker: SageMaker): [string, Operation][] {
  const change = (arn: unknown, next: (tags: readonly Tag[]) => readonly Tag[]): TaggedRecord => {
    const found = findByArn(sagemaker.state, String(arn));
    if (found === undefined) throw validationError("Requested resource not found.");
    found.record.tags = next(found.record.tags);
    found.save();
    return found.record;
  };
  return [
    [
      "AddTags",
      (input) => {
        const added = input["Tags"] as readonly Tag[];
        checkTags(added);
        const record = change(input["ResourceArn"], (tags) => {
          const kept = tags.filter((tag) => !added.some((item) => item.Key === tag.Key));
          if (kept.length + added.length > most) throw validationError(`A resource can have at most ${most} tags.`);
          return [...kept, ...added];
        });
        return { Tags: record.tags };
      },
    ],
    [
      "ListTags",
      (input) => {
        const record = findByArn(sagemaker.state, String(input["ResourceArn"]))?.record;
        if (record === undefined) throw validationError("Requested resource not found.");
        return { Tags: record.tags };
      },
    ],
    [
      "DeleteTags",
      (input) => {
        const keys = input["TagKeys"] as readonly string[];
        change(input["ResourceArn"], (tags) => tags.filter((tag) => !keys.includes(tag.Key)));
        return {};
      },
    ],
  ];
}

/** Tag keys of one request must differ. */
export function checkTags(tags: readonly Tag[] = []): readonly Tag[] {
  const keys = new Set(tags.map((tag) => tag.Key));
  if (keys.size !== tags.length)
    throw validationError("Duplicate tag keys found. Please note that tag keys are case insensitive.");
  return tags;
}
