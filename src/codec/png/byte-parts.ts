/** Reads some byte arrays one after another, as if they were one. */
export class ByteParts {
  /** Bytes of all parts. */
  readonly length: number;
  #part = 0;
  #at = 0;

  constructor(private readonly parts: readonly Uint8Array[]) {
    this.length = parts.reduce((sum, { length }) => sum + length, 0);
  }

  /** Whether all was read. */
  get ended(): boolean {
    this.#skipEmpty();
    return this.#part >= this.parts.length;
  }

  /** Copies up to `most` bytes to `target`, and says how many. */
  read(target: Uint8Array, at: number, most: number): number {
    let copied = 0;
    while (copied < most && !this.ended) {
      const part = this.parts[this.#part]!;
      const count = Math.min(most - copied, part.length - this.#at);
      target.set(part.subarray(this.#at, this.#at + count), at + copied);
      this.#at += count;
      copied += count;
    }
    return copied;
  }

  /** Goes back by some bytes that were read. */
  back(count: number): void {
    let left = count;
    while (left > this.#at) {
      left -= this.#at;
      this.#part--;
      this.#at = this.parts[this.#part]!.length;
    }
    this.#at -= left;
  }

  #skipEmpty(): void {
    while (this.#part < this.parts.length && this.#at >= this.parts[this.#part]!.length) {
      this.#part++;
      this.#at = 0;
    }
  }
}
