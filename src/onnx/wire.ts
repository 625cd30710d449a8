/** Bytes that exist already, or that are made only when they are written (a folded or narrowed weight). */
export type Chunk = Uint8Array | LateBytes;

/** Bytes of known length that are made when their turn comes, so that only one such array lies in memory at a time. */
export interface LateBytes {
  readonly byteLength: number;
  make(): Uint8Array;
}

/** The bytes of a chunk, made now if they were not there yet. */
export function bytesOf(chunk: Chunk): Uint8Array {
  return chunk instanceof Uint8Array ? chunk : chunk.make();
}

const wireType = { varint: 0, bytes: 2, fixed32: 5 } as const;
const encoder = new TextEncoder();

/**
 * A protobuf message under construction (wire types 0, 2 and 5).
 *
 * It is a list of chunks whose lengths are known: large views are kept, never copied, and small fields share a buffer.
 */
export class MessageWriter {
  readonly #chunks: Chunk[] = [];
  #small: number[] = [];
  #byteLength = 0;

  get byteLength(): number {
    return this.#byteLength;
  }

  /** The message so far; the writer may go on afterwards. */
  get chunks(): readonly Chunk[] {
    this.#flush();
    return this.#chunks;
  }

  /** A whole number, negative ones as 64-bit two's complement (int64 fields). */
  varint(field: number, value: number | bigint): this {
    this.#tag(field, wireType.varint);
    this.#number(BigInt.asUintN(64, BigInt(value)));
    return this;
  }

  float(field: number, value: number): this {
    this.#tag(field, wireType.fixed32);
    this.#append(new Uint8Array(Float32Array.of(value).buffer));
    return this;
  }

  text(field: number, value: string): this {
    return this.bytes(field, encoder.encode(value));
  }

  bytes(field: number, value: Chunk): this {
    this.#tag(field, wireType.bytes);
    this.#number(BigInt(value.byteLength));
    this.#append(value);
    return this;
  }

  message(field: number, inner: MessageWriter): this {
    this.#tag(field, wireType.bytes);
    this.#number(BigInt(inner.byteLength));
    for (const chunk of inner.chunks) this.#append(chunk);
    return this;
  }

  #tag(field: number, type: number): void {
    this.#number(BigInt((field << 3) | type));
  }

  #number(value: bigint): void {
    let rest = value;
    while (rest >= 128n) {
      this.#byte(Number(rest & 127n) | 128);
      rest >>= 7n;
    }
    this.#byte(Number(rest));
  }

  #byte(value: number): void {
    this.#small.push(value);
    this.#byteLength++;
  }

  #append(chunk: Chunk): void {
    if (chunk instanceof Uint8Array && chunk.byteLength <= largestCopied) {
      for (const value of chunk) this.#small.push(value);
    } else {
      this.#flush();
      this.#chunks.push(chunk);
    }
    this.#byteLength += chunk.byteLength;
  }

  #flush(): void {
    if (this.#small.length === 0) return;
    this.#chunks.push(Uint8Array.from(this.#small));
    this.#small = [];
  }
}

/** Below this a copy is cheaper than a chunk of its own. */
const largestCopied = 1024;
