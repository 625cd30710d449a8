import { stderr } from "node:process";

/** One report of long work. */
export interface Progress {
  /** What is going on, e.g. `"upload"`. */
  readonly task: string;
  /** Units done so far. */
  readonly done: number;
  /** Units in all, when known. */
  readonly total?: number;
  /** What is counted, e.g. `"images"`. */
  readonly unit: string;
  /** A word on the latest step. */
  readonly detail?: string;
  /** Bytes done so far, where bytes are moved: those of copies inside S3 included. */
  readonly bytes?: number;
  /** Bytes in all, when known. */
  readonly totalBytes?: number;
}

/** `true` draws a bar on a terminal and prints plain lines elsewhere; a function gets the numbers. */
export type ProgressOption = boolean | ((progress: Progress) => void);

/** Options of every long piece of work. */
export interface WorkOptions {
  /** Ends our waiting with the signal's own reason; what runs on AWS goes on. */
  readonly signal?: AbortSignal;
  /** Default `false`. */
  readonly progress?: ProgressOption;
}

/** Bytes of a task. */
export interface ByteProgress {
  readonly done: number;
  readonly total: number;
}

/** Reports progress of one task. */
export interface ProgressReporter {
  report(done: number, total?: number, detail?: string, bytes?: ByteProgress): void;
  /** Ends the line of a terminal bar. */
  end(): void;
}

/** Makes a reporter for one task from what the caller asked for. */
export function progressReporter(option: ProgressOption | undefined, task: string, unit: string): ProgressReporter {
  if (option === undefined || option === false) return { report: () => undefined, end: () => undefined };
  if (typeof option === "function") {
    return {
      report: (done, total, detail, bytes) =>
        option({
          task,
          done,
          unit,
          ...(total === undefined ? {} : { total }),
          ...(detail === undefined ? {} : { detail }),
          ...(bytes === undefined ? {} : { bytes: bytes.done, totalBytes: bytes.total }),
        }),
      end: () => undefined,
    };
  }
  return stderr.isTTY ? terminalBar(task, unit) : plainLines(task, unit);
}

function terminalBar(task: string, unit: string): ProgressReporter {
  let drawn = false;
  return {
    report(done, total, word, bytes) {
      const detail = withBytes(word, bytes);
      const share = total === undefined || total === 0 ? undefined : Math.min(1, done / total);
      const bar = share === undefined ? "" : ` [${"#".repeat(Math.round(share * 24)).padEnd(24, ".")}]`;
      const line = `${task}${bar} ${countText(done, total)} ${unit}${detail === undefined ? "" : `  ${printable(detail)}`}`;
      // A terminal of unknown width (columns missing or 0) counts as 80 wide.
      stderr.write(`\r\u001b[2K${line.slice(0, Math.max(20, (stderr.columns || 80) - 1))}`);
      drawn = true;
    },
    end() {
      if (drawn) stderr.write("\n");
    },
  };
}

/** At most a line every two seconds, and the last one. */
function plainLines(task: string, unit: string): ProgressReporter {
  let printedAt = 0;
  let pending: string | undefined;
  return {
    report(done, total, word, bytes) {
      const detail = withBytes(word, bytes);
      const line = `${task}: ${countText(done, total)} ${unit}${detail === undefined ? "" : `, ${printable(detail)}`}\n`;
      const now = Date.now();
      if (now - printedAt >= 2000) {
        stderr.write(line);
        printedAt = now;
        pending = undefined;
      } else pending = line;
    },
    end() {
      if (pending !== undefined) stderr.write(pending);
      pending = undefined;
    },
  };
}

function withBytes(detail: string | undefined, bytes: ByteProgress | undefined): string | undefined {
  if (bytes === undefined) return detail;
  const megabytes = (count: number): string => (count / 1e6).toFixed(1);
  const text = `${megabytes(bytes.done)}/${megabytes(bytes.total)} MB`;
  return detail === undefined ? text : `${text}, ${detail}`;
}

function countText(done: number, total: number | undefined): string {
  return total === undefined ? String(done) : `${done}/${total}`;
}

/** Details hold file names, other people's text: no control character reaches the terminal. */
function printable(detail: string): string {
  return detail.replace(/\p{Cc}/gu, "?");
}
