import { SegmentationError } from "../core/errors.js";
import type { ArtifactLimits } from "./limits.js";

/** Walks through a weights file; every step is checked against what is left, and errors say the byte. */
export class ParamsCursor {
  /** Position of the next byte. */
  at = 0;
  /** Says which array is being read, for errors: its name where the file still tells it. */
  place: () => { readonly array?: string; readonly words: string } = () => ({ words: "" });
  private readonly view: DataView;

  constructor(
    readonly bytes: Uint8Array,
    readonly file: string,
    readonly limits: ArtifactLimits,
  ) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Bytes that are left. */
  get left(): number {
    return this.bytes.length - this.at;
  }

  i32(what: string): number {
    return this.view.getInt32(this.step(4, what), true);
  }

  u32(what: string): number {
    return this.view.getUint32(this.step(4, what), true);
  }

  /** A 64-bit number without sign. Above 2^53 - 1 it is no count of anything that can be in memory. */
  u64(what: string): number {
    const value = this.view.getBigUint64(this.step(8, what), true);
    if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw this.damaged(`${what} below 2^53`, this.at - 8, String(value));
    return Number(value);
  }

  i64(what: string): number {
    const value = this.view.getBigInt64(this.step(8, what), true);
    const number = Number(value);
    if (!Number.isSafeInteger(number)) throw this.damaged(`${what} below 2^53`, this.at - 8, String(value));
    return number;
  }

  /** The next bytes as a view. */
  take(count: number, what: string): Uint8Array {
    const start = this.step(count, what);
    return this.bytes.subarray(start, start + count);
  }

  /** An error at a byte. */
  damaged(expected: string, offset: number, found: string): SegmentationError<"artifact.damaged"> {
    const { array, words } = this.place();
    return new SegmentationError(
      "artifact.damaged",
      `${this.file} is damaged at byte ${offset}${words}: found ${found}, expected ${expected}.`,
      { file: this.file, offset, expected, ...(array === undefined ? {} : { array }) },
    );
  }

  /** Throws when a count is above one of the limits. */
  within(what: keyof ArtifactLimits, actual: number, offset: number): void {
    const limit = this.limits[what];
    if (actual <= limit) return;
    const { array, words } = this.place();
    throw new SegmentationError(
      "artifact.limit",
      `${this.file} asks for ${actual} at byte ${offset}${words}; the limit ${what} is ${limit}.`,
      { file: this.file, what, limit, actual, offset, ...(array === undefined ? {} : { array }) },
    );
  }

  private step(count: number, what: string): number {
    if (count > this.left) throw this.damaged(`${what}, ${count} bytes`, this.at, `the end after ${this.left}`);
    const start = this.at;
    this.at += count;
    return start;
  }
}
