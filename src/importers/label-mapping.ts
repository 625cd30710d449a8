import { closestName } from "../core/closest-name.js";
import { SegmentationError } from "../core/errors.js";
import type { ClassTable } from "../mask/classes.js";
import { type Place, placeText } from "./import-error.js";
import type { ImportOptions, LabelTarget } from "./import-options.js";

/** Turns labels of an export into class indices. */
export interface LabelMapping {
  /** Index of pixels that nobody labeled. */
  readonly unlabeled: number;
  /** Index of a label; `undefined` when it is not drawn. Throws `import.label`. */
  indexOf(label: string, place: Place): number | undefined;
  /** Throws one `import.label` that names all labels without a class. */
  check(labels: Iterable<string>, place: Place): void;
}

/** What a format itself says of labels, where the user says nothing. */
export interface FormatRules {
  /** Pixels that nobody labeled; default `background`, class 0. */
  readonly unlabeled?: "background" | "ignored";
  /** Labels that the format itself gives a meaning, when they are no classes. */
  readonly known?: ReadonlyMap<string, "background" | "ignored">;
}

/**
 * Makes the mapping from a user's options.
 *
 * @throws `classes.unknown` for a target that is no class.
 */
export function labelMapping<Name extends string>(
  classes: ClassTable<Name>,
  { labels = {}, otherLabels, unlabeled }: ImportOptions<Name>,
  { unlabeled: formatUnlabeled = "background", known = new Map() }: FormatRules = {},
): LabelMapping {
  const target = (to: LabelTarget<Name>): number | undefined =>
    to === false ? undefined : to === null ? classes.ignoreIndex : classes.indexOf(to);
  const given = new Map(Object.entries<LabelTarget<Name>>(labels).map(([label, to]) => [label, target(to)]));
  const others = otherLabels === undefined ? undefined : { index: target(otherLabels) };
  const meaning = { background: 0, ignored: classes.ignoreIndex };

  function find(label: string): { readonly index: number | undefined } | undefined {
    if (given.has(label)) return { index: given.get(label) };
    if (classes.has(label)) return { index: classes.indexOf(label) };
    const rule = known.get(label);
    return rule === undefined ? others : { index: meaning[rule] };
  }

  return {
    unlabeled:
      unlabeled === undefined
        ? meaning[formatUnlabeled]
        : unlabeled === null
          ? classes.ignoreIndex
          : classes.indexOf(unlabeled),
    indexOf(label, place) {
      const found = find(label);
      if (found === undefined) throw unknownLabels([label], classes.names, place);
      return found.index;
    },
    check(all, place) {
      const unknown = [...new Set(all)].filter((label) => find(label) === undefined);
      if (unknown.length > 0) throw unknownLabels(unknown, classes.names, place);
    },
  };
}

function unknownLabels(
  labels: readonly string[],
  known: readonly string[],
  place: Place,
): SegmentationError<"import.label"> {
  const shown = labels
    .slice(0, 20)
    .map((label) => {
      const near = closestName(label, known);
      return `"${label}"${near === undefined ? "" : ` (near "${near}")`}`;
    })
    .join(", ");
  const more = labels.length > 20 ? ` and ${labels.length - 20} more` : "";
  return new SegmentationError(
    "import.label",
    `${placeText(place)}: no class for the label ${shown}${more}. Expected one of ${known.join(", ")}, or an entry for it in "labels", or "otherLabels".`,
    { ...place, label: labels[0]!, known },
  );
}
