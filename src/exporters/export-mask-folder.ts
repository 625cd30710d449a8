import type { LabeledImage } from "../mask/labeled-image.js";
import type { ClassTable } from "../mask/classes.js";
import { encodeMask } from "../mask/encode-mask.js";
import type { Mask } from "../mask/mask.js";
import type { DatasetExportOptions } from "./export-options.js";
import { withVoid } from "./export-voc.js";
import { exportTarget, writeImages, writeText } from "./write-images.js";

/**
 * Writes a folder as FiftyOne's `ImageSegmentationDirectory` reads it: images in `data`, masks of the same names in
 * `labels` as gray PNG whose value is the class index (255 for ignored pixels). `mask_targets.json` has the class names by
 * value, for the argument `mask_targets` of FiftyOne, which itself reads no names from such a folder and takes 0 for
 * background.
 *
 * @param folder - A path, or `s3://...` together with the option `store`.
 * @throws `dataset.duplicate` for two images of one name, `input.invalid`, `s3.uri`.
 */
export async function exportMaskFolder<Name extends string>(
  images: AsyncIterable<LabeledImage<Name>> | Iterable<LabeledImage<Name>>,
  classes: ClassTable<Name>,
  folder: string,
  options: DatasetExportOptions = {},
): Promise<void> {
  const target = exportTarget(folder, options);
  const layout = {
    images: "data/",
    masks: "labels/",
    encode: (mask: Mask<Name>) => encodeMask(withVoid(mask), { kind: "gray", compression: "small" }),
  };
  await writeImages(images, target, layout, () => undefined, options);
  const targets = Object.fromEntries(classes.names.map((name, index) => [index, name]));
  await writeText(target, "mask_targets.json", `${JSON.stringify(targets, undefined, 2)}\n`, options);
}
