import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { SegmentationError } from "../../core/errors.js";
import type { LocalRequest, LocalResponse, LocalService } from "../contracts.js";
import { writeAnswer } from "./answer.js";
import { checkHost, isForeignPage, readCaller } from "./guard.js";
import { Refusal, refusalResponse, type ErrorForm } from "./refusal.js";
import { requestBody } from "./request-body.js";
import { parseTarget } from "./request-target.js";

/** What {@link createLocalServer} needs. */
export interface LocalServerOptions {
  /** Asked in this order; the first that accepts a request gets it. */
  readonly services: readonly LocalService[];
  /** 0, the default, takes a free port. */
  readonly port?: number;
  /** Region of requests whose signature names none. */
  readonly region: string;
  /** Milliseconds since 1970, for the end of presigned URLs; default `Date.now`. */
  readonly now?: () => number;
}

/** A running server. */
export interface LocalServer {
  /** `http://127.0.0.1:PORT`, without a slash at the end. */
  readonly url: string;
  readonly port: number;
  /** Takes no more connections, closes the services, lets running requests end (at most 5 s), then cuts them. */
  close(): Promise<void>;
}

const headLimit = 32 * 1024; // request line and headers; AWS's own limits are 8 KB each
const safeMethods = new Set(["GET", "HEAD", "OPTIONS"]);
const knownMethods = new Set(["GET", "HEAD", "OPTIONS", "PUT", "POST", "DELETE"]);

/**
 * Starts the HTTP front of the embedded backend on 127.0.0.1.
 *
 * @throws `local.start` when the port is taken.
 */
export async function createLocalServer(options: LocalServerOptions): Promise<LocalServer> {
  const server = createServer({
    maxHeaderSize: headLimit,
    headersTimeout: 20_000,
    requestTimeout: 600_000,
    connectionsCheckingInterval: 2_000,
    keepAliveTimeout: 65_000,
  });
  server.maxHeadersCount = 0; // bounded by bytes; a count would drop headers without a word
  server.timeout = 150_000; // silence on a connection; InvokeEndpoint may take 60 s
  server.maxConnections = 2_000;
  const front = new Front(options, () => (server.address() as AddressInfo).port);
  server.on("request", (request, response) => void front.serve(request, response, false));
  server.on("checkContinue", (request: IncomingMessage, response: ServerResponse) => {
    void front.serve(request, response, true);
  });
  server.on("connect", (_request, socket) => {
    socket.on("error", () => undefined); // Node has let go of this socket: a reset would end the process
    socket.end("HTTP/1.1 405 Method Not Allowed\r\nConnection: close\r\n\r\n");
  });
  await listen(server, options.port ?? 0);
  const { port } = server.address() as AddressInfo;
  let closing: Promise<void> | undefined;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    close: () => (closing ??= close(server, options.services)),
  };
}

/** Reads the head of each request, finds its service and answers. */
class Front {
  constructor(
    private readonly options: LocalServerOptions,
    private readonly port: () => number,
  ) {}

  async serve(request: IncomingMessage, response: ServerResponse, awaited: boolean): Promise<void> {
    const requestId = randomUUID();
    const body = requestBody(request, response, awaited);
    let form: ErrorForm = request.headers["x-amz-target"] === undefined ? "xml" : "json";
    let answer: LocalResponse;
    try {
      const local = this.read(request, body);
      if (local.service !== undefined && local.service !== "s3") form = "json";
      answer = await this.route(local, request);
    } catch (error) {
      answer = refusalResponse(asRefusal(error, form), form, requestId);
    }
    await writeAnswer(request, response, body, {
      ...answer,
      headers: { "x-amz-request-id": requestId, "x-amzn-requestid": requestId, ...answer.headers },
    });
  }

  private read(request: IncomingMessage, body: ReturnType<typeof requestBody>): LocalRequest {
    checkHost(request.rawHeaders, this.port());
    const headers = readHeaders(request.rawHeaders);
    const method = request.method ?? "";
    if (!knownMethods.has(method)) {
      throw new Refusal(405, "MethodNotAllowed", "The specified method is not allowed against this resource.");
    }
    const { path, query } = parseTarget(request.url ?? "");
    const caller = readCaller(headers, query, (this.options.now ?? Date.now)());
    if (caller.signed === "none" && method !== "OPTIONS") {
      throw new Refusal(403, "AccessDenied", "Access Denied");
    }
    return {
      method,
      path,
      query,
      headers,
      region: caller.region ?? this.options.region,
      service: caller.service,
      body: (limit) => body.whole(limit),
      stream: () => body.chunks(),
    };
  }

  private async route(local: LocalRequest, request: IncomingMessage): Promise<LocalResponse> {
    const service = this.options.services.find((candidate) => candidate.accepts(local));
    if (service === undefined) {
      throw new Refusal(400, "UnknownOperationException", "No service of this server knows this request.");
    }
    if (local.method === "OPTIONS") {
      // A preflight comes without authorization. Whoever does not know the method says no to all pages.
      if (service.preflight === undefined) throw new Refusal(403, "AccessDenied", "Access Denied");
      return await service.preflight(local);
    }
    // Signatures are not checked, so any page could make up a presigned URL: those of other sites change nothing
    // unless the service (a bucket's CORS rules) lets them.
    const madeUp = local.headers["authorization"] === undefined && !safeMethods.has(local.method);
    if (madeUp && isForeignPage(local.headers, this.port()) && (await service.allowsPage?.(local)) !== true) {
      throw new Refusal(403, "AccessDenied", "Access Denied");
    }
    if (request.destroyed) throw new Refusal(400, "RequestTimeout", "The connection was closed.");
    return await service.handle(local);
  }
}

/** All header values by lower-case name; repeated ones joined as HTTP says. */
function readHeaders(rawHeaders: readonly string[]): Readonly<Record<string, string>> {
  const headers = Object.create(null) as Record<string, string>;
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    const name = (rawHeaders[i] ?? "").toLowerCase();
    const value = rawHeaders[i + 1] ?? "";
    const before = headers[name];
    headers[name] = before === undefined ? value : `${before}, ${value}`;
  }
  return headers;
}

/** What a service threw, as a refusal. Anything unforeseen is an internal error, without its text or stack. */
function asRefusal(error: unknown, form: ErrorForm): Refusal {
  if (error instanceof Refusal) return error;
  return new Refusal(
    500,
    form === "xml" ? "InternalError" : "InternalFailure",
    SegmentationError.is(error) ? error.message : "We encountered an internal error. Please try again.",
  );
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) =>
      reject(
        new SegmentationError(
          "local.start",
          error.code === "EADDRINUSE"
            ? `Port ${port} of 127.0.0.1 is in use, perhaps by another embedded backend.`
            : `Cannot listen on 127.0.0.1:${port}: ${error.message}`,
          { what: `port ${port}`, expected: "a free port, or 0 for any" },
          { cause: error },
        ),
      ),
    );
    server.listen(port, "127.0.0.1", resolve);
  });
}

async function close(server: Server, services: readonly LocalService[]): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  for (const service of services) await service.close?.();
  // Connections that are kept alive become idle as their requests end.
  const sweep = setInterval(() => server.closeIdleConnections(), 20);
  const cut = setTimeout(() => server.closeAllConnections(), 5_000);
  await closed;
  clearInterval(sweep);
  clearTimeout(cut);
}
