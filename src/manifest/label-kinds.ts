/** The `type` that Ground Truth writes for masks of image segmentation jobs. */
export const segmentationType = "groundtruth/semantic-segmentation";

/** The `type` that a verification job writes. */
export const verificationType = "groundtruth/label-verification";

/** What the other types are, in words; the first pattern that fits counts. */
const kinds: readonly (readonly [pattern: RegExp, words: string])[] = [
  [/^groundtruth\/object-detection$/, "bounding boxes"],
  [/^groundtruth\/image-classification(-multilabel)?$/, "image classification"],
  [/^groundtruth\/text-classification(-multilabel)?$/, "text classification"],
  [/^groundtruth\/text-span$/, "named entities in text"],
  [/^groundtruth\/label-verification$/, "a verification of labels (the masks stand under the verified attribute)"],
  [/^groundtruth\/custom$/, "a custom task"],
  [/^groundtruth\/point_cloud.*semantic_segmentation$/, "semantic segmentation of point clouds, which has no image masks"],
  [/^groundtruth\/point_cloud/, "point clouds"],
  [/^groundtruth\/video/, "video"],
]; // prettier-ignore

/** Names a label type for a message, e.g. `bounding boxes (groundtruth/object-detection)`. */
export function describeLabelType(type: string): string {
  const words = kinds.find(([pattern]) => pattern.test(type))?.[1];
  return words === undefined ? `labels of type ${type}` : `${words} (${type})`;
}
