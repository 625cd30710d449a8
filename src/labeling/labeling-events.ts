import type { FailedObject } from "./failed-objects.js";
import type { LabelingStall } from "./labeling-stall.js";
import type { LabelingState } from "./labeling-state.js";

/** One event in the life of a labeling job; `type` tells which. */
export type LabelingEvent =
  /** Status or counters have moved. */
  | {
      /** Status or counters have moved. */
      readonly type: "progress";
      /** The job as it is now. */
      readonly state: LabelingState;
    }
  /** An image could not be labeled. */
  | {
      /** An image could not be labeled. */
      readonly type: "failed";
      /** The image, with Ground Truth's reason. */
      readonly object: FailedObject;
    }
  /** Nothing has moved for long. */
  | {
      /** Nothing has moved for long. */
      readonly type: "stall";
      /** The likeliest cause and what to do. */
      readonly stall: LabelingStall;
    };

/**
 * Makes events of the states of a job. The manifest is read only when the counter says that there are failures which
 * were not told yet, so a job without failures costs no reading.
 *
 * @param failures - Reads the failures that the manifest holds.
 */
export async function* labelingEvents(
  states: AsyncIterable<LabelingState>,
  failures: (state: LabelingState) => Promise<readonly FailedObject[]>,
): AsyncGenerator<LabelingEvent, void, void> {
  const told = new Set<string>();
  let stalled: string | undefined;
  for await (const state of states) {
    yield { type: "progress", state };
    if (state.failed > told.size) {
      for (const object of await failures(state)) {
        // Positions stay: the manifest is rewritten, never reordered.
        const key = `${object.line} ${object.imageUri}`;
        if (told.has(key)) continue;
        told.add(key);
        yield { type: "failed", object };
      }
    }
    const stall = state.stall;
    const print = stall === undefined ? undefined : `${stall.code} ${stall.since.getTime()}`;
    if (stall !== undefined && print !== stalled) yield { type: "stall", stall };
    stalled = print;
  }
}
