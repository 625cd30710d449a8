import { SegmentationError } from "../core/errors.js";

/**
 * How pixel values of annotation files become class indices in training: the `label_map` channel.
 *
 * `scale` divides pixel values, rounding down. `map` gives the **pixel value of each class**, not the other way round
 * (developer guide: `{"map": {"0": 5}}` makes pixels of value 5 class 0).
 */
export type LabelMap =
  | {
      /** Divisor of pixel values, above 0, at most 255. */
      readonly scale: number;
    }
  | {
      /** Pixel value, 0 to 255, by class index, 0 to 253. */
      readonly map: Readonly<Record<number, number>>;
    };

/**
 * Reads `train_label_map.json` or `validation_label_map.json`.
 *
 * Numbers may be written as texts, as the developer guide does.
 *
 * @throws `label-map.invalid` when it is neither form, has both, or leaves the ranges: classes 0 to 253, pixels 0 to 255.
 */
export function parseLabelMap(json: string | Uint8Array): LabelMap {
  let value: unknown;
  try {
    value = JSON.parse(typeof json === "string" ? json : new TextDecoder("utf-8", { fatal: true }).decode(json));
  } catch (error) {
    throw invalid("a JSON document", undefined, error);
  }
  const record = asRecord(value);
  const forms = Object.keys(record ?? {}).filter((key) => key === "scale" || key === "map");
  if (record === undefined || forms.length !== 1) throw invalid('an object with either "scale" or "map"', value);
  if (forms[0] === "scale") return { scale: checkScale(record["scale"]) };
  const pairs = asRecord(record["map"]);
  if (pairs === undefined) throw invalid('"map" to be an object of class index to pixel value', record["map"]);
  return { map: checkMap(pairs) };
}

/**
 * Writes a label map as the file's text: the scale as a number (the container's own form), classes in order.
 *
 * @throws `label-map.invalid` as {@link parseLabelMap}.
 */
export function formatLabelMap(map: LabelMap): string {
  const checked = "scale" in map ? { scale: checkScale(map.scale) } : { map: checkMap(map.map) };
  return `${JSON.stringify(checked)}\n`;
}

/**
 * What a pixel value becomes under a label map; `undefined` for a value that the map does not list (what the container
 * does with those is not documented). 255 is treated like any other value: the documents do not exempt it.
 */
export function classOfPixel(map: LabelMap): (pixel: number) => number | undefined {
  if ("scale" in map) {
    const { scale } = map;
    return (pixel) => Math.floor(pixel / scale);
  }
  const classes = new Map(Object.entries(map.map).map(([index, pixel]) => [pixel, Number(index)]));
  return (pixel) => classes.get(pixel);
}

function checkScale(value: unknown): number {
  const scale = asNumber(value);
  if (scale === undefined || !(scale > 0 && scale <= 255)) throw invalid("a scale above 0, at most 255", value);
  return scale;
}

function checkMap(pairs: Readonly<Record<string, unknown>>): Readonly<Record<number, number>> {
  const map: Record<number, number> = {};
  const owners = new Map<number, string>();
  const entries = Object.entries(pairs);
  if (entries.length === 0) throw invalid("at least one class", pairs);
  for (const [key, value] of entries) {
    const index = /^\d{1,3}$/.test(key) ? Number(key) : undefined;
    if (index === undefined || index > 253) throw invalid("class indices from 0 to 253 as keys", key);
    const pixel = asNumber(value);
    if (pixel === undefined || !Number.isInteger(pixel) || pixel < 0 || pixel > 255)
      throw invalid(`a pixel value from 0 to 255 for class ${index}`, value);
    const owner = owners.get(pixel);
    if (owner !== undefined) throw invalid(`a pixel value of its own for each class; ${owner} and ${key} share`, pixel);
    owners.set(pixel, key);
    map[index] = pixel;
  }
  return map;
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> | undefined {
  const plain = typeof value === "object" && value !== null && !Array.isArray(value);
  return plain ? (value as Readonly<Record<string, unknown>>) : undefined;
}

function asNumber(value: unknown): number | undefined {
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  return typeof number === "number" && Number.isFinite(number) ? number : undefined;
}

function invalid(expected: string, value: unknown, cause?: unknown): SegmentationError<"label-map.invalid"> {
  return new SegmentationError(
    "label-map.invalid",
    `The label map cannot be used: expected ${expected}.`,
    { expected, ...(value === undefined ? {} : { value }) },
    cause === undefined ? {} : { cause },
  );
}
