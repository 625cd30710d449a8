import { SegmentationError } from "../../core/errors.js";

/** The wire types of protobuf; 3 and 4 are the old groups. */
export const wire = { varint: 0, fixed64: 1, bytes: 2, group: 3, endGroup: 4, fixed32: 5 } as const;

/** Groups within groups that are followed when skipping. */
const maxDepth = 100;

const text = new TextDecoder();

/**
 * A bounds-checked reader of the protobuf wire format over a part of some bytes.
 *
 * Offsets in its errors count from the start of the whole message.
 */
export class WireReader {
  /** Number of the field whose value comes next. */
  field = 0;
  /** Wire type of the value that comes next. */
  type = 0;
  #low = 0;
  #high = 0;

  constructor(
    readonly bytes: Uint8Array,
    /** Where the next byte is read. */
    public at = 0,
    readonly end = bytes.length,
  ) {}

  /** Reads the next tag; false at the end of the message. */
  next(): boolean {
    if (this.at >= this.end) return false;
    const start = this.at;
    this.#readVarint();
    const tag = this.#low;
    this.field = tag >>> 3;
    this.type = tag & 7;
    if (this.#high !== 0 || this.field === 0) throw recordError("A field has no legal number", start, "1 to 536870911");
    if (this.type > 5) throw recordError(`A field has the wire type ${this.type}`, start, "0 to 5");
    return true;
  }

  /** A varint as signed 32-bit number: the low half of its 64 bits. */
  int32(): number {
    this.#readVarint();
    return this.#low | 0;
  }

  /** A varint as unsigned number; beyond 2^53 it is rounded. */
  uint64(): number {
    this.#readVarint();
    return this.#high * 2 ** 32 + this.#low;
  }

  /** Steps over `count` bytes and says where they begin. */
  take(count: number): number {
    if (count > this.end - this.at) {
      throw recordError(`${count} bytes are announced, ${this.end - this.at} are left`, this.at, "a whole message");
    }
    const start = this.at;
    this.at += count;
    return start;
  }

  /** A reader of the length-delimited value that comes next. */
  message(): WireReader {
    this.expect(wire.bytes);
    const length = this.uint64();
    const start = this.take(length);
    return new WireReader(this.bytes, start, start + length);
  }

  /** The bytes of the length-delimited value that comes next, a view. */
  view(): Uint8Array {
    const { at, end } = this.message();
    return this.bytes.subarray(at, end);
  }

  /** The text that comes next. */
  string(): string {
    return text.decode(this.view());
  }

  /** Refuses another wire type than a field has. */
  expect(type: number): void {
    if (this.type === type) return;
    throw recordError(`Field ${this.field} has the wire type ${this.type}`, this.at, `wire type ${type}`);
  }

  /** Steps over the value that comes next. */
  skip(depth = 0): void {
    if (this.type === wire.varint) this.#readVarint();
    else if (this.type === wire.fixed64) this.take(8);
    else if (this.type === wire.bytes) this.take(this.uint64());
    else if (this.type === wire.fixed32) this.take(4);
    else this.#skipGroup(depth);
  }

  #skipGroup(depth: number): void {
    const { field, at } = this;
    if (this.type === wire.endGroup) throw recordError("A group ends that did not begin", at, "a field");
    if (depth >= maxDepth) throw recordError("Groups are nested too deeply", at, `at most ${maxDepth} levels`);
    while (this.next()) {
      if (this.type === wire.endGroup) {
        if (this.field === field) return;
        throw recordError("Another group ends than began", this.at, `the end of group ${field}`);
      }
      this.skip(depth + 1);
    }
    throw recordError("The message ends inside a group", this.at, `the end of group ${field}`);
  }

  /** Reads up to ten bytes into two 32-bit halves. */
  #readVarint(): void {
    const start = this.at;
    let low = 0;
    let high = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      const byte = this.at < this.end ? this.bytes[this.at++]! : undefined;
      if (byte === undefined) throw recordError("The message ends inside a number", this.end, "a whole message");
      const bits = byte & 127;
      if (shift < 28) low |= bits << shift;
      else if (shift === 28) {
        low |= bits << 28;
        high |= bits >> 4;
      } else high |= bits << (shift - 32);
      if (byte < 128) {
        this.#low = low >>> 0;
        this.#high = high >>> 0;
        return;
      }
    }
    throw recordError("A number has more than ten bytes", start, "a varint");
  }
}

/** The error of a damaged or unfit protobuf message. */
export function recordError(
  message: string,
  offset: number,
  expected: string,
  field?: string,
): SegmentationError<"codec.record"> {
  return new SegmentationError(
    "codec.record",
    `${message} (protobuf, byte ${offset}${field === undefined ? "" : `, ${field}`}). Expected ${expected}.`,
    { offset, expected, ...(field === undefined ? {} : { field }) },
  );
}
