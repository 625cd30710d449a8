import { PackedFloats } from "./packed-floats.js";
import type { RecordBudget } from "./record-budget.js";
import { recordError, wire } from "./wire-reader.js";
import type { WireReader } from "./wire-reader.js";

const littleEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/** Collects the integers of one repeated field: packed, not packed, or in several chunks. */
export class IntegerList {
  readonly values: number[] = [];

  constructor(
    private readonly readOne: (reader: WireReader) => number,
    private readonly budget: RecordBudget,
  ) {}

  /** Reads the value or values that come next. */
  read(reader: WireReader): void {
    if (reader.type !== wire.bytes) {
      reader.expect(wire.varint);
      this.#add(reader);
      return;
    }
    const packed = reader.message();
    while (packed.at < packed.end) this.#add(packed);
  }

  #add(reader: WireReader): void {
    this.budget.integer(reader.at);
    this.values.push(this.readOne(reader));
  }
}

/** Collects the floating point numbers of one repeated field as bytes; no JavaScript array of numbers is made. */
export class FloatList {
  /** A view while there is one chunk, own memory with room to grow from the second on. */
  #bytes: Uint8Array = new Uint8Array(0);
  #length = 0;
  #owned = false;

  constructor(private readonly width: 4 | 8) {}

  /** Reads the value or values that come next. */
  read(reader: WireReader): void {
    const { width } = this;
    if (reader.type !== wire.bytes) {
      reader.expect(width === 4 ? wire.fixed32 : wire.fixed64);
      const start = reader.take(width);
      this.#append(reader.bytes.subarray(start, start + width));
      return;
    }
    const chunk = reader.view();
    if (chunk.length % width !== 0) {
      throw recordError(`Packed numbers have ${chunk.length} bytes`, reader.at, `a multiple of ${width}`);
    }
    this.#append(chunk);
  }

  #append(chunk: Uint8Array): void {
    if (chunk.length === 0) return;
    if (this.#length === 0) {
      this.#bytes = chunk;
    } else {
      const total = this.#length + chunk.length;
      if (!this.#owned || total > this.#bytes.length) {
        const grown = new Uint8Array(Math.max(total, 2 * this.#length));
        grown.set(this.#bytes.subarray(0, this.#length));
        this.#bytes = grown;
        this.#owned = true;
      }
      this.#bytes.set(chunk, this.#length);
    }
    this.#length += chunk.length;
  }

  /** The numbers of a list made with width 4. */
  float32(): PackedFloats {
    return new PackedFloats(this.#bytes.subarray(0, this.#length));
  }

  /** The numbers of a list made with width 8: a view where they lie on a multiple of 8 in one piece, else a copy. */
  float64(): Float64Array {
    const { buffer, byteOffset } = this.#aligned();
    return new Float64Array(buffer, byteOffset, this.#length / 8);
  }

  #aligned(): Uint8Array {
    const bytes = this.#bytes.subarray(0, this.#length);
    if (littleEndian && bytes.byteOffset % this.width === 0) return bytes;
    const copy = new Uint8Array(bytes);
    // The file is little-endian; on another machine the bytes of each number are turned.
    if (!littleEndian)
      for (let at = 0; at < copy.length; at += this.width) copy.subarray(at, at + this.width).reverse();
    return copy;
  }
}
