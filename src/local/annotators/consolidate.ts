import type { IndexMask } from "../../mask/mask.js";

/** One mask made of those of all workers. */
export interface Consolidation {
  readonly mask: IndexMask;
  /** Mean share of the workers who agree, over the pixels that are not background for all; 0 for one worker. */
  readonly confidence: number;
}

/** Votes of a pixel itself, of its four neighbours, and of the four at its corners. */
const ownVotes = 4;
const sideVotes = 2;
const cornerVotes = 1;

/**
 * Takes every pixel as a vote between the workers and smooths with the neighbouring pixels, as the guide describes it.
 * A tie goes to the lowest index. The mask of a single worker stays as drawn, with confidence 0 (seen in real jobs).
 */
export function consolidate(masks: readonly IndexMask[], classes: number): Consolidation {
  const [first] = masks;
  if (first === undefined) return { mask: { width: 0, height: 0, data: new Uint8Array(0) }, confidence: 0 };
  if (masks.length === 1) return { mask: first, confidence: 0 };
  const { width, height } = first;
  const data = new Uint8Array(width * height);
  const votes = new Float64Array(classes);
  let agreeing = 0;
  let counted = 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const pixel = y * width + x;
      votes.fill(0);
      for (const { data: drawn } of masks) {
        for (let row = Math.max(0, y - 1); row <= Math.min(height - 1, y + 1); row++) {
          for (let column = Math.max(0, x - 1); column <= Math.min(width - 1, x + 1); column++) {
            const weight = row === y && column === x ? ownVotes : row === y || column === x ? sideVotes : cornerVotes;
            const index = drawn[row * width + column]!;
            votes[index] = votes[index]! + weight;
          }
        }
      }
      const winner = largest(votes);
      data[pixel] = winner;
      if (masks.every(({ data: drawn }) => drawn[pixel] === 0)) continue;
      counted++;
      agreeing += masks.filter(({ data: drawn }) => drawn[pixel] === winner).length / masks.length;
    }
  }
  const confidence = counted === 0 ? 1 : agreeing / counted;
  return { mask: { width, height, data }, confidence: Math.round(confidence * 100) / 100 };
}

function largest(votes: Float64Array): number {
  let best = 0;
  for (let index = 1; index < votes.length; index++) if (votes[index]! > votes[best]!) best = index;
  return best;
}
