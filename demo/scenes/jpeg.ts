/**
 * A small JPEG writer (ITU-T T.81, baseline, no subsampling). `jpeg-js` leaves 15 MB of garbage behind each picture, with
 * which the demo would need far more memory than its work does.
 */

/** The order in which the coefficients of a block are written (T.81, figure A.6). */
const zigzag = [
  0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14, 21, 28,
  35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47,
  55, 62, 63,
];

/** Number of codes of each length and their values (T.81, tables K.3 and K.5); used for colour as well. */
const dcCodes = codeTable("00010501010101010100000000000000", "000102030405060708090a0b");
const acCodes = codeTable(
  "0002010303020403050504040000017d",
  "01020300041105122131410613516107227114328191a1082342b1c11552d1f02433627282090a161718191a25262728292a" +
    "3435363738393a434445464748494a535455565758595a636465666768696a737475767778797a838485868788898a92939495" +
    "969798999aa2a3a4a5a6a7a8a9aab2b3b4b5b6b7b8b9bac2c3c4c5c6c7c8c9cad2d3d4d5d6d7d8d9dae1e2e3e4e5e6e7e8e9ea" +
    "f1f2f3f4f5f6f7f8f9fa",
);

/** How coarsely coefficients are rounded: finely near the first one, the same for light and colour. */
const steps = Uint8Array.from({ length: 64 }, (_, at) => 2 + Math.round(0.55 * ((at >> 3) + (at & 7)) ** 1.25));

interface CodeTable {
  /** The segment's content: lengths and values. */
  readonly bytes: Buffer;
  /** By value: the code, and its length. */
  readonly codes: Uint16Array;
  readonly lengths: Uint8Array;
}

function codeTable(counts: string, values: string): CodeTable {
  const bytes = Buffer.from(counts + values, "hex");
  const codes = new Uint16Array(256);
  const lengths = new Uint8Array(256);
  let code = 0;
  let at = 16;
  for (let length = 1; length <= 16; length++, code <<= 1) {
    for (let left = bytes[length - 1]!; left > 0; left--, code++, at++) {
      codes[bytes[at]!] = code;
      lengths[bytes[at]!] = length;
    }
  }
  return { bytes, codes, lengths };
}

/** `cosines[k * 8 + x]`: the waves that a row of eight values is made of. */
const cosines = Float64Array.from({ length: 64 }, (_, at) => {
  const [k, x] = [at >> 3, at & 7];
  return (k === 0 ? Math.SQRT1_2 : 1) * 0.5 * Math.cos(((2 * x + 1) * k * Math.PI) / 16);
});

/** Collects bits; a byte of ones is followed by a zero byte, so that it is no marker. */
class BitWriter {
  readonly #bytes: Buffer;
  #size = 0;
  #bits = 0;
  #count = 0;

  constructor(capacity: number) {
    this.#bytes = Buffer.allocUnsafe(capacity);
  }

