import type { Value } from "./graph.js";
import type { Layers } from "./layers.js";

/** Where the arrays of the five branches are; the spelling is GluonCV's. */
export const aspp = "head.aspp.concurent";

/** Dilations of the three wide branches at output stride 8. */
export const rates: readonly number[] = [12, 24, 36];

/** Mean of the whole plane, through a unit of its own: one pixel a channel. */
export function globalBranch(layers: Layers, features: Value): Value {
  const mean = layers.graph.node("GlobalAveragePool", [features], {}, `${aspp}.4.gap:pool`);
  return layers.unit(mean, `${aspp}.4.gap.1`, `${aspp}.4.gap.2`);
}
