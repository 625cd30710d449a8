import type { IndexMask } from "../../mask/mask.js";

/** The simulated annotators as a labeling job sees them. */
export interface Annotators {
  /** What one worker paints; the same input gives the same mask. */
  annotate(task: {
    readonly truth: IndexMask;
    /** Number of classes, background included. */
    readonly classes: number;
    readonly seed: number;
    /** Address of the image. */
    readonly image: string;
    /** 0 for the first worker. */
    readonly worker: number;
  }): IndexMask;
  /** One mask from those of all workers, with the job's confidence in it (0 for one worker). */
  consolidate(masks: readonly IndexMask[], classes: number): { readonly mask: IndexMask; readonly confidence: number };
}

/** For now: workers that paint the truth. */
export const annotators: Annotators = {
  annotate: ({ truth: { width, height, data } }) => ({
    width,
    height,
    data: data.map((index) => (index === 255 ? 0 : index)),
  }),
  consolidate: (masks) => ({ mask: masks[0]!, confidence: masks.length === 1 ? 0 : 0.9 }),
};
