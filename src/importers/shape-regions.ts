import { decodePng } from "../codec/png/decode.js";
import { cocoGridPoints, cocoPolygonRegion } from "../raster/coco-polygon.js";
import { compose } from "../raster/compose.js";
import { pillowPolygonRegion } from "../raster/pillow-polygon.js";
import { type Region, regionOfPlane } from "../raster/region.js";

/** Makes the region of a shape in a picture of some size. */
export type RegionMaker = (width: number, height: number) => Iterable<Region>;

/** A polygon by COCO's pixel rule. */
export function cocoPolygon(points: readonly number[]): RegionMaker {
  const grid = cocoGridPoints(points);
  return (width, height) => [cocoPolygonRegion(grid, width, height)];
}

/** A polygon by Pillow's pixel rule, with holes by the same rule taken out of it. */
export function pillowPolygon(points: readonly number[], holes: readonly (readonly number[])[] = []): RegionMaker {
  return (width, height) => {
    const outer = pillowPolygonRegion(points, width, height);
    if (holes.length === 0) return [outer];
    const plane = { width, height, data: new Uint8Array(width * height) };
    const layer = (value: number, region: Region): { value: number; regions: () => Region[] } => ({
      value,
      regions: () => [region],
    });
    const inner = holes.map((hole) => layer(0, pillowPolygonRegion(hole, width, height)));
    compose(plane, [layer(1, outer), ...inner], "later", 255);
    return [regionOfPlane(plane)];
  };
}

/** The corners of a box as a polygon. */
export function corners(left: number, top: number, right: number, bottom: number): number[] {
  return [left, top, right, top, right, bottom, left, bottom];
}

/**
 * The region of a picture file. `opaque`: where its alpha is not 0, and where a file without alpha is not black.
 * `bright`: where it is neither transparent nor black (index 0 of a palette).
 */
export function pngRegion(
  png: Uint8Array,
  left: number,
  top: number,
  rule: "opaque" | "bright",
): { readonly region: Region; readonly width: number; readonly height: number } {
  const { width, height, samples, channels, transparency, colorType } = decodePng(png);
  const hasAlpha = channels === 2 || channels === 4;
  const alphas = colorType === "palette" ? transparency : undefined;
  const data = new Uint8Array(width * height);
  for (let pixel = 0; pixel < data.length; pixel++) {
    const at = pixel * channels;
    const clear = hasAlpha ? samples[at + channels - 1] === 0 : alphas?.[samples[at]!] === 0;
    if (clear) continue;
    let bright = hasAlpha && rule === "opaque";
    for (let channel = 0; channel < channels - (hasAlpha ? 1 : 0); channel++) bright ||= samples[at + channel] !== 0;
    if (bright) data[pixel] = 1;
  }
  return { region: regionOfPlane({ width, height, data }, left, top), width, height };
}
