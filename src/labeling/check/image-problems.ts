import { labelingLimits } from "../../facts/labeling-limits.js";
import type { SniffedImage } from "../../codec/sniff-image.js";
import type { LabelingFinding, LabelingFindingCode, Report } from "./finding.js";

/** Examples that a finding names. */
const mostExamples = 10;

interface Problem {
  readonly severity: LabelingFinding["severity"];
  readonly text: string;
  readonly advice: string;
}

const [mostWidth, mostHeight] = labelingLimits.automatedImageSize;

const problems = {
  "images.duplicate": {
    severity: "error",
    text: "images stand twice",
    advice: "Name each image once: the others are labeled and paid for again, or fail.",
  },
  "images.unreadable": {
    severity: "error",
    text: "images cannot be read",
    advice: "Check the addresses, and that you and the job's role may read them (s3:GetObject).",
  },
  "images.kind": {
    severity: "error",
    text: "files are no JPEG or PNG images",
    advice: "Ground Truth's segmentation takes .jpg, .jpeg and .png: convert the files, or leave them out.",
  },
  "images.size": {
    severity: "error",
    text: "images are empty or too large",
    advice: `Limits are 40 MB and 100 million pixels; with automated labeling ${mostWidth} x ${mostHeight} pixels.`,
  },
  "images.rotated": {
    severity: "warning",
    text: "images have an EXIF orientation",
    advice:
      "Workers see them as they are stored, not turned, and masks have that size. Turn the pixels before, or train without EXIF.",
  },
} as const satisfies Partial<Record<LabelingFindingCode, Problem>>;

/** Gathers problems of many images into one finding of each kind. */
export class ImageProblems {
  private readonly found = new Map<keyof typeof problems, { count: number; readonly examples: string[] }>();

  add(code: keyof typeof problems, example: string): void {
    const entry = this.found.get(code) ?? { count: 0, examples: [] };
    this.found.set(code, entry);
    entry.count++;
    if (entry.examples.length < mostExamples) entry.examples.push(example);
  }

  report(report: Report): void {
    for (const [code, { count, examples }] of this.found) {
      const { severity, text, advice } = problems[code];
      report({ code, severity, message: `${count} ${text}: ${examples.join(", ")}`, advice, where: examples, count });
    }
  }
}

/** What is wrong with an image, from its first kilobytes. */
export function judgeImage(
  uri: string,
  image: SniffedImage,
  automated: boolean,
): readonly (readonly [code: keyof typeof problems, example: string])[] {
  const { kind, description, width, height, jpeg } = image;
  if (kind === "empty") return [["images.size", `${uri} (0 bytes)`]];
  if (kind !== "jpeg" && kind !== "png") return [["images.kind", `${uri} (${description})`]];
  if (width === undefined || height === undefined) return [["images.kind", `${uri} (damaged)`]];
  const found: (readonly [keyof typeof problems, string])[] = [];
  const tooLarge = automated
    ? Math.max(width, height) > mostWidth || Math.min(width, height) > mostHeight
    : width * height > labelingLimits.imagePixels;
  if (tooLarge) found.push(["images.size", `${uri} (${width} x ${height})`]);
  if (jpeg !== undefined && jpeg.orientation !== 1) {
    found.push(["images.rotated", `${uri} (orientation ${jpeg.orientation})`]);
  }
  return found;
}
