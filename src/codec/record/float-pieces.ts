import { PackedFloats } from "./packed-floats.js";

const littleEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/** Numbers that are turned at a time; 64 KB stay in the cache. */
const most = 16_384;

/**
 * Turns the bytes of 32- or 64-bit floating point numbers, cut anywhere, into numbers of 32 bits.
 *
 * What it gives is its own memory or a view on the input, good until the next call. A view need not lie on a multiple of
 * 4: whoever takes the numbers copies them anyway, and a second copy costs as much as comparing them.
 */
export class FloatPieces {
  readonly #memory = new Float32Array(most);
  readonly #bytes = new Uint8Array(this.#memory.buffer);
  /** A number whose bytes are not all here. */
  readonly #cut = new Uint8Array(8);
  #inCut = 0;

  /** Forgets a number that was cut. */
  reset(): void {
    this.#inCut = 0;
  }

  /** @param width - Bytes of a number. */
  *read(bytes: Uint8Array, width: 4 | 8): Generator<PackedFloats, void, undefined> {
    let at = 0;
    if (this.#inCut > 0) {
      at = Math.min(bytes.length, width - this.#inCut);
      this.#cut.set(bytes.subarray(0, at), this.#inCut);
      this.#inCut += at;
      if (this.#inCut < width) return;
      this.#inCut = 0;
      yield this.#turn(this.#cut.subarray(0, width), width);
    }
    const whole = bytes.length - ((bytes.length - at) % width);
    if (width === 4 && littleEndian && whole > at) {
      yield new PackedFloats(bytes.subarray(at, whole));
    } else {
      for (let from = at; from < whole; from += most * width) {
        yield this.#turn(bytes.subarray(from, Math.min(whole, from + most * width)), width);
      }
    }
    this.#cut.set(bytes.subarray(whole));
    this.#inCut = bytes.length - whole;
  }

  /** One number that is there as a number. */
  one(value: number): PackedFloats {
    this.#memory[0] = value;
    return PackedFloats.of(this.#memory.subarray(0, 1));
  }

  #turn(bytes: Uint8Array, width: 4 | 8): PackedFloats {
    const count = bytes.length / width;
    if (width === 4 && littleEndian) {
      this.#bytes.set(bytes);
    } else {
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      for (let n = 0; n < count; n++) {
        this.#memory[n] = width === 4 ? view.getFloat32(n * 4, true) : view.getFloat64(n * 8, true);
      }
    }
    return PackedFloats.of(this.#memory.subarray(0, count));
  }
}
