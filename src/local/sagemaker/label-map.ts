import { classOfPixel, parseLabelMap as parse } from "../../mask/label-map.js";
import type { LabelMap } from "../../mask/label-map.js";
import { ContainerError } from "../contracts.js";

/**
 * Reads `train_label_map.json` or `validation_label_map.json` as the container does: 255 stays 255, the mark of ignored
 * pixels, whatever the map says of other values; pixel values that the map lacks are an error.
 */
export function parseLabelMap(file: string, text: string): (pixel: number) => number {
  let map: LabelMap;
  try {
    map = parse(text);
  } catch (error) {
    throw bad(file, (error as Error).message);
  }
  const classOf = classOfPixel(map);
  const isListed255 = "map" in map && classOf(255) !== undefined;
  return (pixel) => {
    if (pixel === 255 && !isListed255) return 255;
    const index = classOf(pixel);
    if (index === undefined) throw bad(file, `There is no class for pixel value ${pixel}.`);
    return index;
  };
}

function bad(file: string, problem: string): ContainerError {
  return new ContainerError("ClientError", `Invalid label map ${file}: ${problem}`);
}
