import { plainAdler32 } from "./plain-adler32.js";
import { noMoreThan, notInflated, tooShort } from "./png/failure.js";

/** A Huffman code: how many codes of each length there are, and the symbols sorted by code. */
interface Code {
  readonly counts: Uint16Array;
  readonly symbols: Uint16Array;
}

/** Order of the code lengths' own lengths (RFC 1951, 3.2.7). */
const lengthOrder = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

/**
 * Inflates a zlib stream in plain JavaScript, bit by bit: for browsers without WebAssembly, where neither zlib nor the
 * kernel is at hand. Small rather than fast.
 */
export function inflatePlainly(parts: readonly Uint8Array[], expected: number, offset: number): Uint8Array {
  const reader = new PlainInflate(parts, expected, offset);
  return reader.run();
}

class PlainInflate {
  readonly #out: Uint8Array;
  #made = 0;
  #part = 0;
  #at = 0;
  #bits = 0;
  #count = 0;

  constructor(
    private readonly parts: readonly Uint8Array[],
    private readonly expected: number,
    private readonly offset: number,
  ) {
    this.#out = new Uint8Array(expected);
  }

  run(): Uint8Array {
    const head = (this.#byte() << 8) | this.#byte();
    const fits = ((head >> 8) & 15) === 8 && head >> 12 <= 7 && (head & 32) === 0 && head % 31 === 0;
    if (!fits) throw this.#damaged();
    for (let last = false; !last;) {
      last = this.#take(1) === 1;
      const type = this.#take(2);
      if (type === 0) this.#stored();
      else if (type === 1) this.#codes(...fixedCodes());
      else if (type === 2) this.#codes(...this.#readCodes());
      else throw this.#damaged();
    }
    if (this.#made < this.expected) throw tooShort(this.#made, this.expected, this.offset);
    this.#bits = this.#count = 0;
    let sum = 0;
    for (let n = 0; n < 4; n++) sum = sum * 256 + this.#byte();
    if (sum !== plainAdler32(this.#out, 1)) throw this.#damaged();
    return this.#out;
  }

  #stored(): void {
    this.#bits = this.#count = 0;
    const length = this.#byte() | (this.#byte() << 8);
    if ((length ^ 0xffff) !== (this.#byte() | (this.#byte() << 8))) throw this.#damaged();
    for (let n = 0; n < length; n++) this.#put(this.#byte());
  }

  #codes(literals: Code, distances: Code): void {
    const out = this.#out;
    for (;;) {
      const symbol = this.#symbol(literals);
      if (symbol < 256) this.#put(symbol);
      else if (symbol === 256) return;
      else {
        const length = this.#length(symbol);
        const distance = this.#distance(this.#symbol(distances));
        if (distance > this.#made) throw this.#damaged();
        for (let n = 0; n < length; n++) this.#put(out[this.#made - distance]!);
      }
    }
  }

  #length(symbol: number): number {
    if (symbol > 285) throw this.#damaged();
    if (symbol === 285) return 258;
    if (symbol < 265) return symbol - 254;
    const extra = (symbol - 261) >> 2;
    return ((4 + ((symbol - 265) & 3)) << extra) + 3 + this.#take(extra);
  }

  #distance(symbol: number): number {
    if (symbol > 29) throw this.#damaged();
    if (symbol < 4) return symbol + 1;
    const extra = (symbol >> 1) - 1;
    return ((2 + (symbol & 1)) << extra) + 1 + this.#take(extra);
  }

  #readCodes(): [literals: Code, distances: Code] {
    const literals = this.#take(5) + 257;
    const distances = this.#take(5) + 1;
    const given = this.#take(4) + 4;
    if (literals > 286 || distances > 30) throw this.#damaged();
    const lengths = new Uint8Array(literals + distances);
    const own = new Uint8Array(19);
    for (let n = 0; n < given; n++) own[lengthOrder[n]!] = this.#take(3);
    const code = this.#code(own, false);
    for (let at = 0; at < lengths.length;) {
      const symbol = this.#symbol(code);
      if (symbol === 16 && at === 0) throw this.#damaged();
      const value = symbol < 16 ? symbol : symbol === 16 ? lengths[at - 1]! : 0;
      const times =
        symbol < 16 ? 1 : symbol === 16 ? 3 + this.#take(2) : symbol === 17 ? 3 + this.#take(3) : 11 + this.#take(7);
      if (at + times > lengths.length) throw this.#damaged();
      lengths.fill(value, at, (at += times));
    }
    if (lengths[256] === 0) throw this.#damaged();
    return [this.#code(lengths.subarray(0, literals), true), this.#code(lengths.subarray(literals), true)];
  }

  /** A code must be complete, except one of a single bit (or of nothing) where that is allowed. */
  #code(lengths: Uint8Array, single: boolean): Code {
    const code = sortCode(lengths);
    let left = 1;
    for (let length = 1; length <= 15; length++) {
      left = left * 2 - code.counts[length]!;
      if (left < 0) throw this.#damaged();
    }
    const short = code.counts.subarray(2).every((count) => count === 0);
    if (left > 0 && !(single && short)) throw this.#damaged();
    return code;
  }

  /** Reads one symbol: the codes of each length are consecutive numbers. */
  #symbol({ counts, symbols }: Code): number {
    let code = 0;
    let first = 0;
    let index = 0;
    for (let length = 1; length <= 15; length++) {
      code |= this.#take(1);
      const count = counts[length]!;
      if (code - first < count) return symbols[index + code - first]!;
      index += count;
      first = (first + count) << 1;
      code <<= 1;
    }
    throw this.#damaged();
  }

  #put(byte: number): void {
    if (this.#made >= this.expected) throw noMoreThan(this.expected, this.offset);
    this.#out[this.#made++] = byte;
  }

  #take(count: number): number {
    while (this.#count < count) {
      this.#bits |= this.#byte() << this.#count;
      this.#count += 8;
    }
    const value = this.#bits & ((1 << count) - 1);
    this.#bits >>= count;
    this.#count -= count;
    return value;
  }

  #byte(): number {
    while (this.#part < this.parts.length && this.#at >= this.parts[this.#part]!.length) {
      this.#part++;
      this.#at = 0;
    }
    if (this.#part >= this.parts.length) throw this.#damaged();
    return this.parts[this.#part]![this.#at++]!;
  }

  #damaged(): Error {
    return notInflated(this.offset);
  }
}

function sortCode(lengths: Uint8Array): Code {
  const counts = new Uint16Array(16);
  for (const length of lengths) counts[length]!++;
  counts[0] = 0;
  const symbols = Uint16Array.from(
    [...lengths.keys()].filter((symbol) => lengths[symbol]! > 0).sort((a, b) => lengths[a]! - lengths[b]! || a - b),
  );
  return { counts, symbols };
}

/** RFC 1951, 3.2.6. */
function fixedCodes(): [literals: Code, distances: Code] {
  const lengths = new Uint8Array(288).fill(8).fill(9, 144, 256).fill(7, 256, 280);
  return [sortCode(lengths), sortCode(new Uint8Array(32).fill(5))];
}
