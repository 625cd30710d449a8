/**
 * Random polygons and run lengths beside pycocotools, which has COCO's own rasteriser, and beside Pillow, which LabelMe
 * draws with: every pixel is the same.
 */
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { cocoGridPoints, cocoPolygonRegion } from "../../src/raster/coco-polygon.js";
import { cocoRegion, decodeCompressedRuns } from "../../src/raster/coco-runs.js";
import { compose } from "../../src/raster/compose.js";
import { pillowPolygonRegion } from "../../src/raster/pillow-polygon.js";
import type { Region } from "../../src/raster/region.js";
import { pythonWith, runPython, writeJson } from "../support/peers-python.js";

const folder = mkdtempSync(join(tmpdir(), "semseg-raster-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const python = pythonWith(["numpy", "PIL", "pycocotools"], ["numpy", "pillow", "pycocotools"]);

interface PeerMask {
  readonly coco: string;
  readonly area: number;
  readonly compressed: string;
  readonly counts: readonly number[];
  readonly pillow: string;
}

function randomShapes(count: number) {
  let state = 20_261;
  const below = (limit: number): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 4294967296) * limit);
  };
  return Array.from({ length: count }, (_, at) => {
    const [width, height] = [1 + below(90), 1 + below(70)];
    // Some whole, some in halves, some anywhere, some beyond the picture; some points twice.
    const fine = [1, 2, 100][at % 3]!;
    const margin = at % 4 === 0 ? 20 : 0;
    const coordinate = (size: number): number => below((size + 2 * margin) * fine + 1) / fine - margin;
    const polygon = (points: number): number[] => {
      const list = Array.from({ length: points }, () => [coordinate(width), coordinate(height)]);
      if (at % 5 === 0) list.push(list[0]!, list.at(-1)!);
      return list.flat();
    };
    const polygons = Array.from({ length: 1 + (at % 3 === 2 ? below(3) : 0) }, () => polygon(3 + below(9)));
    return { width, height, polygons };
  });
}

function digest(regions: readonly Region[], width: number, height: number): string {
  const data = new Uint8Array(width * height);
  compose({ width, height, data }, [{ value: 1, regions: () => regions }], "later", 255);
  return createHash("sha256").update(data).digest("hex");
}

describe.skipIf(python === undefined)("shapes beside pycocotools and Pillow", () => {
  const shapes = randomShapes(6_000);
  let masks: readonly PeerMask[] = [];

  it("draws COCO polygons as pycocotools does", () => {
    writeJson(folder, "shapes.json", shapes);
    masks = runPython(python!, "raster.py", folder)["masks"] as readonly PeerMask[];
    const different = shapes.filter(({ width, height, polygons }, at) => {
      const regions = polygons.map((points) => cocoPolygonRegion(cocoGridPoints(points), width, height));
      return digest(regions, width, height) !== masks[at]!.coco;
    });
    expect(different).toEqual([]);
  });

  it("reads COCO run lengths, plain and compressed, as pycocotools writes them", () => {
    for (const [at, { width, height }] of shapes.entries()) {
      const { counts, compressed, coco } = masks[at]!;
      expect(decodeCompressedRuns(compressed)).toEqual(counts);
      expect(digest([cocoRegion(counts, width, height)], width, height)).toBe(coco);
    }
  });

  it("draws LabelMe polygons as Pillow does", () => {
    const different = shapes.filter(({ width, height, polygons }, at) => {
      const region = pillowPolygonRegion(polygons[0]!, width, height);
      return digest([region], width, height) !== masks[at]!.pillow;
    });
    expect(different.slice(0, 3).map((s) => JSON.stringify(s))).toEqual([]);
    expect(different.length).toBe(0);
  });
});
