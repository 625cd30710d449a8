import { ApiError } from "../wire/api-error.js";

/** Requests that may be there at once, the one that is answered included. */
const mostRequests = 128;
/** Bytes that their bodies may have together. */
const mostBytes = 256 * 1024 * 1024;

/** The requests of all endpoints: they wait for one another, and what waits is bounded. */
export class InferenceQueue {
  private turn: Promise<unknown> = Promise.resolve();
  private requests = 0;
  private bytes = 0;

  /**
   * Makes room for a request and its body, before the body is read.
   *
   * @returns Gives the room back.
   * @throws ApiError `ServiceUnavailable`, which clients send again after a pause.
   */
  enter(bytes: number): () => void {
    if (this.requests >= mostRequests || this.bytes + bytes > mostBytes) {
      throw new ApiError("ServiceUnavailable", "The service is unavailable. Try your call again.", 503);
    }
    this.requests++;
    this.bytes += bytes;
    let inside = true;
    return () => {
      if (!inside) return;
      inside = false;
      this.requests--;
      this.bytes -= bytes;
    };
  }

  /** Runs work one after the other: two predictions at once would need twice the memory and win no time. */
  inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.turn.then(work);
    const nothing = (): undefined => undefined; // the chain keeps no answer in memory
    this.turn = result.then(nothing, nothing);
    return result;
  }
}
