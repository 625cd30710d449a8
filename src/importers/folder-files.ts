import type { StoredObject } from "../core/object-store.js";
import { SegmentationError } from "../core/errors.js";
import { baseName, stem } from "../core/s3-uri.js";
import type { ImportContext } from "./import-source.js";

/** Names of pictures that an importer pairs with annotations. */
export const pictureName = /\.(?:jpe?g|jfif|png|bmp|tiff?|webp|gif)$/i;

/** A file below a folder. */
export interface FileBelow {
  /** Name relative to the folder. */
  readonly path: string;
  readonly object: StoredObject;
}

/** Lists the files below a folder whose names fit; folder marks and hidden files are passed over. */
export async function* filesBelow(
  { store, signal }: ImportContext,
  folder: string,
  name: RegExp,
): AsyncGenerator<FileBelow, void, void> {
  for await (const object of store.list(folder, signal === undefined ? {} : { signal })) {
    const file = baseName(object.uri);
    if (file !== "" && !file.startsWith(".") && name.test(file))
      yield { path: object.uri.slice(folder.length), object };
  }
}

/** The pictures below a folder by their name without extension. Throws `dataset.duplicate` for two of one name. */
export async function picturesByStem(context: ImportContext, folder: string): Promise<Map<string, FileBelow>> {
  const pictures = new Map<string, FileBelow>();
  for await (const file of filesBelow(context, folder, pictureName)) {
    const name = stem(file.path);
    const other = pictures.get(name);
    if (other !== undefined) {
      const sources = [other.object.uri, file.object.uri];
      const message = `Two pictures have the name "${name}": ${sources.join(" and ")}. Which one is meant cannot be told.`;
      throw new SegmentationError("dataset.duplicate", message, { name, sources });
    }
    pictures.set(name, file);
  }
  return pictures;
}

/** What an imported image says of its picture: the listing only where it has the entity tag. */
export function pictureOf({ object }: FileBelow): { readonly imageUri: string; readonly listed?: StoredObject } {
  return { imageUri: object.uri, ...(object.etag === undefined ? {} : { listed: object }) };
}
