import { formatColor, type Rgb } from "../mask/palette.js";
import type { ColorMap } from "../mask/color-index.js";
import { readText } from "./json-document.js";
import { importError } from "./import-error.js";
import type { ImportContext } from "./import-source.js";
import { vocClasses, vocColors, vocVoid } from "../mask/voc-colors.js";

/** How the masks of a VOC tree are read. */
export interface VocLabels {
  /** Label by index. */
  readonly names: readonly string[];
  /** Index by colour. */
  readonly colors: ColorMap;
  /** Whether palettes are read by their colours: when a file gives the colours, the indices may be any. */
  readonly byColor: boolean;
}

/** Labels by index in the colours of PASCAL VOC. */
export function vocLabels(names: readonly string[] = vocClasses): VocLabels {
  const colors = Object.fromEntries(vocColors.map((color, index) => [formatColor(color), index]));
  return { names, colors: { ...colors, [formatColor([224, 224, 192])]: vocVoid }, byColor: false };
}

/**
 * The labels of a tree: those of its `labelmap.txt` (CVAT, Datumaro: `name:red,green,blue:parts:actions`), of its
 * `class_names.txt` (LabelMe: a name in each line, from index 0), or PASCAL VOC's own.
 */
export async function readVocLabels(folder: string, context: ImportContext): Promise<VocLabels> {
  const lines = async (name: string): Promise<readonly string[] | undefined> => {
    const file = folder + name;
    if ((await context.store.head(file, context.signal === undefined ? {} : { signal: context.signal })) === undefined)
      return undefined;
    return (await readText(context.store, file, context.signal)).split(/\r?\n/);
  };
  const labelMap = await lines("labelmap.txt");
  if (labelMap !== undefined) return parseLabelMap(labelMap, `${folder}labelmap.txt`);
  const names = await lines("class_names.txt");
  return vocLabels(names?.map((name) => name.trim()).filter((name) => name !== ""));
}

function parseLabelMap(lines: readonly string[], file: string): VocLabels {
  const names: string[] = [];
  const colors: Record<string, number> = {};
  for (const [at, line] of lines.entries()) {
    if (line.trim() === "" || line.startsWith("#")) continue;
    // A label may have colons in it; what follows the colour never has.
    const match = /^(.*?):(\d{1,3}),(\d{1,3}),(\d{1,3}):[^:]*:[^:]*$/.exec(line.trim());
    const color = match?.slice(2).map(Number);
    if (match === null || color === undefined || color.some((byte) => byte > 255))
      throw importError({ file, line: at + 1 }, `the line is "${line}"`, "name:red,green,blue:parts:actions");
    const key = formatColor(color as [number, number, number] satisfies Rgb);
    if (Object.hasOwn(colors, key))
      throw importError({ file, line: at + 1 }, `the colour ${key} stands twice`, "a colour of its own for each label");
    colors[key] = names.push(match[1]!) - 1;
  }
  if (names.length === 0 || names.length > 255)
    throw importError({ file }, `there are ${names.length} labels`, "1 to 255 labels");
  // Datumaro leaves the colour of ignored pixels out of the list.
  const ignored = formatColor([224, 224, 192]);
  return { names, colors: Object.hasOwn(colors, ignored) ? colors : { ...colors, [ignored]: vocVoid }, byColor: true };
}
