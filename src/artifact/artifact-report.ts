import type { ArrayProblem } from "../core/error-details.js";
import type { ArrayStatistics } from "./array-statistics.js";
import type { ArrayType, ArtifactFile, ModelVariant } from "./artifact.js";

/** What a report tells of one array. */
export interface ArrayReport {
  /** Its name, e.g. `layer1.0.conv1.weight`. */
  readonly name: string;
  /** Sizes of its dimensions, outermost first. */
  readonly shape: readonly number[];
  /** Element type. */
  readonly type: ArrayType;
  /** Where its elements start, in bytes from the start of the weights file. */
  readonly offset: number;
  /** Number of elements. */
  readonly elements: number;
  /** What its numbers are like. */
  readonly statistics: ArrayStatistics;
}

/** What {@link inspectArtifact} found. All of it is plain data: `JSON.stringify` keeps it whole. */
export interface ArtifactReport {
  /** All plain files of the archive, in its order. */
  readonly files: readonly ArtifactFile[];
  /** The file whose weights were looked at; missing when the archive has none. */
  readonly weightsFile?: string;
  /** SHA-256 of that file's bytes, small hexadecimal letters. */
  readonly sha256?: string;
  /** Settings of the training job as `hyperparams.json` has them, all as text. */
  readonly hyperparameters?: Readonly<Record<string, string>>;
  /** Which of the algorithm's networks it is; missing when it is none of them. */
  readonly variant?: ModelVariant;
  /** Why there is no `variant`, in words. */
  readonly explanation?: string;
  /** Every array, in the order of the file. */
  readonly arrays: readonly ArrayReport[];
  /** Number of elements of all arrays. */
  readonly parameters: number;
  /** What is wrong with the arrays; empty also when there is no `variant` to compare with. */
  readonly problems: readonly ArrayProblem[];
  /** Things to know that do not stop a conversion, e.g. settings that contradict the weights. */
  readonly warnings: readonly string[];
  /** Whether this is a network of the algorithm and nothing is wrong with it: it can be converted. */
  readonly sound: boolean;
  /**
   * The report for people to read, lines of plain text.
   *
   * @param options - `arrays: false` leaves out the table of arrays.
   */
  toText(options?: { readonly arrays?: boolean }): string;
}

/** Writes a report as text. */
export function reportText(
  report: Omit<ArtifactReport, "toText">,
  { arrays = true }: { readonly arrays?: boolean },
): string {
  const { variant, problems, warnings } = report;
  const lines = [
    ...section(
      "Files",
      report.files.map(({ name, bytes }) => `${bytes.toLocaleString("en-US").padStart(13)}  ${name}`),
    ),
    ...section(
      "Settings",
      Object.entries(report.hyperparameters ?? {}).map(([key, value]) => `${key} = ${value}`),
    ),
    ...section("Network", networkLines(report)),
    ...section(
      "Problems",
      problems.map(({ array, message }) => `${quoted(array)} ${message}`),
    ),
    ...section("Warnings", warnings),
    ...(arrays ? section("Arrays", arrayTable(report.arrays)) : []),
    variant === undefined
      ? "This is no model of the algorithm."
      : problems.length === 0
        ? "The model is whole."
        : `The model has ${problems.length} ${problems.length === 1 ? "problem" : "problems"}.`,
  ];
  // Names come out of somebody's file: no control character reaches a terminal.
  return `${lines.map((line) => line.replace(/\p{Cc}/gu, "?")).join("\n")}\n`;
}

function networkLines({ variant, explanation, ...report }: Omit<ArtifactReport, "toText">): readonly string[] {
  const weights =
    report.weightsFile === undefined
      ? []
      : [
          `weights      ${report.weightsFile}: ${report.arrays.length} arrays, ${report.parameters.toLocaleString("en-US")} numbers`,
          `SHA-256      ${report.sha256 ?? ""}`,
        ];
  if (variant === undefined) return [`none of the algorithm's: ${explanation ?? ""}`, ...weights];
  return [
    `algorithm    ${variant.algorithm}`,
    `backbone     ${variant.backbone}`,
    `classes      ${variant.classes}`,
    `aux head     ${variant.aux ? "yes, not needed for predictions" : "no"}`,
    `number type  ${variant.type}`,
    ...weights,
  ];
}

function arrayTable(arrays: readonly ArrayReport[]): readonly string[] {
  const head = ["name", "type", "shape", "min", "max", "mean", "std", "zeros", "not finite"];
  const rows = arrays.map(({ name, type, shape, statistics: { min, max, mean, std, zeros, nonFinite } }) => [
    quoted(name),
    type,
    `[${shape.join(", ")}]`,
    ...[min, max, mean, std].map((value) => (value === undefined ? "-" : value.toPrecision(4))),
    String(zeros),
    String(nonFinite),
  ]);
  const table = rows.length === 0 ? [] : [head, ...rows];
  const widths = head.map((_, column) => table.reduce((width, row) => Math.max(width, row[column]!.length), 0));
  return table.map((row) =>
    row
      .map((cell, column) => (column < 3 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!)))
      .join("  ")
      .trimEnd(),
  );
}

/** A name as it is, or in quotes where blanks and the like would hide. */
function quoted(name: string): string {
  return /^[\w.:-]+$/.test(name) ? name : JSON.stringify(name);
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [title, ...lines.map((line) => `  ${line}`), ""];
}
