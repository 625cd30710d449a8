import type { GraphBuilder, Value } from "./graph.js";

/** Height and width of an NCHW value, as two int64, known at run time. */
export function planeSize(graph: GraphBuilder, value: Value): Value {
  const shape = graph.node("Shape", [value], {}, `${value.name}:shape`);
  return graph.node("Slice", [shape, graph.integers(2), graph.integers(4)], {}, `${value.name}:size`);
}

/**
 * Bilinear resizing to a height and width, corner pixels on corner pixels, as MXNet's BilinearResize2D does in every
 * version that the algorithm was trained with. A single pixel becomes a constant plane.
 */
export function resize(graph: GraphBuilder, value: Value, size: Value, name: string): Value {
  const shape = graph.node("Shape", [value], {}, `${name}:from`);
  const kept = graph.node("Slice", [shape, graph.integers(0), graph.integers(2)], {}, `${name}:planes`);
  const sizes = graph.node("Concat", [kept, size], { axis: { int: 0 } }, `${name}:to`);
  return graph.node(
    "Resize",
    [value, undefined, undefined, sizes],
    { mode: { text: "linear" }, coordinate_transformation_mode: { text: "align_corners" } },
    name,
  );
}

/** One pixel a channel as a plane of that size: what resizing makes of it, without asking runtimes to divide by zero. */
export function plane(graph: GraphBuilder, pixel: Value, size: Value, name: string): Value {
  const shape = graph.node("Concat", [graph.integers(1, 1), size], { axis: { int: 0 } }, `${name}:to`);
  return graph.node("Expand", [pixel, shape], {}, name);
}

/** The part of a value from one index of an axis to another, which is not included; negative ones count from the end. */
export function slice(graph: GraphBuilder, value: Value, axis: number, from: number, to: number, name: string): Value {
  return graph.node("Slice", [value, graph.integers(from), graph.integers(to), graph.integers(axis)], {}, name);
}

/** A `to` of {@link slice} beyond every end. */
export const end = 2 ** 31 - 1;
