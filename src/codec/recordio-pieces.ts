import { SegmentationError } from "../core/errors.js";
import { magic, partRefusal, splitRecordWord, streamError } from "./recordio.js";

const nothing = new Uint8Array(0);

/**
 * Takes the framing of one RecordIO record off while its bytes arrive, in chunks of any size.
 *
 * Bytes that do not begin with the magic pass as they are: a bare record.
 */
export class RecordPieces {
  /** The eight bytes before a part, as far as they are here. */
  readonly #head = new Uint8Array(8);
  #inHead = 0;
  /** Payload and padding of the open part that are still to come. */
  #payload = 0;
  #padding = 0;
  #at = 0;
  #bare = false;
  #records = 0;
  /** Whether a record of several parts is open. */
  #open = false;

  /** The payload in a chunk, as views on it. */
  *push(chunk: Uint8Array): Generator<Uint8Array, void, undefined> {
    let at = 0;
    while (at < chunk.length) {
      if (this.#bare) {
        yield chunk.subarray(at);
        this.#at += chunk.length - at;
        return;
      }
      const before = at;
      if (this.#payload > 0) {
        at = Math.min(chunk.length, at + this.#payload);
        this.#payload -= at - before;
        yield chunk.subarray(before, at);
      } else if (this.#padding > 0) {
        at = Math.min(chunk.length, at + this.#padding);
        this.#padding -= at - before;
      } else {
        yield* this.#takeHead(chunk[at++]!);
      }
      this.#at += at - before;
    }
  }

  *#takeHead(byte: number): Generator<Uint8Array, void, undefined> {
    if (this.#records === 1 && !this.#open) {
      throw new SegmentationError("codec.record", "There are 2 records or more. Expected one record for one image.", {
        offset: this.#at,
        expected: "one record for one image",
      });
    }
    const place = this.#inHead;
    if (place < 4 && byte !== magic[place]) {
      if (this.#records > 0 || this.#open) throw noMagic(this.#at - place);
      this.#bare = true;
      yield this.#head.slice(0, place);
      yield Uint8Array.of(byte);
      return;
    }
    this.#head[place] = byte;
    this.#inHead = place + 1;
    if (this.#inHead < 8) return;
    this.#inHead = 0;
    const { part, length } = splitRecordWord(new DataView(this.#head.buffer).getUint32(4, true));
    const refusal = partRefusal(part, length, this.#open);
    if (refusal !== undefined) throw streamError(refusal.message, this.#at - 3, refusal.expected);
    this.#payload = length;
    this.#padding = -length & 3;
    // Where a writer splits, it leaves the magic out.
    if (part > 1) yield magic;
    this.#open = part === 1 || part === 2;
    if (!this.#open) this.#records++;
  }

  /** Says that no more bytes come; gives payload that was held back. Throws where the stream ends early. */
  end(): Uint8Array {
    if (this.#bare) return nothing;
    // Less than a magic: these may be the first bytes of a bare record.
    if (this.#records === 0 && !this.#open && this.#inHead > 0 && this.#inHead < 4) {
      return this.#head.slice(0, this.#inHead);
    }
    if (this.#inHead > 0) throw streamError("The stream ends inside a record's head", this.#at, "8 bytes");
    if (this.#payload + this.#padding > 0) {
      throw streamError(
        "The stream ends inside a record",
        this.#at,
        `${this.#payload + this.#padding} bytes more (padded to a multiple of 4)`,
      );
    }
    if (this.#open) throw streamError("The stream ends inside a record of several parts", this.#at, "its last part");
    return nothing;
  }
}

function noMagic(offset: number): SegmentationError {
  return streamError("A record does not begin with the magic", offset, "the bytes 0a 23 d7 ce");
}
