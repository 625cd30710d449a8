import type { IncomingMessage, ServerResponse } from "node:http";
import { Refusal } from "./refusal.js";

/** The body of one request, read at most once. */
export interface RequestBody {
  whole(limit: number): Promise<Uint8Array>;
  chunks(): AsyncIterable<Uint8Array>;
  /** Whether the client waits for `100 Continue` and has not got it: its body will not come. */
  readonly held: boolean;
}

/**
 * @param awaited - The client sent `Expect: 100-continue`: it is told to go on only when somebody reads, so that a
 *   refusal costs it no upload.
 */
export function requestBody(request: IncomingMessage, response: ServerResponse, awaited: boolean): RequestBody {
  let held = awaited;
  let begun = false;

  async function* chunks(): AsyncGenerator<Uint8Array> {
    if (begun) throw new Refusal(500, "InternalError", "The body was read twice.");
    begun = true;
    if (held) {
      held = false;
      response.writeContinue();
    }
    try {
      // Without destroyOnReturn a refusal in the middle would cut the connection before it is answered.
      for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>) yield chunk;
    } catch (error) {
      if (error instanceof Refusal) throw error;
      throw incomplete();
    }
    if (!request.complete) throw incomplete();
  }

  return {
    get held() {
      return held;
    },
    chunks,
    async whole(limit) {
      if (announcedLength(request) > limit) throw tooLarge(limit);
      const parts: Uint8Array[] = [];
      let length = 0;
      for await (const chunk of chunks()) {
        length += chunk.length;
        if (length > limit) throw tooLarge(limit);
        parts.push(chunk);
      }
      return parts.length === 1 && parts[0] !== undefined ? parts[0] : Buffer.concat(parts, length);
    },
  };
}

/** Content-Length as a number; 0 without one. Node has refused values that are no number. */
export function announcedLength(request: IncomingMessage): number {
  return Number(request.headers["content-length"] ?? 0);
}

/**
 * Takes what the client still sends and throws it away, for at most `ms` milliseconds and `limit` bytes. Closing a
 * connection with unread bytes resets it, and a reset would take the refusal away from the client.
 */
export async function drain(request: IncomingMessage, ms: number, limit: number): Promise<void> {
  if (request.complete || request.destroyed) return;
  await new Promise<void>((resolve) => {
    let length = 0;
    const done = (): void => {
      clearTimeout(timer);
      request.off("data", count).off("end", done).off("close", done).off("error", done);
      resolve();
    };
    const count = (chunk: Buffer): void => {
      length += chunk.length;
      if (length > limit) done();
    };
    const timer = setTimeout(done, ms);
    request.on("data", count).on("end", done).on("close", done).on("error", done);
    request.resume();
  });
}

function tooLarge(limit: number): Refusal {
  return new Refusal(413, "RequestEntityTooLarge", `The request is larger than ${limit} bytes.`);
}

function incomplete(): Refusal {
  return new Refusal(
    400,
    "IncompleteBody",
    "You did not provide the number of bytes specified by the Content-Length HTTP header.",
  );
}
