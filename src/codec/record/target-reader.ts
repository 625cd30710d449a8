import { SegmentationError } from "../../core/errors.js";
import { FloatPieces } from "./float-pieces.js";
import type { PackedFloats } from "./packed-floats.js";
import { PieceReader } from "./piece-reader.js";
import type { Step } from "./piece-reader.js";
import { recordError, wire } from "./wire-reader.js";

/** Takes what a {@link TargetReader} finds. */
export interface TargetSink {
  /**
   * The feature `shape`, at most its first five numbers, before or after the values; `undefined` when it is empty.
   */
  shape(sizes: readonly number[] | undefined): void;
  /** The values begin; earlier ones are void. */
  begin(): void;
  /** How many values there will be, where the lengths around them tell. */
  announce(count: number): void;
  /** The next values; the memory is good during the call only. */
  push(values: PackedFloats): void;
}

/** What only the end of a record tells. */
export interface TargetEnd {
  /** Whether `target` is there and has numbers. */
  readonly found: boolean;
  /** The shape that the tensor itself has, at most five numbers. */
  readonly ownShape: readonly number[];
  /** Whether the tensor has keys. */
  readonly sparse: boolean;
  /** At most ten names of features. */
  readonly names: readonly string[];
}

/** Which alternative of `Value` an entry has so far: 0 none, 2 floats, 3 doubles, 7 integers, 9 bytes. */
interface Entry {
  alternative: number;
}

/** Longer names are neither `target` nor `shape`. */
const longestName = 40;
/** What keeping one more value takes beside its bytes: else empty ones would be free. */
const heldOverhead = 256;
/** With five numbers one sees that there are not four. */
const mostSizes = 5;

const text = new TextDecoder();

/**
 * Walks one protobuf `Record` as its bytes arrive. Values of the feature `target` go to a sink; of the rest it reads the
 * feature `shape` and steps over everything else by its length.
 */
export class TargetReader {
  readonly #floats = new FloatPieces();
  readonly #names: string[] = [];
  #found = false;
  #ownShape: number[] = [];
  #sparse = false;

  constructor(
    private readonly sink: TargetSink,
    /** Most bytes of a value whose name comes behind it. */
    private readonly maxBuffered: number,
  ) {}

  /** The walk; it returns at the end of the record. */
  *walk(reader: PieceReader): Step<TargetEnd> {
    while (yield* reader.tag(Infinity)) {
      if (reader.field === 1) yield* this.#feature(reader, yield* reader.message(Infinity));
      else yield* reader.skip(Infinity);
    }
    return { found: this.#found, ownShape: this.#ownShape, sparse: this.#sparse, names: this.#names };
  }

  /** A map entry: key 1, value 2, in any order. */
  *#feature(reader: PieceReader, end: number): Step<void> {
    let name: string | undefined;
    let held: Uint8Array[] = [];
    let heldBytes = 0;
    const entry: Entry = { alternative: 0 };
    const sizes: number[] = [];
    while (yield* reader.tag(end)) {
      if (reader.field === 1) {
        const next = yield* this.#name(reader, end);
        if (name !== undefined && name !== next) {
          throw recordError("An entry has two names", reader.at, "one name", `feature ${name}`);
        }
        name = next;
        for (const bytes of held) yield* this.#value(whole(bytes), bytes.length, name, entry, sizes);
        held = [];
      } else if (reader.field === 2) {
        const stop = yield* reader.message(end);
        if (name !== undefined) {
          yield* this.#value(reader, stop, name, entry, sizes);
          continue;
        }
        heldBytes += stop - reader.at + (held.length > 0 ? heldOverhead : 0);
        if (heldBytes > this.maxBuffered) throw bufferLimit(this.maxBuffered, heldBytes);
        held.push(yield* reader.exactly(stop - reader.at));
      } else yield* reader.skip(end);
    }
    if (name === "shape") this.sink.shape(entry.alternative === 0 ? undefined : sizes);
    if (name === "target" && entry.alternative === 0) this.#found = false;
    if (name !== undefined && name !== "shape" && this.#names.length < 10) this.#names.push(name);
  }

  /** The first bytes of a name. */
  *#name(reader: PieceReader, end: number): Step<string> {
    const stop = yield* reader.message(end);
    const bytes = yield* reader.exactly(Math.min(longestName, stop - reader.at));
    yield* reader.pass(stop - reader.at);
    return text.decode(bytes);
  }

