/**
 * Many small pieces of bytes, each belonging to an owner, kept in few large blocks.
 *
 * A COCO file of 100,000 images has a million shapes; as objects they would take gigabytes.
 */
export class AnnotationHeap {
  readonly #blocks: Uint8Array[] = [];
  /** The block that small pieces go to, and how much of it is taken. */
  #open = -1;
  #used = blockSize;
  /** For each piece: block, start, length, number of the owner's next piece (0: none). Piece 0 is nobody's. */
  #pieces = new Uint32Array(4 * 1024);
  #count = 1;
  readonly #owners = new Map<number | string, { first: number; last: number }>();

  /** Keeps a copy of some bytes for an owner. */
  add(owner: number | string, bytes: Uint8Array): void {
    const [block, start] = this.#store(bytes);
    const piece = this.#count++;
    if (this.#pieces.length < 4 * this.#count) {
      const larger = new Uint32Array(this.#pieces.length * 2);
      larger.set(this.#pieces);
      this.#pieces = larger;
    }
    this.#pieces.set([block, start, bytes.length, 0], 4 * piece);
    const known = this.#owners.get(owner);
    if (known === undefined) this.#owners.set(owner, { first: piece, last: piece });
    else {
      this.#pieces[4 * known.last + 3] = piece;
      known.last = piece;
    }
  }

  /** The pieces of an owner in the order in which they were added. */
  *of(owner: number | string): Generator<Uint8Array, void, void> {
    for (let piece = this.#owners.get(owner)?.first ?? 0; piece !== 0; piece = this.#pieces[4 * piece + 3]!) {
      const start = this.#pieces[4 * piece + 1]!;
      yield this.#blocks[this.#pieces[4 * piece]!]!.subarray(start, start + this.#pieces[4 * piece + 2]!);
    }
  }

  /** All owners of at least one piece. */
  owners(): Iterable<number | string> {
    return this.#owners.keys();
  }

  /** Whether an owner has a piece. */
  has(owner: number | string): boolean {
    return this.#owners.has(owner);
  }

  #store(bytes: Uint8Array): readonly [block: number, start: number] {
    if (bytes.length > blockSize / 4) return [this.#blocks.push(bytes.slice()) - 1, 0];
    if (this.#used + bytes.length > blockSize) {
      this.#open = this.#blocks.push(new Uint8Array(blockSize)) - 1;
      this.#used = 0;
    }
    const start = this.#used;
    this.#blocks[this.#open]!.set(bytes, start);
    this.#used += bytes.length;
    return [this.#open, start];
  }
}

const blockSize = 1024 ** 2;
