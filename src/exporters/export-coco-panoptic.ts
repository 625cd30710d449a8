import { encodePng } from "../codec/png/encode.js";
import type { LabeledImage } from "../mask/labeled-image.js";
import type { ClassTable } from "../mask/classes.js";
import type { Mask } from "../mask/mask.js";
import type { DatasetExportOptions } from "./export-options.js";
import { type ExportedImage, exportTarget, writeImages, writeText } from "./write-images.js";

/**
 * Writes COCO panoptic: `images`, `panoptic` (RGB PNG files of segment ids) and `panoptic.json`. Each class is a category
 * of stuff whose id is the class index plus 1, and one segment of an image where it occurs; ignored pixels are segment 0.
 *
 * @param folder - A path, or `s3://...` together with the option `store`.
 * @throws `dataset.duplicate` for two images of one name, `input.invalid`, `s3.uri`.
 */
export async function exportCocoPanoptic<Name extends string>(
  images: AsyncIterable<LabeledImage<Name>> | Iterable<LabeledImage<Name>>,
  classes: ClassTable<Name>,
  folder: string,
  options: DatasetExportOptions = {},
): Promise<void> {
  const target = exportTarget(folder, options);
  const layout = { images: "images/", masks: "panoptic/", encode: (mask: Mask<Name>) => encodeSegments(mask) };
  const described = await writeImages(images, target, layout, (image) => describeImage(image), options);
  const document = {
    images: described.map(({ image }, id) => ({ id: id + 1, ...image })),
    annotations: described.map(({ annotation }, id) => ({ image_id: id + 1, ...annotation })),
    categories: classes.names.map((name, index) => ({
      id: index + 1,
      name,
      supercategory: name,
      isthing: 0,
      color: classes.colors[index],
    })),
  };
  await writeText(target, "panoptic.json", `${JSON.stringify(document)}\n`, options);
}

/** The id of a segment is red + 256 green + 65536 blue; those of classes fit into red. */
function encodeSegments<Name extends string>({ width, height, data, classes }: Mask<Name>): Uint8Array {
  const samples = new Uint8Array(3 * width * height);
  for (const [pixel, index] of data.entries()) if (index !== classes.ignoreIndex) samples[3 * pixel] = index + 1;
  return encodePng({ width, height, colorType: "rgb", samples }, "small");
}

function describeImage<Name extends string>({ stem, file, mask }: ExportedImage<Name>) {
  const { width, height } = mask;
  const segments = boxes(mask).map(({ index, area, bbox }) => ({
    id: index + 1,
    category_id: index + 1,
    iscrowd: 0,
    area,
    bbox,
  }));
  return {
    image: { file_name: file, width, height },
    annotation: { file_name: `${stem}.png`, segments_info: segments },
  };
}

/** Area and surrounding box, `[x, y, width, height]`, of each class that occurs. */
function boxes<Name extends string>({ width, data, classes }: Mask<Name>) {
  const found = new Map<number, { area: number; left: number; top: number; right: number; bottom: number }>();
  for (const [pixel, index] of data.entries()) {
    if (index === classes.ignoreIndex) continue;
    const [x, y] = [pixel % width, Math.floor(pixel / width)];
    const box = found.get(index) ?? { area: 0, left: x, top: y, right: x, bottom: y };
    box.area++;
    box.left = Math.min(box.left, x);
    box.right = Math.max(box.right, x);
    box.bottom = y;
    found.set(index, box);
  }
  return [...found]
    .sort(([a], [b]) => a - b)
    .map(([index, { area, left, top, right, bottom }]) => ({
      index,
      area,
      bbox: [left, top, right - left + 1, bottom - top + 1],
    }));
}
