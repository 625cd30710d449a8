/** What a finding of a check is about. */
export type DatasetFindingCode =
  | "missing-file"
  | "image-unreadable"
  | "mask-unreadable"
  | "mask-mode"
  | "mask-value"
  | "size-differs"
  | "image-in-both"
  | "stray-file"
  | "class-never"
  | "class-not-trained"
  | "class-not-validated"
  | "image-twice"
  | "exif-rotation"
  | "png-image";

/** All findings of a check: severity, what it means, what to do. */
const kinds = {
  "missing-file": ["error", "Files of the dataset are gone.", "Run the upload again: it writes what is missing."],
  "image-unreadable": ["error", "Images are damaged, or no images.", "Replace them and make the dataset anew."],
  "mask-unreadable": ["error", "Masks are damaged, or no PNG files.", "Run the upload again."],
  "mask-mode": ["error", "Masks are not 8-bit PNGs with one channel, which training reads.", "Rewrite them; an upload of this package writes palette PNGs."],
  "mask-value": ["error", "Masks have values that are no class and not the ignore index.", "Say with `values` what they mean, or ignore them."],
  "size-differs": ["error", "Masks differ from their images in size.", "Find out which of the two was changed."],
  "image-in-both": ["error", "The same image trains and validates: its score says nothing.", "Remove one, or split by group."],
  "stray-file": ["warning", "Files that are not of the dataset lie in its channels; training would read them.", "Remove them."],
  "class-never": ["warning", "Classes occur in no mask.", "Leave them out of the class table, or label some."],
  "class-not-trained": ["warning", "Classes occur in validation masks only: they cannot be learned.", "Split stratified, or with another seed."],
  "class-not-validated": ["warning", "Classes occur in training masks only: they are not measured.", "Split stratified, or with another seed."],
  "image-twice": ["warning", "The same image is there twice.", "Remove one."],
  "exif-rotation": ["warning", "EXIF asks viewers to turn images; whether training turns them is not documented.", "Store them upright without the tag."],
  "png-image": ["warning", "PNG images are not documented for training; one public job with them worked.", "Convert them to JPEG."],
} as const satisfies Readonly<Record<DatasetFindingCode, readonly [severity: "error" | "warning", message: string, advice: string]>>; // prettier-ignore

/** One kind of problem that a check of a dataset found. */
export interface DatasetFinding {
  /** The kind, for programs. */
  readonly code: DatasetFindingCode;
  /** An `error` spoils training or its scores, a `warning` may. */
  readonly severity: "error" | "warning";
  /** What it means. */
  readonly message: string;
  /** What to do. */
  readonly advice: string;
  /** How many files or classes it is about. */
  readonly count: number;
  /** The first of them by name, at most ten. */
  readonly examples: readonly string[];
}

/** What a check found. */
export interface DatasetCheck {
  /** Whether nothing of severity `error` was found. */
  readonly ok: boolean;
  /** What was found, errors first; empty when all is well. */
  readonly findings: readonly DatasetFinding[];
}

const examplesOfKind = 10;

/** Collects findings by kind. */
export class FindingList {
  readonly #found = new Map<DatasetFindingCode, string[]>();

  add(code: DatasetFindingCode, what: string): void {
    const found = this.#found.get(code);
    if (found === undefined) this.#found.set(code, [what]);
    else found.push(what);
  }

  /** Errors first, in a fixed order, whatever order they came in. */
  list(): readonly DatasetFinding[] {
    return (Object.keys(kinds) as DatasetFindingCode[]).flatMap((code) => {
      const found = this.#found.get(code);
      if (found === undefined) return [];
      const [severity, message, advice] = kinds[code];
      const examples = [...found].sort().slice(0, examplesOfKind);
      return [{ code, severity, message, advice, count: found.length, examples }];
    });
  }
}
