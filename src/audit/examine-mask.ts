import { SegmentationError } from "../core/errors.js";
import type { LabeledEntry } from "../manifest/entry.js";
import { decodeGroundTruthMask } from "../manifest/ground-truth-mask.js";
import type { MaskFinding } from "../manifest/mask-findings.js";
import type { ClassTable } from "../mask/classes.js";
import { createMask } from "../mask/mask-value.js";
import type { Mask } from "../mask/mask.js";
import type { AuditKind, FoundInMask } from "./audit-finding.js";
import { paintedPixels } from "./painted-pixels.js";

/** What one mask file holds. */
export interface ExaminedMask<in out Name extends string> {
  /** The mask, pixels of no class ignored; `undefined` when the file cannot be read. */
  readonly mask: Mask<Name> | undefined;
  readonly findings: readonly FoundInMask[];
}

const kindOf: Readonly<Record<MaskFinding["kind"], AuditKind>> = {
  "index-mismatch": "index-mismatch",
  "padding-used": "padding-used",
  "no-colors": "no-colors",
  "not-palette": "not-palette",
  transparent: "transparent",
  "half-transparent": "blended-edges",
};

/** Looks at a mask file; what is wrong with it is a finding and no error. */
export function examineMask<Name extends string>(
  png: Uint8Array,
  { colorMap, maskUri }: Pick<LabeledEntry, "colorMap" | "maskUri">,
  classes: ClassTable<Name>,
): ExaminedMask<Name> {
  try {
    const { mask, findings } = decodeGroundTruthMask(png, colorMap, classes, { uri: maskUri });
    const found = findings.map(({ kind, message, pixels }) => ({ kind: kindOf[kind], message, pixels }));
    return { mask, findings: [...found, ...emptiness(mask)] };
  } catch (error) {
    if (SegmentationError.is(error, "manifest.color-map"))
      return { mask: undefined, findings: [{ kind: "color-map", message: error.message }] };
    if (SegmentationError.is(error, "codec"))
      return { mask: undefined, findings: [{ kind: "unreadable-mask", message: error.message }] };
    if (!SegmentationError.is(error, "mask")) throw error;
    return examinePixels(png, colorMap, classes);
  }
}

function examinePixels<Name extends string>(
  png: Uint8Array,
  colorMap: LabeledEntry["colorMap"],
  classes: ClassTable<Name>,
): ExaminedMask<Name> {
  const { width, height, data, counts, unknownColors, byColor } = paintedPixels(png, colorMap, classes);
  const mask = createMask(width, height, data, classes);
  const findings: FoundInMask[] = [];
  const add = (kind: AuditKind, pixels: number, what: string): void => {
    if (pixels > 0) findings.push({ kind, pixels, message: `${pixels} pixels ${what}.` });
  };
  const colors = unknownColors.map(([color, pixels]) => `${color} (${pixels})`).join(", ");
  add("index-mismatch", counts["index-mismatch"], "have another palette index than their colour");
  if (byColor) add("unknown-color", counts.unknown, `have a colour of no class: ${colors}`);
  else add("unknown-index", counts.unknown, "have an index of no class");
  add("blended-edges", counts.blended, "have a colour between those of two classes");
  return { mask, findings: [...findings, ...emptiness(mask)] };
}

function emptiness<Name extends string>(mask: Mask<Name>): readonly FoundInMask[] {
  const { classes, data } = mask;
  const painted = data.some((index) => index !== 0 && index !== classes.ignoreIndex);
  if (painted) return [];
  const ignored = mask.ignored();
  const what =
    ignored === 0 ? "background" : ignored === data.length ? "ignored pixels" : "background and ignored pixels";
  return [{ kind: "empty-mask", message: `The mask has nothing but ${what}.`, pixels: data.length }];
}
