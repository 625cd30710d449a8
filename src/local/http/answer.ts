import type { IncomingMessage, ServerResponse } from "node:http";
import type { LocalResponse } from "../contracts.js";
import { announcedLength, drain, type RequestBody } from "./request-body.js";

const swallowed = 1024 * 1024; // an unread body up to this size is read and dropped, and the connection kept

/** Writes an answer. A body that fails in the middle cuts the connection, so that nobody takes a part for the whole. */
export async function writeAnswer(
  request: IncomingMessage,
  response: ServerResponse,
  body: RequestBody,
  answer: LocalResponse,
): Promise<void> {
  const payload = answer.body;
  const source =
    payload !== undefined && typeof payload !== "string" && !(payload instanceof Uint8Array) ? payload : undefined;
  const bytes =
    typeof payload === "string" ? Buffer.from(payload) : source === undefined ? (payload as Uint8Array) : undefined;
  const headers: Record<string, string> = { ...answer.headers };
  const bodiless = answer.status === 204 || answer.status === 304;
  if (source === undefined && !bodiless && headers["content-length"] === undefined) {
    headers["content-length"] = String(bytes?.length ?? 0);
  }
  const abandoned = isAbandoned(request, body);
  if (abandoned) headers["connection"] = "close";
  try {
    response.writeHead(answer.status, headers);
    if (source !== undefined) await writeSource(response, source, request.method === "HEAD");
    else if (bytes !== undefined && bytes.length > 0 && request.method !== "HEAD" && !bodiless) response.write(bytes);
    else response.flushHeaders();
    // The answer is out, whole; the end (and with it the close) waits until the client has stopped sending.
    if (abandoned && !body.held) await drain(request, 1_000, 128 * 1024 * 1024);
    response.end();
  } catch {
    response.destroy();
  }
}

/** Whether bytes of the request are left that nobody wants to wait for. */
function isAbandoned(request: IncomingMessage, body: RequestBody): boolean {
  if (request.complete) return false;
  return body.held || request.headers["transfer-encoding"] !== undefined || announcedLength(request) > swallowed;
}

async function writeSource(
  response: ServerResponse,
  source: AsyncIterable<Uint8Array>,
  headOnly: boolean,
): Promise<void> {
  const iterator = source[Symbol.asyncIterator]();
  try {
    while (!headOnly) {
      if (response.destroyed) return;
      const step = await iterator.next();
      if (step.done === true) return;
      if (!response.write(step.value)) await roomToWrite(response);
    }
  } finally {
    await iterator.return?.(); // closes its file, also when nothing was read
  }
}

/** Resolves when the client has taken what was written, or is gone. */
function roomToWrite(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    if (response.destroyed) {
      resolve();
      return;
    }
    const done = (): void => {
      response.off("drain", done).off("close", done);
      resolve();
    };
    response.on("drain", done).on("close", done);
  });
}
