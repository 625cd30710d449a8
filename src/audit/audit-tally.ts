import type { SegmentationError } from "../core/errors.js";
import { recordByClass } from "../mask/class-record.js";
import type { FailedEntry, LabeledEntry, UntouchedEntry } from "../manifest/entry.js";
import type { ClassTable } from "../mask/classes.js";
import type { Mask } from "../mask/mask.js";
import { auditKinds } from "./audit-finding.js";
import type { AuditFinding, AuditKind, AuditKindSummary, FoundInMask } from "./audit-finding.js";
import type { AuditContent, PicturedEntry } from "./audit-content.js";

/** Most findings that are kept one by one; all are counted. */
const maxFindings = 10_000;
const examplesOfKind = 10;
const picturesOfKind = 3;
const maxSkippedLines = 100;

interface KindTally {
  images: number;
  pixels: number;
  readonly examples: AuditFinding[];
}

/** Adds up what an audit finds, in the order of the manifest. */
export class AuditTally<Name extends string> {
  readonly #classes: ClassTable<Name>;
  readonly #maxPictures: number;
  readonly #counts = { images: 0, clean: 0, labeled: 0, failed: 0, untouched: 0, skipped: 0 };
  readonly #kinds = new Map<AuditKind, KindTally>();
  readonly #findings: AuditFinding[] = [];
  readonly #pictured: PicturedEntry[] = [];
  readonly #shown = new Map<AuditKind, number>();
  readonly #skippedLines: string[] = [];
  readonly #lineOfImage = new Map<string, number>();
  readonly #lineOfMask = new Map<string, number>();
  readonly #pixels: number[];
  readonly #images: number[];
  #ignored = 0;
  #total = 0;

  constructor(classes: ClassTable<Name>, maxPictures: number) {
    this.#classes = classes;
    this.#maxPictures = maxPictures;
    this.#pixels = new Array<number>(classes.count).fill(0);
    this.#images = new Array<number>(classes.count).fill(0);
  }

  skipped(error: SegmentationError<"manifest.line">): void {
    this.#counts.skipped++;
    if (this.#skippedLines.length < maxSkippedLines) this.#skippedLines.push(error.message);
  }

  unlabeled({ state }: FailedEntry | UntouchedEntry): void {
    this.#counts.images++;
    this.#counts[state]++;
  }

  add(entry: LabeledEntry, mask: Mask<Name> | undefined, found: readonly FoundInMask[]): void {
    this.#counts.images++;
    this.#counts.labeled++;
    const area = mask === undefined ? 0 : mask.width * mask.height;
    const findings = merged([...found, ...this.#repeats(entry)]).map(({ kind, message, pixels }): AuditFinding => ({
      kind,
      severity: auditKinds[kind][0],
      message,
      line: entry.line,
      imageUri: entry.imageUri,
      maskUri: entry.maskUri,
      ...(pixels === undefined ? {} : { pixels, ...(area === 0 ? {} : { share: pixels / area }) }),
    }));
    if (mask !== undefined) this.#balance(mask);
    if (findings.length === 0) this.#counts.clean++;
    for (const finding of findings) this.#keep(finding);
    this.#picture(entry, findings);
  }

  /** The images to show, in the order of the manifest. */
  pictured(): readonly PicturedEntry[] {
    return this.#pictured;
  }

  finish(uri: string): Omit<AuditContent<Name>, "pictures"> {
    const classes = this.#classes;
    const counted = this.#total - this.#ignored;
    const absent = this.#counts.labeled === 0 ? [] : classes.names.filter((_, index) => this.#images[index] === 0);
    const kinds = (Object.keys(auditKinds) as AuditKind[]).flatMap((kind): AuditKindSummary[] => {
      const [severity, advice] = auditKinds[kind];
      if (kind === "class-absent")
        return absent.length === 0
          ? []
          : [{ kind, severity, advice: `${advice} Absent: ${absent.join(", ")}.`, images: 0, pixels: 0, examples: [] }];
      const tally = this.#kinds.get(kind);
      return tally === undefined ? [] : [{ kind, severity, advice, ...tally }];
    });
    return {
      uri,
      classes,
      counts: this.#counts,
      kinds,
      findings: this.#findings,
      skippedLines: this.#skippedLines,
      absentClasses: absent,
      ignoredPixels: this.#ignored,
      balance: recordByClass(classes, (index) => ({
        pixels: this.#pixels[index] ?? 0,
        share: counted === 0 ? 0 : (this.#pixels[index] ?? 0) / counted,
        images: this.#images[index] ?? 0,
      })),
    };
  }

  #repeats({ imageUri, maskUri, line }: LabeledEntry): FoundInMask[] {
    const found: FoundInMask[] = [];
    const [image, mask] = [this.#lineOfImage.get(imageUri), this.#lineOfMask.get(maskUri)];
    if (image === undefined) this.#lineOfImage.set(imageUri, line);
    else found.push({ kind: "duplicate-image", message: `The image is labeled in line ${image} as well.` });
    if (mask === undefined) this.#lineOfMask.set(maskUri, line);
    else if (image === undefined)
      found.push({ kind: "shared-mask", message: `The mask stands in line ${mask} as well.` });
    return found;
  }

  #balance(mask: Mask<Name>): void {
    const counts = mask.counts();
    for (const [index, name] of this.#classes.names.entries()) {
      this.#pixels[index]! += counts[name];
      if (counts[name] > 0) this.#images[index]! += 1;
    }
    this.#ignored += mask.ignored();
    this.#total += mask.width * mask.height;
  }

  #keep(finding: AuditFinding): void {
    if (this.#findings.length < maxFindings) this.#findings.push(finding);
    let tally = this.#kinds.get(finding.kind);
    if (tally === undefined) this.#kinds.set(finding.kind, (tally = { images: 0, pixels: 0, examples: [] }));
    tally.images++;
    tally.pixels += finding.pixels ?? 0;
    if (tally.examples.length < examplesOfKind) tally.examples.push(finding);
  }

  #picture(entry: LabeledEntry, findings: readonly AuditFinding[]): void {
    if (this.#pictured.length >= this.#maxPictures) return;
    if (!findings.some(({ kind }) => (this.#shown.get(kind) ?? 0) < picturesOfKind)) return;
    for (const { kind } of findings) this.#shown.set(kind, (this.#shown.get(kind) ?? 0) + 1);
    this.#pictured.push({ entry, findings });
  }
}

/** One finding of a kind for each mask: its pixels are added, the sentences follow each other. */
function merged(found: readonly FoundInMask[]): readonly FoundInMask[] {
  const byKind = new Map<AuditKind, FoundInMask>();
  for (const one of found) {
    const other = byKind.get(one.kind);
    if (other === undefined) {
      byKind.set(one.kind, one);
      continue;
    }
    const pixels = (one.pixels ?? 0) + (other.pixels ?? 0);
    byKind.set(one.kind, {
      kind: one.kind,
      message: `${other.message} ${one.message}`.slice(0, 2000),
      ...(pixels === 0 ? {} : { pixels }),
    });
  }
  return [...byKind.values()];
}
