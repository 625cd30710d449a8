import type { Value } from "./graph.js";
import type { Layers } from "./layers.js";

/** Where the arrays of the five branches are; the spelling is GluonCV's. */
export const aspp = "head.aspp.concurent";

/** Dilations of the three wide branches at output stride 8. */
const rates = [12, 24, 36];

/** The 1×1 branch and the three dilated ones. */
export function localBranches(layers: Layers, features: Value): readonly Value[] {
  const wide = rates.map((dilation, index) => {
    const name = `${aspp}.${index + 1}`;
    return layers.unit(features, `${name}.0`, `${name}.1`, { dilation });
  });
  return [layers.unit(features, `${aspp}.0.0`, `${aspp}.0.1`), ...wide];
}

/** Mean of the whole plane, through a unit of its own: one pixel a channel. */
export function globalBranch(layers: Layers, features: Value): Value {
  const mean = layers.graph.node("GlobalAveragePool", [features], {}, `${aspp}.4.gap:pool`);
  return layers.unit(mean, `${aspp}.4.gap.1`, `${aspp}.4.gap.2`);
}
