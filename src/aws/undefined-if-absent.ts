import { SegmentationError } from "../core/errors.js";

/** The answer of an AWS call; `undefined` when AWS says that what it asks for does not exist (`aws.not-found`). */
export async function undefinedIfAbsent<Output>(call: Promise<Output>): Promise<Output | undefined> {
  try {
    return await call;
  } catch (error) {
    if (SegmentationError.is(error, "aws.not-found")) return undefined;
    throw error;
  }
}
