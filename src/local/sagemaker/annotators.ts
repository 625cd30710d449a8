import type { AnnotationTask } from "../annotators/annotate.js";
import type { Consolidation } from "../annotators/consolidate.js";
import type { IndexMask } from "../../mask/mask.js";

/** The simulated annotators as a labeling job sees them. */
export interface Annotators {
  /** What one worker paints; the same input gives the same mask. */
  annotate(task: AnnotationTask): IndexMask;
  /** One mask from those of all workers, with the job's confidence in it (0 for one worker). */
  consolidate(masks: readonly IndexMask[], classes: number): Consolidation;
}
