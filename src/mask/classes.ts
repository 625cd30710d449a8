import { SegmentationError } from "../core/errors.js";
import { defaultColor, parseColor } from "./palette.js";
import type { Rgb } from "./palette.js";

/** A class table without its names in the type: what code needs that works with any classes. */
export interface AnyClassTable {
  /** Class names; position = class index. */
  readonly names: readonly string[];
  /** Number of classes, background included: the algorithm's `num_classes`. */
  readonly count: number;
  /** Index of pixels that count for nothing, default 255 (PASCAL VOC convention). */
  readonly ignoreIndex: number;
  /** Display colour of each class; also the palette of masks that are written. */
  readonly colors: readonly Rgb[];
}

/**
 * The classes of a project: made once by {@link defineClasses}, carried through labels, dataset, model and masks.
 *
 * Invariant in its names (`in out`): masks of two class sets cannot be mixed by mistake.
 */
export interface ClassTable<in out Name extends string> extends AnyClassTable {
  readonly names: readonly Name[];
  /** Class index of a name. Throws `classes.unknown`. */
  indexOf(name: Name): number;
  /** Name of a class index; `undefined` for the ignore index and for anything beyond the table. */
  nameOf(index: number): Name | undefined;
  /** Whether a text is one of the names. */
  has(name: string): name is Name;
  /** Display colour of a class, three bytes. Throws `classes.unknown`. */
  colorOf(name: Name): Rgb;
}

/** Options of {@link defineClasses}. */
export interface ClassOptions<Name extends string> {
  /** Index of pixels that count for nothing; default 255, `number of classes`..255. */
  readonly ignoreIndex?: number;
  /** Colours by name, `#rrggbb`; the others get Ground Truth's own (background white, then #2ca02c, #1f77b4, ...). */
  readonly colors?: Partial<Readonly<Record<Name, string>>>;
}

/**
 * Makes the class table: a name's position is its class index, and index 0 is the background.
 *
 * In Ground Truth jobs index 0 is the service's own `BACKGROUND`; the other names become the labels that workers see.
 *
 * @param names - 1 to 254 different names (the algorithm trains with 2 to 254).
 * @throws `classes.invalid` for empty, repeated or too many names, an ignore index that is a class, and colours that
 * are no `#rrggbb` or stand for two classes.
 *
 * @example
 * ```ts
 * import { defineClasses } from "sagemaker-semseg/masks";
 *
 * const classes = defineClasses(["background", "sea turtle"], { colors: { "sea turtle": "#2ca02c" } });
 * classes.indexOf("sea turtle"); // 1
 * ```
 */
export function defineClasses<const Name extends string>(
  names: readonly Name[],
  options: ClassOptions<Name> = {},
): ClassTable<Name> {
  checkNames(names);
  const ignoreIndex = options.ignoreIndex ?? 255;
  if (!Number.isInteger(ignoreIndex) || ignoreIndex < names.length || ignoreIndex > 255) {
    throw invalid(`The ignore index ${ignoreIndex} is a class or no byte.`, `an integer from ${names.length} to 255`, {
      index: ignoreIndex,
    });
  }
  const colors = chooseColors(names, options.colors ?? {});
  // The caller may change the list later.
  const own = Object.freeze([...names]);
  const indexes = new Map<string, number>(own.map((name, index) => [name, index]));
  const indexOf = (name: Name): number => {
    const index = indexes.get(name);
    if (index === undefined) {
      throw new SegmentationError("classes.unknown", `"${name}" is no class. The classes are: ${own.join(", ")}.`, {
        name,
        known: own,
      });
    }
    return index;
  };
  return Object.freeze({
    names: own,
    count: own.length,
    ignoreIndex,
    colors,
    indexOf,
    nameOf: (index: number) => own[index],
    has: (name: string): name is Name => indexes.has(name),
    colorOf: (name: Name) => colors[indexOf(name)]!,
  });
}

function checkNames(names: readonly string[]): void {
  if (names.length < 1 || names.length > 254) {
    throw invalid(
      `${names.length} classes were given.`,
      "1 to 254 names (255 is the ignore index, 254 the algorithm's limit)",
    );
  }
  const seen = new Set<string>();
  for (const [index, name] of names.entries()) {
    // Ground Truth takes names of up to 256 characters.
    if (typeof name !== "string" || name.trim() === "" || name.length > 256) {
      throw invalid(`Class ${index} has no usable name.`, "a text of 1 to 256 characters", { index });
    }
    if (seen.has(name)) throw invalid(`The class name "${name}" stands twice.`, "different names", { name, index });
    seen.add(name);
  }
}

function chooseColors(names: readonly string[], given: Readonly<Record<string, string | undefined>>): readonly Rgb[] {
  const owner = new Map<string, string>();
  const claim = (name: string, color: Rgb): boolean => {
    const key = color.join();
    if (owner.has(key)) return false;
    owner.set(key, name);
    return true;
  };
  const colors = new Array<Rgb>(names.length);
  for (const [name, text] of Object.entries(given)) {
    const index = names.indexOf(name);
    if (index < 0)
      throw invalid(`A colour is given for "${name}", which is no class.`, `one of: ${names.join(", ")}`, { name });
    const color = parseColor(text ?? "");
    if (color === undefined)
      throw invalid(`The colour of "${name}" is "${text}".`, "a colour written as #rrggbb", { name });
    if (!claim(name, color))
      throw invalid(`The colour ${text} stands for two classes.`, "a colour of its own for each class", { name });
    colors[index] = color;
  }
  for (const [index, name] of names.entries()) {
    for (let step = index; colors[index] === undefined; step++) {
      const color = defaultColor(step);
      if (claim(name, color)) colors[index] = color;
    }
  }
  return Object.freeze(colors.map((color) => Object.freeze(color)));
}

function invalid(message: string, expected: string, where: { name?: string; index?: number } = {}): SegmentationError {
  return new SegmentationError("classes.invalid", `${message} Expected ${expected}.`, { ...where, expected });
}
