import type { GraphBuilder, Value } from "./graph.js";

/**
 * Mean over `bins` × `bins` windows of a plane whose size is known at run time only.
 *
 * Window i of a side of n covers i·n/bins rounded down to (i+1)·n/bins rounded up; windows overlap where `bins` does not
 * divide n, and there may be more of them than pixels. The mean is separable, so it is a matrix for the rows and one for
 * the columns, both made of the sizes inside the graph.
 */
export function adaptivePool(graph: GraphBuilder, value: Value, size: Value, bins: number, name: string): Value {
  const rows = windowMeans(graph, size, 0, bins, `${name}:rows`);
  const columns = windowMeans(graph, size, 1, bins, `${name}:columns`);
  const turned = graph.node("Transpose", [columns], { perm: { ints: [1, 0] } }, `${name}:turned`);
  const across = graph.node("MatMul", [value, turned], {}, `${name}:across`);
  return graph.node("MatMul", [rows, across], {}, name);
}

/** A matrix [bins, n] whose row i has 1/length on the pixels of window i and 0 elsewhere; n is `size[axis]`. */
export function windowMeans(graph: GraphBuilder, size: Value, axis: number, bins: number, name: string): Value {
  const side = graph.node("Gather", [size, graph.integer(axis)], { axis: { int: 0 } }, `${name}:side`);
  const indices = Array.from({ length: bins }, (_, index) => index);
  const count = graph.integer(bins);
  const scaled = graph.node("Mul", [graph.column(...indices), side], {}, `${name}:scaled`);
  const starts = graph.node("Div", [scaled, count], {}, `${name}:starts`);
  // Division of whole numbers rounds down; bins - 1 more before it makes it round up.
  const next = graph.node("Mul", [graph.column(...indices.map((index) => index + 1)), side], {}, `${name}:next`);
  const raised = graph.node("Add", [next, graph.integer(bins - 1)], {}, `${name}:raised`);
  const ends = graph.node("Div", [raised, count], {}, `${name}:ends`);
  const pixels = graph.node("Range", [graph.integer(0), side, graph.integer(1)], {}, `${name}:pixels`);
  const before = graph.node("Less", [pixels, starts], {}, `${name}:before`);
  const reached = graph.node("Not", [before], {}, `${name}:reached`);
  const until = graph.node("Less", [pixels, ends], {}, `${name}:until`);
  const inside = graph.node("And", [reached, until], {}, `${name}:inside`);
  const asFloat = { to: { int: 1 } };
  const ones = graph.node("Cast", [inside], asFloat, `${name}:ones`);
  const lengths = graph.node(
    "Cast",
    [graph.node("Sub", [ends, starts], {}, `${name}:length`)],
    asFloat,
    `${name}:pixels each`,
  );
  return graph.node("Div", [ones, lengths], {}, `${name}:means`);
}
