import { ContainerError } from "../contracts.js";

/**
 * Reads `train_label_map.json` or `validation_label_map.json` (guide, "Semantic segmentation", label map).
 *
 * `{"scale": 3}` divides pixel values; `{"map": {"0": 5}}` says that class 0 has pixel value 5: key = class, value =
 * pixel. 255 stays 255, pixel values that the map lacks are an error.
 */
export function parseLabelMap(file: string, text: string): (pixel: number) => number {
  const value = parseObject(file, text);
  const scale = Number(value["scale"]);
  if ("scale" in value) {
    if (!(scale >= 1)) throw bad(file, "scale must be a number of at least 1");
    return (pixel) => (pixel === 255 ? 255 : Math.floor(pixel / scale));
  }
  const map = value["map"];
  if (typeof map !== "object" || map === null) throw bad(file, "expected an object with scale or map");
  const classes = new Map<number, number>();
  for (const [index, pixel] of Object.entries(map)) {
    if (!/^\d{1,3}$/.test(index) || !(Number(pixel) >= 0 && Number(pixel) <= 255)) {
      throw bad(file, `"${index}" is no class index or its value no pixel value`);
    }
    classes.set(Number(pixel), Number(index));
  }
  return (pixel) => {
    const index = classes.get(pixel) ?? (pixel === 255 ? 255 : undefined);
    if (index === undefined) throw bad(file, `no class for pixel value ${pixel}`);
    return index;
  };
}

function parseObject(file: string, text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null) return value as Record<string, unknown>;
  } catch {
    // told below
  }
  throw bad(file, "not a JSON object");
}

function bad(file: string, problem: string): ContainerError {
  return new ContainerError("ClientError", `Invalid label map ${file}: ${problem}.`);
}
