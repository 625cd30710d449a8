import { decodePng } from "../codec/png/decode.js";
import { largestMaskFile, readWithin } from "../core/read-within.js";
import { folderAddress } from "../files/file-address.js";
import type { ClassTable } from "../mask/classes.js";
import { cityscapesLabelOfTrainId, cityscapesLabels } from "./cityscapes-labels.js";
import { type FileBelow, filesBelow, pictureOf } from "./folder-files.js";
import { importError } from "./import-error.js";
import type { ImportOptions } from "./import-options.js";
import type { ImportContext, ImportedImage, Importer } from "./import-source.js";
import { type LabelMapping, labelMapping } from "./label-mapping.js";
import { type ValueMeaning, labelPixels } from "./label-pixels.js";

/** Options of a Cityscapes tree. */
export interface CityscapesOptions<Name extends string> extends ImportOptions<Name> {
  /** Folders to take, e.g. `["train", "val"]`; default: all that have masks. */
  readonly lists?: readonly string[];
}

/** Kinds of masks, the fullest first. */
const kinds = ["labelIds", "instanceIds", "labelTrainIds"] as const;
type Kind = (typeof kinds)[number];

/**
 * Reads a Cityscapes tree: `<list>/<city>/<scene>_gtFine_labelIds.png` (or `instanceIds`, `labelTrainIds`; also
 * `gtCoarse`) with `<list>/<city>/<scene>_leftImg8bit.png`. Labels that the benchmark does not score are ignored unless
 * they are classes or listed in `labels`.
 */
export function cityscapesImporter<Name extends string>(
  classes: ClassTable<Name>,
  tree: string,
  options: CityscapesOptions<Name>,
): Importer<Name> {
  const folder = folderAddress(tree, "folder");
  const unscored = cityscapesLabels.filter(({ trainId }) => trainId === undefined);
  const mapping = labelMapping(classes, options, { known: new Map(unscored.map(({ name }) => [name, "ignored"])) });
  return {
    classes,
    description: folder,
    async collect(context) {
      const { pictures, masks } = await sortFiles(folder, options.lists, context);
      const found: ImportedImage<Name>[] = [];
      for (const [scene, byKind] of masks) {
        const kind = kinds.find((candidate) => byKind.has(candidate))!;
        const mask = byKind.get(kind)!;
        const picture = pictures.get(scene);
        const file = mask.object.uri;
        if (picture === undefined)
          context.problem(importError({ file }, "the mask has no image", `an image ${scene}_leftImg8bit.png`), file);
        else
          found.push({
            stem: scene,
            ...pictureOf(picture),
            maskUri: file,
            readMask: (signal) => readScene(classes, { file, kind, mapping, context, signal }),
          });
      }
      return found;
    },
  };
}

/** Pictures and masks by `<list>/<city>/<scene>`, wherever in the tree they are. */
async function sortFiles(
  folder: string,
  lists: readonly string[] | undefined,
  context: ImportContext,
): Promise<{ readonly pictures: Map<string, FileBelow>; readonly masks: Map<string, Map<Kind, FileBelow>> }> {
  const pictures = new Map<string, FileBelow>();
  const masks = new Map<string, Map<Kind, FileBelow>>();
  for await (const file of filesBelow(context, folder, /\.(?:png|jpe?g)$/i)) {
    const match =
      /(?:^|\/)((?:[^/]+\/)?(?:[^/]+\/)?[^/]+)_(?:leftImg8bit|gt(?:Fine|Coarse)_(labelIds|instanceIds|labelTrainIds))\.\w+$/.exec(
        file.path,
      );
    if (match === null) continue;
    const [scene, kind] = [match[1]!, match[2] as Kind | undefined];
    if (lists !== undefined && !lists.includes(scene.split("/")[0]!)) continue;
    if (kind === undefined) pictures.set(scene, file);
    else masks.set(scene, (masks.get(scene) ?? new Map<Kind, FileBelow>()).set(kind, file));
  }
  return { pictures, masks };
}

interface Scene {
  readonly file: string;
  readonly kind: Kind;
  readonly mapping: LabelMapping;
  readonly context: ImportContext;
  readonly signal: AbortSignal | undefined;
}

async function readScene<Name extends string>(
  classes: ClassTable<Name>,
  { file, kind, mapping, context, signal }: Scene,
): Promise<Awaited<ReturnType<ImportedImage<Name>["readMask"]>>> {
  const png = await readWithin(context.store, file, { what: "mask", limit: largestMaskFile, signal });
  const { width, height, samples, channels } = decodePng(png);
  if (channels !== 1) throw importError({ file }, "the mask is a colour picture", "a gray PNG of label ids");
  const pixels = { width, height, valueAt: (pixel: number) => samples[pixel]!, meaning: meaningOf(kind) };
  return { mask: labelPixels(classes, pixels, mapping, { file }), findings: [] };
}

function meaningOf(kind: Kind): (value: number) => ValueMeaning {
  return (value) => {
    if (kind === "labelTrainIds") {
      if (value === 255) return "ignored";
      const found = cityscapesLabelOfTrainId(value);
      return found === undefined ? undefined : { label: found.name };
    }
    // An object has its label's id times 1000 and a number; groups and stuff have the id alone.
    const id = kind === "instanceIds" && value >= 1000 ? Math.floor(value / 1000) : value;
    const label = cityscapesLabels[id]?.name;
    return label === undefined ? undefined : { label };
  };
}
