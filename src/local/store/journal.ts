import { appendFileSync, readFileSync, renameSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { SegmentationError } from "../../core/errors.js";

/**
 * A file of JSON lines, appended line by line. A line that a kill cut off has no end and does not count.
 *
 * Written synchronously: an appended line, the move of the bytes and the change of the index are one step that no other
 * request can come between. No fsync: the promise is about a killed process, not about a power cut.
 */
export class Journal<Line> {
  private constructor(
    private readonly path: string,
    private length: number,
    private lines: number,
  ) {}

  /**
   * Opens or begins a journal and gives its lines to `each`, in order.
   *
   * @throws `local.state` for a line that is whole and still no JSON.
   */
  static open<Line>(path: string, each: (line: Line) => void): Journal<Line> {
    const bytes = readIfThere(path);
    const whole = bytes.lastIndexOf(0x0a) + 1;
    if (whole < bytes.length) truncateSync(path, whole);
    const lines = eachLine(bytes.subarray(0, whole), path, (line) => each(line as Line)); // only this module writes it
    return new Journal<Line>(path, whole, lines);
  }

  /** How many lines the file has, outdated ones included. */
  get size(): number {
    return this.lines;
  }

  /** Gives all lines to `each` once more, in order. */
  read(each: (line: Line) => void): void {
    eachLine(readIfThere(this.path).subarray(0, this.length), this.path, (line) => each(line as Line));
  }

  /** Adds lines: all of them or, when that fails, none. */
  append(added: readonly Line[]): void {
    const bytes = Buffer.from(added.map((line) => JSON.stringify(line) + "\n").join(""));
    try {
      appendFileSync(this.path, bytes);
    } catch (error) {
      // Disk full in the middle of a line: without this the next line would be glued to the rest.
      if (statSync(this.path, { throwIfNoEntry: false }) !== undefined) truncateSync(this.path, this.length);
      throw error;
    }
    this.length += bytes.length;
    this.lines += added.length;
  }

  /** Replaces all lines, by a rename. */
  rewrite(lines: Iterable<Line>): void {
    const texts: string[] = [];
    for (const line of lines) texts.push(JSON.stringify(line) + "\n");
    const bytes = Buffer.from(texts.join(""));
    writeFileSync(`${this.path}.new`, bytes);
    renameSync(`${this.path}.new`, this.path);
    this.length = bytes.length;
    this.lines = texts.length;
  }
}

/** Parses one line after the other, so that no more than one is there as text. */
function eachLine(bytes: Buffer, path: string, each: (line: unknown) => void): number {
  let lines = 0;
  for (let begin = 0; begin < bytes.length; lines++) {
    const end = bytes.indexOf(0x0a, begin);
    each(parse(bytes.toString("utf8", begin, end), path, lines + 1));
    begin = end + 1;
  }
  return lines;
}

function readIfThere(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return Buffer.alloc(0);
    throw error;
  }
}

function parse(text: string, path: string, line: number): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new SegmentationError(
      "local.state",
      `Line ${line} of ${path} cannot be read.`,
      { file: path, expected: `JSON on line ${line}` },
      { cause },
    );
  }
}
