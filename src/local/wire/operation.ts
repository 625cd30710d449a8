/** What an operation learns besides its input. */
export interface CallContext {
  /** Region that the client signed for. */
  readonly region: string;
}

/** A checked request: only members that the service model knows, none of them null. */
export type Input = Readonly<Record<string, unknown>>;

/** The answer's members; `undefined` ones are left out, times are seconds since 1970. */
export type Output = Readonly<Record<string, unknown>>;

/** One operation of a service. */
export type Operation = (input: Input, call: CallContext) => Output | Promise<Output>;

/** Operations by name; a `Map`, so that `constructor` is none. */
export type Operations = ReadonlyMap<string, Operation>;
