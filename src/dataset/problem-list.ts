import { SegmentationError } from "../core/errors.js";

/** Problems found in the data; a person wants to hear of more than the first. */
export interface ProblemList {
  /** Takes an error that speaks of the data; throws on any other, and when there are too many. */
  add(position: number, error: unknown): void;
  /** Throws the first problem in the order of positions; up to ten others stand in its message and details. */
  throwFirst(): void;
}

/** More than these are not looked for: the setting is wrong, not the files. */
const enough = 100;

/** Makes an empty list. */
export function createProblemList(): ProblemList {
  const found: { readonly position: number; readonly error: DataError }[] = [];

  function throwFirst(): void {
    const [first, ...others] = [...found].sort((a, b) => a.position - b.position).map(({ error }) => error);
    if (first === undefined) return;
    if (others.length === 0) throw first;
    const more = others.slice(0, 10).map(({ message }) => message);
    const rest = others.length > more.length ? `\n  ... and ${others.length - more.length} more` : "";
    const message = `${first.message}\n${others.length} more of ${found.length} problems:\n  ${more.join("\n  ")}${rest}`;
    const options = first.cause === undefined ? {} : { cause: first.cause };
    throw new SegmentationError(first.code, message, { ...first.details, more }, options);
  }

  return {
    add(position, error) {
      if (!isDataError(error)) throw error;
      found.push({ position, error });
      if (found.length >= enough) throwFirst();
    },
    throwFirst,
  };
}

type DataError = SegmentationError<"dataset.image"> | SegmentationError<"dataset.mask">;

function isDataError(error: unknown): error is DataError {
  return SegmentationError.is(error, "dataset.image") || SegmentationError.is(error, "dataset.mask");
}
