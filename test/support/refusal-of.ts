import { SegmentationError } from "../../src/core/errors.js";
import type { AnySegmentationError } from "../../src/core/errors.js";

/** The package's error that a call throws; anything else, and no error at all, fails the test. */
export function refusalOf(run: () => unknown): AnySegmentationError {
  try {
    run();
  } catch (error) {
    if (SegmentationError.is(error)) return error;
    throw error;
  }
  throw new Error("Nothing was refused.");
}

/** The package's error that a promise rejects with. */
export async function rejectionOf(promise: Promise<unknown>): Promise<AnySegmentationError> {
  try {
    await promise;
  } catch (error) {
    if (SegmentationError.is(error)) return error;
    throw error;
  }
  throw new Error("Nothing was refused.");
}
