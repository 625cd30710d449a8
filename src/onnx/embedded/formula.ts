import type { Attribute, GraphBuilder, Value } from "../graph.js";

/** A value, or a number that stands for itself. */
export type Term = Value | number;

/**
 * Writes formulas as graph nodes, in double precision (`Value` of float64) and whole numbers (int64).
 *
 * The embedded backend computes in double precision; in single precision pixels between two classes would flip.
 */
export class Formula {
  #count = 0;

  constructor(readonly graph: GraphBuilder) {}

  add = (a: Term, b: Term): Value => this.#binary("Add", a, b);
  sub = (a: Term, b: Term): Value => this.#binary("Sub", a, b);
  mul = (a: Term, b: Term): Value => this.#binary("Mul", a, b);
  div = (a: Term, b: Term): Value => this.#binary("Div", a, b);
  max = (a: Term, b: Term): Value => this.#binary("Max", a, b);
  min = (a: Term, b: Term): Value => this.#binary("Min", a, b);

  /** The same for whole numbers; `Div` of int64 cuts towards 0. */
  addInt = (a: Term, b: Term): Value => this.#integers("Add", a, b);
  subInt = (a: Term, b: Term): Value => this.#integers("Sub", a, b);
  mulInt = (a: Term, b: Term): Value => this.#integers("Mul", a, b);
  divInt = (a: Term, b: Term): Value => this.#integers("Div", a, b);
  maxInt = (a: Term, b: Term): Value => this.#integers("Max", a, b);
  minInt = (a: Term, b: Term): Value => this.#integers("Min", a, b);

  abs = (a: Value): Value => this.node("Abs", [a]);
  sqrt = (a: Value): Value => this.node("Sqrt", [a]);
  floor = (a: Value): Value => this.node("Floor", [a]);
  square = (a: Value): Value => this.mul(a, a);
  /** To the nearest whole number, halves up, as `Math.round` does; `Round` would take the even one. */
  round = (a: Value): Value => this.floor(this.add(a, 0.5));

  toDouble = (a: Value): Value => this.node("Cast", [a], { to: { int: 11 } });
  toSingle = (a: Value): Value => this.node("Cast", [a], { to: { int: 1 } });
  toInt = (a: Value): Value => this.node("Cast", [a], { to: { int: 7 } });
  /** What a Float32Array makes of a double. */
  rounded = (a: Value): Value => this.toDouble(this.toSingle(a));

  where = (condition: Value, yes: Value, no: Value): Value => this.node("Where", [condition, yes, no]);
  less = (a: Value, b: Value): Value => this.node("Less", [a, b]);

  /** Elements along an axis. */
  gather = (a: Value, indices: Value, axis: number): Value =>
    this.node("Gather", [a, indices], { axis: { int: axis } });
  concat = (values: readonly Value[], axis: number): Value => this.node("Concat", values, { axis: { int: axis } });
  unsqueeze = (a: Value, ...axes: number[]): Value => this.node("Unsqueeze", [a, this.graph.integers(...axes)]);
  matMul = (a: Value, b: Value): Value => this.node("MatMul", [a, b]);

  /** 0, 1, ... up to a number without dimensions. */
  range = (end: Value): Value => this.node("Range", [this.graph.integer(0), end, this.graph.integer(1)]);

  /** A constant in double precision without dimensions. */
  number = (value: number): Value => this.graph.doubles([], [value]);

  /** A node with a name of its own. */
  node(operator: string, inputs: readonly Value[], attributes: Readonly<Record<string, Attribute>> = {}): Value {
    return this.graph.node(operator, inputs, attributes, `${operator}:${++this.#count}`);
  }

  #binary(operator: string, a: Term, b: Term): Value {
    return this.node(operator, [this.#double(a), this.#double(b)]);
  }

  #double(term: Term): Value {
    return typeof term === "number" ? this.number(term) : term;
  }

  #integers(operator: string, a: Term, b: Term): Value {
    return this.node(operator, [this.#integer(a), this.#integer(b)]);
  }

  #integer(term: Term): Value {
    return typeof term === "number" ? this.graph.integer(term) : term;
  }
}
