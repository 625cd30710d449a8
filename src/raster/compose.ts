import { forEachStretch, regionArea, type Plane, type Region } from "./region.js";

/**
 * What holds where shapes lie over each other: the `later` one in the order of the file, the `earlier` one, the
 * `smaller` one by area (then the later), or nobody: pixels of two different classes are `ignored`.
 */
export type Overlap = "later" | "earlier" | "smaller" | "ignored";

/** A shape with the class index that its pixels get. */
export interface Layer {
  readonly value: number;
  /** Makes the parts of the shape, which are one together. Called when it is painted, so that few are in memory. */
  regions(): Iterable<Region>;
}

/** Paints layers onto a plane, whose pixels keep their values where no layer is. */
export function compose(plane: Plane, layers: readonly Layer[], overlap: Overlap, ignoreIndex: number): void {
  if (overlap === "ignored") {
    paintDisputed(plane, layers, ignoreIndex);
    return;
  }
  const order = overlap === "smaller" ? bySize(layers) : overlap === "earlier" ? [...layers].reverse() : layers;
  for (const layer of order)
    for (const region of layer.regions())
      forEachStretch(region, plane, (start, end) => plane.data.fill(layer.value, start, end));
}

/** Largest first, so that smaller ones come on top; equal ones stay in their order. */
function bySize(layers: readonly Layer[]): Layer[] {
  const area = (layer: Layer): number => [...layer.regions()].reduce((sum, region) => sum + regionArea(region), 0);
  return layers
    .map((layer) => ({ layer, area: area(layer) }))
    .sort((a, b) => b.area - a.area)
    .map(({ layer }) => layer);
}

function paintDisputed({ width, height, data }: Plane, layers: readonly Layer[], ignoreIndex: number): void {
  const claimed = new Uint8Array(width * height);
  for (const layer of layers)
    for (const region of layer.regions())
      forEachStretch(region, { width, height }, (start, end) => {
        const { value } = layer;
        for (let at = start; at < end; at++) {
          data[at] = claimed[at] === 0 || data[at] === value ? value : ignoreIndex;
          claimed[at] = 1;
        }
      });
}
