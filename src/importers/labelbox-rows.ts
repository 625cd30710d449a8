import { isObject, type JsonObject, own, ownText } from "../manifest/json.js";
import { readLines } from "../manifest/lines.js";
import { importError, inside, type Place } from "./import-error.js";
import type { ImportContext } from "./import-source.js";
import { listIn, objectAt, objectIn, sizeIn, textIn } from "./json-fields.js";
import { readJsonItems } from "./json-items.js";

/** An object that somebody drew. */
export interface LabelboxObject {
  /** Feature id, which names the object's mask picture. */
  readonly id: string;
  readonly label: string;
  readonly value: JsonObject;
  readonly place: Place;
}

/** An image with its objects. */
export interface LabelboxRow {
  readonly name: string;
  readonly size: { readonly width: number; readonly height: number } | undefined;
  readonly objects: readonly LabelboxObject[];
  readonly place: Place;
}

/** Longest line of an export in characters. */
const longestLine = 16 * 1024 ** 2;

/** Reads the rows of an export of version 1 (a JSON list) or 2 (a JSON object in each line). */
export async function* readLabelboxRows(file: string, context: ImportContext): AsyncGenerator<LabelboxRow, void, void> {
  for await (const { value, place } of rowValues(file, context)) {
    try {
      const row = objectAt(value, place);
      yield own(row, "data_row") === undefined ? firstVersion(row, place) : secondVersion(row, place);
    } catch (error) {
      context.problem(error, file);
    }
  }
}

async function* rowValues(
  file: string,
  context: ImportContext,
): AsyncGenerator<{ readonly value: unknown; readonly place: Place }, void, void> {
  const { store, signal } = context;
  const options = signal === undefined ? {} : { signal };
  const head = new TextDecoder().decode(await store.read(file, { bytes: 1024, ...options })).trimStart();
  if (head.startsWith("[")) {
    yield* readJsonItems(store, file, undefined, signal);
    return;
  }
  const lines = readLines(store.stream(file, options), { uri: file, maxLength: longestLine, ...options });
  for await (const { number, text } of lines) {
    const place = { file, line: number };
    let value: unknown;
    try {
      value = JSON.parse(text) as unknown;
    } catch (error) {
      context.problem(importError(place, "the line is no JSON", "an object in each line, or one list", error), file);
      continue;
    }
    yield { value, place };
  }
}

function firstVersion(row: JsonObject, place: Place): LabelboxRow {
  const name = textIn(row, "External ID", place);
  const label = own(row, "Label");
  // Images that were skipped have a text, or nothing in it.
  if (!isObject(label) || own(label, "objects") === undefined) return { name, size: undefined, objects: [], place };
  const where = inside(place, "Label");
  const objects = listIn(label, "objects", where).map((value, at) =>
    objectOf(value, ["featureId", "title"], inside(inside(where, "objects"), at)),
  );
  return { name, size: undefined, objects, place };
}

function secondVersion(row: JsonObject, place: Place): LabelboxRow {
  const data = objectIn(row, "data_row", place);
  const name = ownText(data, "external_id") ?? textIn(data, "global_key", inside(place, "data_row"));
  const media = own(row, "media_attributes");
  const size = isObject(media) ? sizeIn(media, inside(place, "media_attributes")) : undefined;
  const objects: LabelboxObject[] = [];
  const projects = objectIn(row, "projects", place);
  for (const [id, value] of Object.entries(projects)) {
    const where = inside(inside(place, "projects"), id);
    const labels = listIn(objectAt(value, where), "labels", where);
    if (labels.length > 1)
      throw importError(
        inside(where, "labels"),
        `${labels.length} people labeled the image`,
        "one label for each image",
      );
    for (const [at, label] of labels.entries()) {
      const here = inside(inside(inside(where, "labels"), at), "annotations");
      const annotations = objectIn(objectAt(label, here), "annotations", here);
      objects.push(
        ...listIn(annotations, "objects", here).map((object, index) =>
          objectOf(object, ["feature_id", "name"], inside(inside(here, "objects"), index)),
        ),
      );
    }
  }
  return { name, size, objects, place };
}

function objectOf(value: unknown, [id, label]: readonly [string, string], place: Place): LabelboxObject {
  const object = objectAt(value, place);
  return { id: textIn(object, id, place), label: textIn(object, label, place), value: object, place };
}
