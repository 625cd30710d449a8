const littleEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/**
 * Numbers of 32 bits as they lie in a message: little-endian bytes, of which an array is made when somebody wants one.
 *
 * Large answers rarely lie on a multiple of 4, and a copy costs more than what is then done with it.
 */
export class PackedFloats {
  #array: Float32Array | undefined;

  constructor(readonly bytes: Uint8Array) {}

  /** The bytes of numbers that are in an array. */
  static of(array: Float32Array): PackedFloats {
    const packed = new PackedFloats(new Uint8Array(array.buffer, array.byteOffset, array.byteLength));
    packed.#array = array;
    return packed;
  }

  get length(): number {
    return this.bytes.length / 4;
  }

  /** Some of the numbers, on the same memory. */
  subarray(from: number, to: number): PackedFloats {
    const part = new PackedFloats(this.bytes.subarray(from * 4, to * 4));
    part.#array = this.#array?.subarray(from, to);
    return part;
  }

  /** Copies the numbers. */
  copyTo(target: Float32Array, at: number): void {
    if (this.#array !== undefined || !littleEndian) target.set(this.array, at);
    else new Uint8Array(target.buffer, target.byteOffset + at * 4, this.bytes.length).set(this.bytes);
  }

  /** The numbers: a view where they lie on a multiple of 4, else a copy; the same one each time. */
  get array(): Float32Array {
    this.#array ??= toArray(this.bytes);
    return this.#array;
  }
}

function toArray(bytes: Uint8Array): Float32Array {
  if (littleEndian && bytes.byteOffset % 4 === 0)
    return new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
  const copy = new Uint8Array(bytes);
  // On another machine the bytes of each number are turned.
  if (!littleEndian) for (let at = 0; at < copy.length; at += 4) copy.subarray(at, at + 4).reverse();
  return new Float32Array(copy.buffer);
}
