import { regionOfPlane, type Region } from "./region.js";
import { shapeError } from "./shape-error.js";

/**
 * A region from Label Studio's brush run lengths: a bit stream (`@thi.ng/rle-pack`) that holds the RGBA values of the
 * whole picture; a pixel is in the region when its alpha is not 0.
 *
 * The stream: 32 bits number of values, 5 bits word size minus 1, four times 4 bits size minus 1 of the run counters;
 * then for each run 1 bit (same value repeated or not), 2 bits which counter size, the count minus 1, and the values.
 *
 * @throws `import.shape` when it is cut short or does not fit the picture.
 */
export function brushRegion(bytes: ArrayLike<number>, width: number, height: number): Region {
  const bits = new BitReader(bytes);
  const count = bits.read(32);
  const expected = 4 * width * height;
  if (count !== expected)
    throw shapeError(`The brush holds ${count} values`, `${expected}: four for each of ${width} x ${height} pixels`);
  const wordSize = bits.read(5) + 1;
  const counterSizes = Array.from({ length: 4 }, () => bits.read(4) + 1);
  const alpha = new Uint8Array(width * height);
  let at = 0;
  while (at < count) {
    const repeated = bits.read(1) === 1;
    const end = at + 1 + bits.read(counterSizes[bits.read(2)]!);
    if (end > count) throw shapeError("The brush holds more values than it says", `${count} values`);
    if (repeated) {
      const value = bits.read(wordSize);
      // Alpha is each fourth value.
      if (value !== 0) alpha.fill(1, Math.ceil((at - 3) / 4), Math.ceil((end - 3) / 4));
      at = end;
    } else {
      for (; at < end; at++) {
        const value = bits.read(wordSize);
        if (at % 4 === 3 && value !== 0) alpha[at >> 2] = 1;
      }
    }
  }
  return regionOfPlane({ width, height, data: alpha });
}

/** Reads numbers of any bit length, highest bit first. */
class BitReader {
  readonly #bytes: ArrayLike<number>;
  #bit = 0;

  constructor(bytes: ArrayLike<number>) {
    this.#bytes = bytes;
  }

  read(length: number): number {
    if (this.#bit + length > this.#bytes.length * 8)
      throw shapeError(`The brush ends at byte ${this.#bytes.length}`, "a whole bit stream");
    let value = 0;
    for (let left = length; left > 0;) {
      const byte = this.#bytes[this.#bit >> 3]!;
      const room = 8 - (this.#bit & 7);
      const take = Math.min(room, left);
      value = value * 2 ** take + ((byte >> (room - take)) & ((1 << take) - 1));
      this.#bit += take;
      left -= take;
    }
    return value;
  }
}
