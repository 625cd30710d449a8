import type { ErrorCode, ErrorDetails } from "../../core/error-catalogue.js";
import { SegmentationError } from "../../core/errors.js";
import { defineClasses } from "../classes.js";
import type { AnyClassTable, ClassTable } from "../classes.js";
import type { DecodedMask, DecodeMaskOptions } from "../decode-mask.js";
import { formatColor } from "../palette.js";

/** A mask to decode, on its way to a worker. */
export interface DecodeJob {
  readonly id: number;
  readonly png: Uint8Array;
  readonly options: Omit<DecodeMaskOptions, "out">;
  readonly classes: PlainClasses | undefined;
}

/** A class table as plain data: functions cannot be sent. */
export interface PlainClasses {
  readonly names: readonly string[];
  readonly ignoreIndex: number;
  /** `#rrggbb`, by index. */
  readonly colors: readonly string[];
}

/** A worker's answer: a mask without class table, or why there is none. */
export type DecodeReply =
  | ({ readonly id: number; readonly error?: undefined } & Pick<DecodedMask, "width" | "height" | "data"> &
      Partial<Pick<DecodedMask, "kind" | "palette">>)
  | { readonly id: number; readonly error: SentError };

/** An error of this package in parts, since its class does not survive the way; others survive it as they are. */
export type SentError =
  | { readonly kind: "own"; readonly code: string; readonly message: string; readonly details: unknown }
  | { readonly kind: "other"; readonly error: unknown };

/** Takes a class table apart. */
export function plainClasses({ names, ignoreIndex, colors }: AnyClassTable): PlainClasses {
  return { names, ignoreIndex, colors: colors.map(formatColor) };
}

/** Puts a class table together. */
export function classTable({ names, ignoreIndex, colors }: PlainClasses): ClassTable<string> {
  return defineClasses(names, {
    ignoreIndex,
    colors: Object.fromEntries(names.map((name, index) => [name, colors[index]!])),
  });
}

/** Takes an error apart. */
export function sendError(error: unknown): SentError {
  if (!SegmentationError.is(error)) return { kind: "other", error };
  return { kind: "own", code: error.code, message: error.message, details: error.details };
}

/** Puts an error together; the worker has the same code and so the same error codes. */
export function receiveError(sent: SentError): unknown {
  if (sent.kind === "other") return sent.error;
  return new SegmentationError(sent.code as ErrorCode, sent.message, sent.details as ErrorDetails[ErrorCode]);
}
