import type { ErrorCode, ErrorDetails } from "./error-catalogue.js";

// `Symbol.for`: the same brand in every copy of this package (ESM beside CJS, two versions in one tree).
const brand = Symbol.for("sagemaker-semseg.error");

/** First part of an error code, e.g. `"codec"` of `"codec.png"`. */
export type ErrorArea<Code extends string = ErrorCode> = Code extends `${infer Head}.${string}` ? Head : never;

/** The codes that a code or area stands for. */
export type ErrorCodesOf<Selector extends ErrorCode | ErrorArea> = Selector extends ErrorCode
  ? Selector
  : Extract<ErrorCode, `${Selector}.${string}`>;

/** Any {@link SegmentationError}, as a union over its codes: testing `code` narrows `details`. */
export type AnySegmentationError = { [Code in ErrorCode]: SegmentationError<Code> }[ErrorCode];

/**
 * The one error class of this package: a dotted `code`, typed `details`, and the `cause` where there was one.
 *
 * Not thrown on abort: then the signal's own `reason` is thrown.
 */
export class SegmentationError<Code extends ErrorCode = ErrorCode> extends Error {
  /** Always `SegmentationError`, also in minified code. */
  override readonly name = "SegmentationError";
  /** What went wrong, e.g. `"codec.png"`; see {@link ErrorDetails} for all codes. */
  readonly code: Code;
  /** Where and what would be right; its shape follows from `code`. */
  readonly details: ErrorDetails[Code];

  constructor(code: Code, message: string, details: ErrorDetails[Code], options?: { readonly cause?: unknown }) {
    super(message, options);
    this.code = code;
    this.details = details;
    Object.defineProperty(this, brand, { value: true });
  }

  /** Whether a value is an error of this package; works across copies of the package, where `instanceof` does not. */
  static is(error: unknown): error is AnySegmentationError;
  /**
   * Whether a value is an error of this package with this code or of this area, across copies of the package.
   *
   * @param selector - A code (`"codec.png"`) or an area (`"codec"`).
   */
  static is<Selector extends ErrorCode | ErrorArea>(
    error: unknown,
    selector: Selector,
  ): error is { [Code in ErrorCodesOf<Selector>]: SegmentationError<Code> }[ErrorCodesOf<Selector>];
  static is(error: unknown, selector?: string): boolean {
    if (typeof error !== "object" || error === null || !(brand in error)) return false;
    if (selector === undefined) return true;
    const { code } = error as { code?: unknown };
    return typeof code === "string" && (code === selector || code.startsWith(`${selector}.`));
  }
}
