import { stops } from "../kernel/kernel.js";
import type { Kernel } from "../kernel/kernel.js";
import { ByteParts } from "./byte-parts.js";
import { noMoreThan, notInflated, tooShort } from "./failure.js";

/** DEFLATE looks back at most this far. */
const history = 32768;

/** Enough for the header of any block (`HEADER_BYTES` of the kernel). */
const shortMeal = 1024;

/**
 * A zlib stream that the kernel inflates band by band, in its own memory.
 *
 * {@link next} makes the next bytes; {@link start} and {@link end} say where they stand; {@link used} says how many of
 * them are not needed any more.
 */
export class KernelInflate {
  /** Address of the first byte that is still needed. */
  start: number;
  /** Address behind the last inflated byte. */
  end: number;
  #input: ByteParts;
  #made = 0;
  #finished = false;
  #afterStored = false;

  constructor(
    private readonly kernel: Kernel,
    parts: readonly Uint8Array[],
    /** Bytes that the stream has to give. */
    private readonly expected: number,
    /** Of the first IDAT chunk, for errors. */
    private readonly offset: number,
  ) {
    this.#input = new ByteParts(parts);
    this.start = this.end = kernel.at.RAW;
    this.#readHead();
    kernel.resetInflate();
    kernel.resetAdler(1);
  }

  /** Whether the stream was read to its end, and its checksum is right. */
  get finished(): boolean {
    return this.#finished;
  }

  /** Inflates until the memory is full or the stream ends. */
  next(): void {
    const { kernel } = this;
    const { RAW, RAW_BYTES } = kernel.at;
    this.#slide();
    const before = this.end;
    // One byte more than needed shows whether the stream ends where it should.
    const limit = Math.min(RAW + RAW_BYTES, this.end + this.expected - this.#made + 1);
    for (;;) {
      const stop = kernel.inflate(limit, this.#input.ended);
      if (stop === stops.moreInput) this.#feed();
      else if (stop === stops.stored) this.#copyStored(limit);
      else if (stop === stops.damaged) throw notInflated(this.offset);
      else {
        this.end = kernel.outputEnd();
        this.#made += this.end - before;
        kernel.addAdler(before, this.end - before);
        if (this.#made > this.expected) throw noMoreThan(this.expected, this.offset);
        if (stop === stops.done) this.#finish();
        return;
      }
    }
  }

  /** Says that the first `count` bytes are used. */
  used(count: number): void {
    this.start += count;
  }

  /** Moves what is needed, and what the stream may look back at, to the start of the memory. */
  #slide(): void {
    const from = Math.min(this.start, Math.max(this.kernel.at.RAW, this.end - history));
    const by = from - this.kernel.at.RAW;
    if (by === 0) return;
    this.kernel.slide(from);
    this.start -= by;
    this.end -= by;
  }

  #feed(): void {
    const { INPUT, INPUT_BYTES } = this.kernel.at;
    const kept = this.kernel.keepInput();
    const room = this.#afterStored ? shortMeal : INPUT_BYTES - kept;
    this.#afterStored = false;
    this.kernel.fed(this.#input.read(this.kernel.bytes, INPUT + kept, room));
  }

  /** Stored bytes go straight to their place; what was fed of them is taken back. */
  #copyStored(limit: number): void {
    const { kernel } = this;
    this.#input.back(kernel.dropInput());
    const to = kernel.outputEnd();
    const count = this.#input.read(kernel.bytes, to, Math.min(kernel.storedLeft(), limit - to));
    if (count === 0) throw notInflated(this.offset);
    kernel.storedWritten(count);
    this.#afterStored = true;
  }

  /** The two bytes of RFC 1950, 2.2: DEFLATE with a window of up to 32 KB, no dictionary, divisible by 31. */
  #readHead(): void {
    const head = new Uint8Array(2);
    const [method, flags] = this.#input.read(head, 0, 2) === 2 ? head : [0, 0];
    const fits = (method! & 15) === 8 && method! >> 4 <= 7 && (flags! & 32) === 0;
    if (!fits || ((method! << 8) | flags!) % 31 !== 0) throw notInflated(this.offset);
  }

  /** The checksum stands behind the stream. */
  #finish(): void {
    const { kernel } = this;
    if (this.#made < this.expected) throw tooShort(this.#made, this.expected, this.offset);
    this.#input.back(kernel.dropInput());
    const sum = new Uint8Array(4);
    const whole = this.#input.read(sum, 0, 4) === 4;
    if (!whole || new DataView(sum.buffer).getUint32(0) !== kernel.adler() >>> 0) {
      throw notInflated(this.offset);
    }
    this.#finished = true;
  }
}