  *#value(reader: PieceReader, end: number, name: string, entry: Entry, sizes: number[]): Step<void> {
    if (name !== "target" && name !== "shape") {
      yield* reader.pass(end - reader.at);
      return;
    }
    while (yield* reader.tag(end)) {
      const { field } = reader;
      if (field !== 2 && field !== 3 && field !== 7 && field !== 9) {
        yield* reader.skip(end);
        continue;
      }
      // Of the alternatives the last one counts; the same one again goes on.
      if (entry.alternative !== field) {
        entry.alternative = field;
        this.#floats.reset();
        if (name === "shape") sizes.length = 0;
        else this.#begin(field !== 9);
      }
      const stop = yield* reader.message(end);
      if (field === 9) yield* reader.pass(stop - reader.at);
      else if (name === "shape") yield* this.#sizes(reader, stop, field, sizes);
      else yield* this.#tensor(reader, stop, field);
    }
  }

  #begin(found: boolean): void {
    this.#found = found;
    this.#ownShape = [];
    this.#sparse = false;
    this.sink.begin();
  }

  *#tensor(reader: PieceReader, end: number, kind: 2 | 3 | 7): Step<void> {
    while (yield* reader.tag(end)) {
      if (reader.field === 1) yield* this.#values(reader, end, kind);
      else if (reader.field === 2) {
        const start = reader.at;
        yield* reader.skip(end);
        // An empty packed list is a length of 0, one byte.
        this.#sparse ||= reader.type !== wire.bytes || reader.at > start + 1;
      } else if (reader.field === 3) yield* integers(reader, end, (value) => keep(this.#ownShape, value));
      else yield* reader.skip(end);
    }
  }

  *#values(reader: PieceReader, end: number, kind: 2 | 3 | 7): Step<void> {
    if (kind === 7) {
      yield* integers(reader, end, () => this.sink.push(this.#floats.one(reader.low | 0)));
      return;
    }
    const width = kind === 2 ? 4 : 8;
    if (reader.type !== wire.bytes) {
      reader.expect(width === 4 ? wire.fixed32 : wire.fixed64);
      if (width > end - reader.at) throw recordError("The message ends inside a number", reader.at, `${width} bytes`);
      for (const values of this.#floats.read(yield* reader.exactly(width), width)) this.sink.push(values);
      return;
    }
    const stop = yield* reader.message(end);
    const length = stop - reader.at;
    if (length % width !== 0) throw recordError(`Packed numbers have ${length} bytes`, stop, `a multiple of ${width}`);
    if (stop === end) this.sink.announce(length / width);
    while (reader.at < stop) {
      const bytes = yield* reader.some(stop - reader.at);
      for (const values of this.#floats.read(bytes, width)) this.sink.push(values);
    }
  }

  *#sizes(reader: PieceReader, end: number, kind: 2 | 3 | 7, sizes: number[]): Step<void> {
    while (yield* reader.tag(end)) {
      if (reader.field !== 1) yield* reader.skip(end);
      else if (kind === 7) yield* integers(reader, end, () => keep(sizes, reader.low | 0));
      else {
        // A shape of floating point numbers: nobody writes it, and the reader of whole records takes it.
        const width = kind === 2 ? 4 : 8;
        const stop = reader.type === wire.bytes ? yield* reader.message(end) : reader.at + width;
        if ((stop - reader.at) % width !== 0)
          throw recordError("Numbers are cut", stop, `a multiple of ${width} bytes`);
        while (reader.at < stop) {
          for (const values of this.#floats.read(yield* reader.exactly(width), width)) keep(sizes, values.array[0]!);
        }
      }
    }
  }
}

/** The error of bytes that must be kept and are too many. */
export function bufferLimit(limit: number, actual: number): SegmentationError<"codec.limit"> {
  return new SegmentationError(
    "codec.limit",
    `Reading the answer as it arrives needs ${actual} bytes of it at a time, more than the limit of ${limit}: its ` +
      "shape or a name stands behind the values. Raise maxBufferedBytes, or read it as a whole.",
    { what: "buffered bytes", limit, actual },
  );
}

/** Varints of one field, packed or not; the reader has the value. */
function* integers(reader: PieceReader, end: number, take: (value: number) => void): Step<void> {
  if (reader.type !== wire.bytes) {
    reader.expect(wire.varint);
    yield* reader.varint(end);
    take(reader.high * 2 ** 32 + reader.low);
    return;
  }
  const stop = yield* reader.message(end);
  while (reader.at < stop) {
    yield* reader.varint(stop);
    take(reader.high * 2 ** 32 + reader.low);
  }
}

function keep(sizes: number[], value: number): void {
  if (sizes.length < mostSizes) sizes.push(value);
}

function whole(bytes: Uint8Array): PieceReader {
  const reader = new PieceReader();
  reader.give(bytes);
  reader.close();
  return reader;
}
