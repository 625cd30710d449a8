import { rowRunRegion } from "../raster/row-runs.js";
import type { LabeledShape } from "./drawn-shapes.js";
import { drawing, importError, type Place, shapeKindError } from "./import-error.js";
import { cocoPolygon, corners, type RegionMaker } from "./shape-regions.js";
import type { XmlTag } from "./xml-elements.js";

/** A shape with its place in the stack. */
export interface CvatShape extends LabeledShape {
  readonly z: number;
}

/** Elements of an image that are shapes; others (tags, attributes) are not. */
export const shapeElements: ReadonlySet<string> = new Set([
  "mask", "polygon", "box", "polyline", "points", "ellipse", "cuboid", "skeleton",
]); // prettier-ignore

/**
 * Reads a shape: masks as run lengths row by row inside of their box; polygons and boxes by COCO's rule, which CVAT's own
 * mask export draws by.
 *
 * @returns `undefined` for a shape that is left out.
 */
export function cvatShape(
  { name, attributes, place }: XmlTag,
  otherShapes: "throw" | "leftOut" | undefined,
): CvatShape | undefined {
  const regions = regionMaker(name, attributes, place);
  if (regions === undefined) {
    if (otherShapes === "leftOut") return undefined;
    throw shapeKindError(place, name, "masks, polygons and boxes");
  }
  const { label } = attributes;
  if (label === undefined || label === "") throw importError(place, `the ${name} has no label`, 'an attribute "label"');
  const z = attributes["z_order"] === undefined ? 0 : numberOf(attributes, "z_order", place);
  return { label, place, z, regions };
}

type Attributes = Readonly<Record<string, string>>;

function regionMaker(name: string, attributes: Attributes, place: Place): RegionMaker | undefined {
  const number = (key: string): number => numberOf(attributes, key, place);
  if (name === "mask") {
    const runs = numbersOf(attributes["rle"] ?? "", /\s*,\s*/, "rle", place);
    const box = { left: number("left"), top: number("top"), width: number("width"), height: number("height") };
    const region = drawing(place, () => rowRunRegion(runs, box));
    return () => [region];
  }
  if (name === "polygon") {
    const points = numbersOf(attributes["points"] ?? "", /\s*[,;]\s*/, "points", place);
    return drawing(place, () => cocoPolygon(points));
  }
  if (name !== "box") return undefined;
  if ((attributes["rotation"] ?? "0") !== "0" && number("rotation") !== 0)
    throw importError(place, `the box is turned by ${attributes["rotation"]!} degrees`, "no rotation");
  const points = corners(number("xtl"), number("ytl"), number("xbr"), number("ybr"));
  return drawing(place, () => cocoPolygon(points));
}

function numberOf(attributes: Attributes, key: string, place: Place): number {
  const [value] = numbersOf(attributes[key] ?? "", /$/, key, place);
  return value!;
}

function numbersOf(text: string, separator: RegExp, key: string, place: Place): number[] {
  const parts = text.trim().split(separator);
  return parts.map((part) => {
    const value = part === "" ? NaN : Number(part);
    if (Number.isFinite(value)) return value;
    throw importError(place, `${key} has "${part.slice(0, 60)}"`, "numbers");
  });
}
