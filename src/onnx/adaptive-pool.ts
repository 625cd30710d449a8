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
function windowMeans(graph: GraphBuilder, size: Value, axis: number, bins: number, name: string): Value {
  const side = graph.node("Gather", [size, graph.integer(axis)], { axis: { int: 0 } }, `${name}:side`);
  const one = graph.integer(1);
  const count = graph.integers(bins);
  const column = [bins, 1];
  const starts = graph.node(
    "Div",
    [graph.node("Mul", [steps(graph, column, 0), side], {}, `${name}:scaled`), count],
    {},
    `${name}:starts`,
  );
  const scaledEnds = graph.node("Mul", [steps(graph, column, 1), side], {}, `${name}:scaled ends`);
  const roundedUp = graph.node("Add", [scaledEnds, graph.integer(bins - 1)], {}, `${name}:rounded`);
  const ends = graph.node("Div", [roundedUp, count], {}, `${name}:ends`);
  const pixels = graph.node("Range", [graph.integer(0), side, one], {}, `${name}:pixels`);
  const before = graph.node("Less", [pixels, starts], {}, `${name}:before`);
  const inside = graph.node(
    "And",
    [graph.node("Not", [before], {}, `${name}:from`), graph.node("Less", [pixels, ends], {}, `${name}:until`)],
    {},
    `${name}:inside`,
  );
  const asFloat = { to: { int: 1 } };
  const length = graph.node("Sub", [ends, starts], {}, `${name}:length`);
  return graph.node(
    "Div",
    [
      graph.node("Cast", [inside], asFloat, `${name}:ones`),
      graph.node("Cast", [length], asFloat, `${name}:pixels each`),
    ],
    {},
    `${name}:means`,
  );
}

/** first, first + 1, … as an int64 tensor of that shape. */
function steps(graph: GraphBuilder, shape: readonly [number, number] | number[], first: number): Value {
  const [count = 1] = shape;
  const values = graph.integers(...Array.from({ length: count }, (_, index) => first + index));
  return graph.node("Reshape", [values, graph.integers(...shape)], {}, `steps:${first},${count}`);
}
