import { RecordPieces } from "../recordio-pieces.js";
import { PieceReader } from "./piece-reader.js";
import { TargetReader } from "./target-reader.js";
import type { TargetEnd, TargetSink } from "./target-reader.js";
import { recordError } from "./wire-reader.js";
import type { Step } from "./piece-reader.js";

/** Reads a probability answer chunk by chunk, RecordIO or bare, and keeps none of them. */
export class TargetStream {
  readonly #pieces = new RecordPieces();
  readonly #reader = new PieceReader();
  readonly #walk: Step<TargetEnd>;
  #end: TargetEnd | undefined;
  #bytes = 0;

  constructor(sink: TargetSink, maxBuffered: number) {
    this.#walk = new TargetReader(sink, maxBuffered).walk(this.#reader);
    this.#step();
  }

  /** Bytes that have come. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Takes the next chunk, of any size. */
  push(chunk: Uint8Array): void {
    this.#bytes += chunk.length;
    for (const piece of this.#pieces.push(chunk)) this.#give(piece);
  }

  /** Says that no more chunks come. */
  end(): TargetEnd {
    if (this.#bytes === 0) throw recordError("There are no bytes", 0, "a record");
    this.#give(this.#pieces.end());
    this.#reader.close();
    this.#step();
    // The walk waits for bytes alone, and a closed reader does not wait.
    return this.#end!;
  }

  #give(piece: Uint8Array): void {
    if (piece.length === 0) return;
    this.#reader.give(piece);
    this.#step();
  }

  #step(): void {
    const step = this.#walk.next();
    if (step.done === true) this.#end = step.value;
  }
}
