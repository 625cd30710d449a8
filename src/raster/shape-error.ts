import { SegmentationError } from "../core/errors.js";

/** The error for a shape that cannot be drawn; whoever knows the file adds where it stands. */
export function shapeError(message: string, expected: string): SegmentationError<"import.shape"> {
  return new SegmentationError("import.shape", `${message}. Expected ${expected}.`, { expected });
}

/** Refuses numbers that are no finite coordinates, or so far away that drawing them would take for ever. */
export function checkCoordinate(value: number): number {
  if (Number.isFinite(value) && Math.abs(value) <= farthest) return value;
  throw shapeError(`A coordinate is ${value}`, `a number from -${farthest} to ${farthest}`);
}

/** Farthest coordinate in pixels: a hundred times the side of the largest mask that is read. */
export const farthest = 1_000_000;
