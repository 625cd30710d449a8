/** One shape of the service model, with the constraints that a request must keep. */
export interface Shape {
  readonly type: string;
  /** Members of a structure: name to shape name. */
  readonly members?: Readonly<Record<string, string>>;
  readonly required?: readonly string[];
  /** Shape of a list's elements. */
  readonly member?: string;
  /** Shapes of a map's keys and values. */
  readonly key?: string;
  readonly value?: string;
  readonly min?: number;
  readonly max?: number;
  /** A pattern of Java's, matched on the whole text. */
  readonly pattern?: string;
  /** The same pattern in ECMAScript, where Java's differs. */
  readonly js?: string;
  readonly enum?: readonly string[];
}

/** Operations and shapes of one service. */
export interface ServiceModel {
  /** Operation name to the name of its input shape. */
  readonly operations: Readonly<Record<string, string>>;
  readonly shapes: Readonly<Record<string, Shape>>;
}

/** Whether a value of this shape is one number, text or truth value, and not a collection. */
export function isScalar(shape: Shape): boolean {
  return shape.type !== "structure" && shape.type !== "list" && shape.type !== "map";
}
