import { own } from "../manifest/json.js";
import { importError, inside, type Place } from "./import-error.js";
import { objectAt, sizeIn, textIn } from "./json-fields.js";
import type { JsonItem } from "./json-items.js";
import { checkSize } from "./draw-mask.js";

/** Number or text that a COCO file names images and categories by. */
export type CocoId = number | string;

/** One of `images`. */
export interface CocoImage {
  readonly name: string;
  readonly width: number;
  readonly height: number;
  readonly place: Place;
}

/** Reads an id. Throws `import.file`. */
export function cocoId(object: Readonly<Record<string, unknown>>, key: string, place: Place): CocoId {
  const value = own(object, key);
  if (typeof value === "string" || (typeof value === "number" && Number.isSafeInteger(value))) return value;
  throw importError(inside(place, key), "there is no id", "a whole number or a text");
}

/** The tables of a COCO file that all its kinds share. */
export class CocoTables {
  readonly images = new Map<CocoId, CocoImage>();
  readonly categories = new Map<CocoId, string>();

  /** Takes an item of `images` or `categories`; gives `false` for others. */
  take({ list, value, place }: JsonItem): boolean {
    if (list !== "images" && list !== "categories") return false;
    const item = objectAt(value, place);
    const id = cocoId(item, "id", place);
    const table: ReadonlyMap<CocoId, unknown> = list === "images" ? this.images : this.categories;
    if (table.has(id))
      throw importError(inside(place, "id"), `the id ${id} stands twice in ${list}`, "an id of its own");
    if (list === "categories") this.categories.set(id, textIn(item, "name", place));
    else {
      const { width, height } = sizeIn(item, place);
      checkSize(width, height, place);
      this.images.set(id, { name: textIn(item, "file_name", place), width, height, place });
    }
    return true;
  }
}