  write(value: number, length: number): void {
    this.#bits = (this.#bits << length) | (value & ((1 << length) - 1));
    this.#count += length;
    while (this.#count >= 8) {
      this.#count -= 8;
      const byte = (this.#bits >>> this.#count) & 0xff;
      this.#bytes[this.#size++] = byte;
      if (byte === 0xff) this.#bytes[this.#size++] = 0;
    }
    this.#bits &= (1 << this.#count) - 1;
  }

  /** Fills the last byte with ones and returns all. */
  end(): Buffer {
    if (this.#count > 0) this.write(0x7f, 8 - this.#count);
    return this.#bytes.subarray(0, this.#size);
  }
}

/** Writes RGB pixels, 8 bits each, as a JPEG file. */
export function encodeJpeg(width: number, height: number, rgb: Uint8Array | Uint8ClampedArray): Uint8Array {
  // A value of a block takes at most 16 bits of code and 11 of its own, and stuffing doubles the worst byte.
  const writer = new BitWriter(width * height * 24 + 65_536);
  const block = new Float64Array(64);
  const rows = new Float64Array(64);
  const last = [0, 0, 0];
  for (let top = 0; top < height; top += 8) {
    for (let left = 0; left < width; left += 8) {
      for (let component = 0; component < 3; component++) {
        for (let at = 0; at < 64; at++) {
          const x = Math.min(width - 1, left + (at & 7));
          const y = Math.min(height - 1, top + (at >> 3));
          block[at] = componentOf(rgb, (y * width + x) * 3, component);
        }
        transform(block, rows);
        last[component] = writeBlock(writer, block, last[component]!);
      }
    }
  }
  return Buffer.concat([header(width, height), writer.end(), Buffer.from([0xff, 0xd9])]);
}

/** Light, blueness, redness (JFIF 1.02), around 0. */
function componentOf(rgb: Uint8Array | Uint8ClampedArray, at: number, component: number): number {
  const red = rgb[at]!;
  const green = rgb[at + 1]!;
  const blue = rgb[at + 2]!;
  if (component === 0) return 0.299 * red + 0.587 * green + 0.114 * blue - 128;
  if (component === 1) return -0.168736 * red - 0.331264 * green + 0.5 * blue;
  return 0.5 * red - 0.418688 * green - 0.081312 * blue;
}

/** The cosine transform in place: along rows, then along columns. */
function transform(block: Float64Array, rows: Float64Array): void {
  for (let y = 0; y < 8; y++) {
    for (let k = 0; k < 8; k++) {
      let sum = 0;
      for (let x = 0; x < 8; x++) sum += block[y * 8 + x]! * cosines[k * 8 + x]!;
      rows[y * 8 + k] = sum;
    }
  }
  for (let x = 0; x < 8; x++) {
    for (let k = 0; k < 8; k++) {
      let sum = 0;
      for (let y = 0; y < 8; y++) sum += rows[y * 8 + x]! * cosines[k * 8 + y]!;
      block[k * 8 + x] = sum;
    }
  }
}

/** Writes a transformed block; returns its first coefficient, of which the next block writes the difference. */
function writeBlock(writer: BitWriter, block: Float64Array, previous: number): number {
  const first = Math.round(block[0]! / steps[0]!);
  writeValue(writer, dcCodes, 0, first - previous);
  let zeros = 0;
  for (let at = 1; at < 64; at++) {
    const place = zigzag[at]!;
    const value = Math.round(block[place]! / steps[place]!);
    if (value === 0) {
      zeros++;
      continue;
    }
    for (; zeros > 15; zeros -= 16) writer.write(acCodes.codes[0xf0]!, acCodes.lengths[0xf0]!);
    writeValue(writer, acCodes, zeros, value);
    zeros = 0;
  }
  if (zeros > 0) writer.write(acCodes.codes[0]!, acCodes.lengths[0]!);
  return first;
}

/** Writes how many zeros came before and how many bits the value has, then these bits. */
function writeValue(writer: BitWriter, { codes, lengths }: CodeTable, zeros: number, value: number): void {
  const size = 32 - Math.clz32(Math.abs(value));
  const symbol = (zeros << 4) | size;
  writer.write(codes[symbol]!, lengths[symbol]!);
  if (size > 0) writer.write(value < 0 ? value - 1 : value, size);
}

function header(width: number, height: number): Buffer {
  const segment = (marker: number, content: Uint8Array): Buffer => {
    const size = content.length + 2;
    return Buffer.concat([Buffer.from([0xff, marker, size >> 8, size & 0xff]), content]);
  };
  const components = [1, 2, 3];
  return Buffer.concat([
    Buffer.from([0xff, 0xd8]),
    segment(0xe0, Buffer.from("4a46494600010100000100010000", "hex")),
    segment(0xdb, Uint8Array.from([0, ...zigzag.map((place) => steps[place]!)])),
    segment(
      0xc0,
      Uint8Array.from([
        8,
        height >> 8,
        height & 0xff,
        width >> 8,
        width & 0xff,
        3,
        ...components.flatMap((id) => [id, 0x11, 0]),
      ]),
    ),
    segment(0xc4, Buffer.concat([Buffer.from([0x00]), dcCodes.bytes])),
    segment(0xc4, Buffer.concat([Buffer.from([0x10]), acCodes.bytes])),
    segment(0xda, Uint8Array.from([3, ...components.flatMap((id) => [id, 0]), 0, 63, 0])),
  ]);
}
