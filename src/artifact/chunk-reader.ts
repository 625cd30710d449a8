/** Reads counted bytes from a stream of chunks of any size. */
export class ChunkReader {
  /** Bytes that were read or passed over so far. */
  offset = 0;
  private chunk: Uint8Array = new Uint8Array();
  private readonly iterator: AsyncIterator<Uint8Array, unknown>;

  /**
   * @param most - Number of bytes that the stream can have at most, as far as known: what asks for more is refused before
   *   memory is set aside.
   */
  constructor(
    chunks: AsyncIterable<Uint8Array>,
    readonly most = Infinity,
  ) {
    this.iterator = chunks[Symbol.asyncIterator]();
  }

  /** The next `count` bytes, fewer at the end of the stream. For small counts: they are copied. */
  async take(count: number): Promise<Uint8Array> {
    const bytes = new Uint8Array(count);
    return bytes.subarray(0, await this.fill(bytes));
  }

  /** Fills an array; returns how many bytes there were. */
  async fill(target: Uint8Array): Promise<number> {
    let filled = 0;
    while (filled < target.length && (await this.more())) {
      const part = this.chunk.subarray(0, target.length - filled);
      target.set(part, filled);
      filled += part.length;
      this.passed(part.length);
    }
    return filled;
  }

  /** Passes over bytes; returns how many there were. */
  async skip(count: number): Promise<number> {
    let skipped = 0;
    while (skipped < count && (await this.more())) {
      const part = Math.min(this.chunk.length, count - skipped);
      skipped += part;
      this.passed(part);
    }
    return skipped;
  }

  /** The bytes that come next, as far as they are at hand up to `count`, without passing over them. */
  async peek(count: number): Promise<Uint8Array> {
    await this.more();
    while (this.chunk.length < count) {
      const next = await this.iterator.next();
      if (next.done === true) break;
      const joined = new Uint8Array(this.chunk.length + next.value.length);
      joined.set(this.chunk);
      joined.set(next.value, this.chunk.length);
      this.chunk = joined;
    }
    return this.chunk.subarray(0, count);
  }

  /** Everything that is left, as it comes. */
  async *rest(): AsyncGenerator<Uint8Array, void, undefined> {
    while (await this.more()) {
      const { chunk } = this;
      this.passed(chunk.length);
      yield chunk;
    }
  }

  /** Tells the source that no more is wanted. */
  async close(): Promise<void> {
    await this.iterator.return?.();
  }

  /** Whether there are bytes at hand. */
  private async more(): Promise<boolean> {
    while (this.chunk.length === 0) {
      const next = await this.iterator.next();
      if (next.done === true) return false;
      this.chunk = next.value;
    }
    return true;
  }

  private passed(count: number): void {
    this.chunk = this.chunk.subarray(count);
    this.offset += count;
  }
}
