import type { LabeledImage } from "../mask/labeled-image.js";
import type { ClassTable } from "../mask/classes.js";
import { encodeMask } from "../mask/encode-mask.js";
import type { Mask } from "../mask/mask.js";
import { vocColors, vocVoid } from "../mask/voc-colors.js";
import type { DatasetExportOptions } from "./export-options.js";
import { exportTarget, writeImages, writeText } from "./write-images.js";

/** Images of an export by the name of their list, e.g. `{ train: dataset.train, val: dataset.validation }`. */
export type ExportLists<Name extends string> = Readonly<
  Record<string, AsyncIterable<LabeledImage<Name>> | Iterable<LabeledImage<Name>>>
>;

const voidColor = [224, 224, 192] as const;
const colors = [...vocColors.slice(0, vocVoid), voidColor];

/**
 * Writes a PASCAL VOC tree: `JPEGImages`, `SegmentationClass` (palette PNG in the VOC colours, 255 for ignored pixels),
 * `ImageSets/Segmentation/<list>.txt`, and `labelmap.txt` with the names and colours as CVAT and Datumaro read them.
 *
 * @param folder - A path, or `s3://...` together with the option `store`.
 * @throws `dataset.duplicate` for two images of one name, `input.invalid`, `s3.uri`.
 *
 * @example
 * ```ts
 * import { createSession, defineClasses, exportVoc } from "sagemaker-semseg";
 *
 * const classes = defineClasses(["background", "sea turtle"]);
 * const dataset = await createSession().datasetAt("s3://turtle2022/run-1/dataset/", classes);
 * await exportVoc({ train: dataset.train, val: dataset.validation }, classes, "turtles-voc");
 * ```
 */
export async function exportVoc<Name extends string>(
  lists: ExportLists<Name>,
  classes: ClassTable<Name>,
  folder: string,
  options: DatasetExportOptions = {},
): Promise<void> {
  const target = exportTarget(folder, options);
  const layout = {
    images: "JPEGImages/",
    masks: "SegmentationClass/",
    encode: (mask: Mask<Name>) => encodeMask(withVoid(mask), { colors, paletteEntries: 256, compression: "small" }),
  };
  for (const [list, images] of Object.entries(lists)) {
    const names = await writeImages(images, target, layout, ({ stem }) => stem, options);
    await writeText(target, `ImageSets/Segmentation/${list}.txt`, names.map((name) => `${name}\n`).join(""), options);
  }
  const lines = classes.names.map((name, index) => `${name}:${vocColors[index]!.join(",")}::\n`);
  await writeText(target, "labelmap.txt", `# label:color_rgb:parts:actions\n${lines.join("")}`, options);
}

/** The mask with ignored pixels as 255, whatever the class table has for them. */
export function withVoid<Name extends string>(
  mask: Mask<Name>,
): {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
} {
  const { width, height, data, classes } = mask;
  if (classes.ignoreIndex === vocVoid) return { width, height, data };
  return { width, height, data: data.map((index) => (index === classes.ignoreIndex ? vocVoid : index)) };
}
