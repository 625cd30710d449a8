import { recordError, wire } from "./wire-reader.js";

/** A step that may have to wait for more bytes: it yields, and goes on after {@link PieceReader.give}. */
export type Step<Result> = Generator<undefined, Result, undefined>;

/** Groups within groups that are followed when skipping; as for whole messages. */
const maxDepth = 100;

/**
 * Reads the protobuf wire format from bytes that arrive in pieces, none of which is kept.
 *
 * Offsets count from the start of the message; `end` is where the enclosing message ends, `Infinity` for the outermost.
 */
export class PieceReader {
  #piece: Uint8Array = new Uint8Array(0);
  #next = 0;
  /** Offset of the piece. */
  #start = 0;
  #closed = false;
  /** Field number and wire type of the tag that was read last. */
  field = 0;
  type = 0;
  /** The halves of the varint that was read last. */
  low = 0;
  high = 0;

  /** Offset of the next byte. */
  get at(): number {
    return this.#start + this.#next;
  }

  /** Hands over the next piece; the one before must be read. */
  give(piece: Uint8Array): void {
    this.#start += this.#piece.length;
    this.#piece = piece;
    this.#next = 0;
  }

  /** Says that no more pieces come. */
  close(): void {
    this.#closed = true;
  }

  /** Waits until there is a byte; false at the end of all. */
  *more(): Step<boolean> {
    while (this.#next === this.#piece.length) {
      if (this.#closed) return false;
      yield;
    }
    return true;
  }

  /** What is there, at least a byte and at most `most`; a view. */
  *some(most: number): Step<Uint8Array> {
    if (!(yield* this.more())) throw recordError("The message ends inside a value", this.at, `${most} bytes more`);
    const from = this.#next;
    this.#next = Math.min(this.#piece.length, from + most);
    return this.#piece.subarray(from, this.#next);
  }

  /** Exactly `count` bytes, copied; the caller has bounded them. */
  *exactly(count: number): Step<Uint8Array> {
    const bytes = new Uint8Array(count);
    for (let filled = 0; filled < count;) {
      const part = yield* this.some(count - filled);
      bytes.set(part, filled);
      filled += part.length;
    }
    return bytes;
  }

  /** Steps over bytes. */
  *pass(count: number): Step<void> {
    for (let left = count; left > 0;) left -= (yield* this.some(left)).length;
  }

  /** Reads the next tag; false at the end of the message. */
  *tag(end: number): Step<boolean> {
    if (this.at >= end) return false;
    if (!(yield* this.more())) {
      if (end === Infinity) return false;
      throw recordError("The message ends early", this.at, `${end - this.at} bytes more`);
    }
    const start = this.at;
    yield* this.varint(end);
    this.field = this.low >>> 3;
    this.type = this.low & 7;
    if (this.high !== 0 || this.field === 0) throw recordError("A field has no legal number", start, "1 to 536870911");
    if (this.type > 5) throw recordError(`A field has the wire type ${this.type}`, start, "0 to 5");
    return true;
  }

  /** Reads a varint of up to ten bytes into `low` and `high`, both unsigned. */
  *varint(end: number): Step<void> {
    const start = this.at;
    let low = 0;
    let high = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      const byte = this.at < end && (this.#next < this.#piece.length || (yield* this.more()));
      if (!byte) throw recordError("The message ends inside a number", this.at, "a whole message");
      const value = this.#piece[this.#next++]!;
      const bits = value & 127;
      if (shift < 28) low |= bits << shift;
      else if (shift === 28) {
        low |= bits << 28;
        high |= bits >> 4;
      } else high |= bits << (shift - 32);
      if (value < 128) {
        this.low = low >>> 0;
        this.high = high >>> 0;
        return;
      }
    }
    throw recordError("A number has more than ten bytes", start, "a varint");
  }

  /** Reads the length of the value that comes next, says where it ends. Refused where the enclosing message ends before. */
  *message(end: number): Step<number> {
    this.expect(wire.bytes);
    yield* this.varint(end);
    const length = this.high * 2 ** 32 + this.low;
    if (length > end - this.at) {
      throw recordError(`${length} bytes are announced, ${end - this.at} are left`, this.at, "a whole message");
    }
    return this.at + length;
  }

  /** Refuses another wire type than a field has. */
  expect(type: number): void {
    if (this.type === type) return;
    throw recordError(`Field ${this.field} has the wire type ${this.type}`, this.at, `wire type ${type}`);
  }

  /** Steps over the value that comes next. */
  *skip(end: number, depth = 0): Step<void> {
    const { field, type, at } = this;
    if (type === wire.varint) yield* this.varint(end);
    else if (type === wire.bytes) yield* this.pass((yield* this.message(end)) - this.at);
    else if (type === wire.fixed64 || type === wire.fixed32) {
      const width = type === wire.fixed64 ? 8 : 4;
      if (width > end - at)
        throw recordError(`${width} bytes are announced, ${end - at} are left`, at, "a whole message");
      yield* this.pass(width);
    } else if (type === wire.endGroup) throw recordError("A group ends that did not begin", at, "a field");
    else {
      if (depth >= maxDepth) throw recordError("Groups are nested too deeply", at, `at most ${maxDepth} levels`);
      for (;;) {
        if (!(yield* this.tag(end))) {
          throw recordError("The message ends inside a group", this.at, `the end of group ${field}`);
        }
        if (this.type !== wire.endGroup) yield* this.skip(end, depth + 1);
        else if (this.field === field) return;
        else throw recordError("Another group ends than began", this.at, `the end of group ${field}`);
      }
    }
  }
}
