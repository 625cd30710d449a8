import type { ClassTable } from "../mask/classes.js";
import { recordByClass } from "../mask/class-record.js";
import type { ClassShare, SplitName } from "./dataset.js";
import type { WarningList } from "./warning-list.js";

/** Pixels and images by class index: what the receipt stores. */
export interface ClassTally {
  readonly pixels: readonly number[];
  readonly images: readonly number[];
}

/** Both halves. */
export type SplitTally = Readonly<Record<SplitName, ClassTally>>;

/** Counts classes over masks; the order of adding does not matter. */
export class BalanceCounter<Name extends string> {
  readonly classes: ClassTable<Name>;
  readonly #tally: Record<SplitName, { pixels: number[]; images: number[] }>;
  #ignored = 0;
  #total = 0;

  constructor(classes: ClassTable<Name>) {
    this.classes = classes;
    const zeros = (): number[] => new Array<number>(classes.count).fill(0);
    const empty = (): { pixels: number[]; images: number[] } => ({ pixels: zeros(), images: zeros() });
    this.#tally = { train: empty(), validation: empty() };
  }

  /** Adds one mask: its pixels by class index, and all its pixels. */
  add(half: SplitName, counts: readonly number[], area: number): void {
    const { pixels, images } = this.#tally[half];
    let counted = 0;
    for (const index of this.classes.names.keys()) {
      const count = counts[index] ?? 0;
      counted += count;
      pixels[index]! += count;
      images[index]! += count > 0 ? 1 : 0;
    }
    this.#total += area;
    this.#ignored += area - counted;
  }

  tally(): SplitTally {
    return this.#tally;
  }

  /** A class that never occurs in a half cannot be learned or measured there. */
  warn(warnings: WarningList): void {
    const { names, ignoreIndex } = this.classes;
    const percent = this.#total === 0 ? 0 : Math.round((100 * this.#ignored) / this.#total);
    for (const half of ["train", "validation"] as const) {
      for (const [index, name] of names.entries()) {
        if (this.#tally[half].images[index] !== 0) continue;
        // Masks drawn as 0 and 255 are the common case behind this.
        const hint =
          percent === 0
            ? ""
            : ` ${percent} % of all pixels are ${ignoreIndex} and are ignored; if that value stands for a class, say so with "values".`;
        warnings.add("class-absent", `No ${half} mask has a pixel of "${name}".${hint}`);
      }
    }
  }
}

/** The balance as users see it. */
export function balanceByName<Name extends string>(
  classes: ClassTable<Name>,
  { pixels, images }: ClassTally,
): Readonly<Record<Name, ClassShare>> {
  const total = pixels.reduce((sum, count) => sum + count, 0);
  return recordByClass(classes, (index) => {
    const count = pixels[index] ?? 0;
    return { pixels: count, share: total === 0 ? 0 : count / total, images: images[index] ?? 0 };
  });
}
