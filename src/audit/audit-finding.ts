/** How much a finding matters: an `error` spoils training, a `warning` may, a `note` is good to know. */
export type AuditSeverity = "error" | "warning" | "note";

/** What a finding is about. */
export type AuditKind =
  | "index-mismatch"
  | "unknown-color"
  | "unknown-index"
  | "blended-edges"
  | "color-map"
  | "unreadable-mask"
  | "unreadable-image"
  | "size-differs"
  | "transposed"
  | "exif-rotation"
  | "empty-mask"
  | "duplicate-image"
  | "shared-mask"
  | "not-palette"
  | "no-colors"
  | "padding-used"
  | "transparent"
  | "class-absent";

/** All kinds of findings, with what they mean and what to do. */
export const auditKinds = {
  "index-mismatch": ["error", "Palette indices do not belong to their colours (as in the jobs of June to September 2020). Training reads indices: rewrite the masks, which an upload of this package does."],
  "unknown-color": ["error", "Pixels have colours of no class. Find out which tool wrote them; they cannot be trained on."],
  "unknown-index": ["error", "Pixels have indices of no class, and there are no colours to go by."],
  "blended-edges": ["warning", "Pixels have colours between those of two classes: the mask was scaled, smoothed or saved as JPEG. Draw it again without anti-aliasing, or scale by nearest neighbour."],
  "color-map": ["error", "The colour map of the line does not fit the class table."],
  "unreadable-mask": ["error", "The mask file is damaged, missing or no PNG."],
  "unreadable-image": ["error", "The image file is damaged, missing, or neither JPEG nor PNG."],
  "size-differs": ["error", "Mask and image differ in size."],
  transposed: ["error", "Width and height of the mask are those of the image exchanged: somebody turned the image by its EXIF orientation, and the mask belongs to the turned one."],
  "exif-rotation": ["warning", "EXIF asks viewers to turn the image. Ground Truth shows it as it is stored; whether training turns it is not documented. Store it upright without the tag."],
  "empty-mask": ["warning", "The mask has background or ignored pixels only."],
  "duplicate-image": ["error", "Two lines label the same image. In both halves of a dataset it would make the validation worthless."],
  "shared-mask": ["error", "Two images have the same mask file."],
  "not-palette": ["warning", "The mask is a colour picture. Training needs indices; an upload of this package writes them."],
  "no-colors": ["note", "Indices were trusted as they are: there are no colours to check them against."],
  "padding-used": ["note", "White palette entries beyond the colour map were read as background."],
  transparent: ["note", "Transparent pixels were read as background."],
  "class-absent": ["warning", "A class occurs in no mask: it cannot be learned."],
} as const satisfies Readonly<Record<AuditKind, readonly [severity: AuditSeverity, advice: string]>>; // prettier-ignore

/** One thing that an audit found in one image or mask. */
export interface AuditFinding {
  /** What it is; {@link AuditReport.kinds} says what it means and what to do. */
  readonly kind: AuditKind;
  /** How much it matters. */
  readonly severity: AuditSeverity;
  /** One sentence with the numbers. */
  readonly message: string;
  /** Line of the manifest, from 1. */
  readonly line: number;
  /** The image of the line. */
  readonly imageUri: string;
  /** Its mask. */
  readonly maskUri: string;
  /** Pixels concerned, where pixels are. */
  readonly pixels?: number;
  /** Share of the mask's pixels, 0 to 1. */
  readonly share?: number;
}

/** How often a kind of finding came up. */
export interface AuditKindSummary {
  /** What was found. */
  readonly kind: AuditKind;
  /** How much it matters. */
  readonly severity: AuditSeverity;
  /** What it means and what to do. */
  readonly advice: string;
  /** Images concerned. */
  readonly images: number;
  /** Pixels concerned, over all images. */
  readonly pixels: number;
  /** The first findings of the kind, at most ten. */
  readonly examples: readonly AuditFinding[];
}

/** A finding before it is known which line it is about. */
export interface FoundInMask {
  readonly kind: AuditKind;
  readonly message: string;
  readonly pixels?: number;
}
