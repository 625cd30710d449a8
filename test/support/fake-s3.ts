import { Readable } from "node:stream";
import { S3Client } from "@aws-sdk/client-s3";

/** One S3 request as it went over the wire. */
export interface S3Request {
  readonly method: string;
  /** Path as sent, still percent-encoded. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** An answer; an `Error` instead makes the connection fail. */
export interface S3Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array | Readable;
}

/** A real S3 client with its real serialiser over answers made here, and the list of requests it sent. */
export function fakeS3(answer: (request: S3Request) => S3Answer | Error | Promise<S3Answer>): {
  readonly client: S3Client;
  readonly requests: S3Request[];
} {
  const requests: S3Request[] = [];
  const client = new S3Client({
    region: "us-east-1",
    credentials: { accessKeyId: "AKIDSECRET", secretAccessKey: "very-secret" },
    endpoint: "http://127.0.0.1:9",
    forcePathStyle: true,
    maxAttempts: 1,
    requestHandler: {
      async handle(sent: SentRequest, options: { abortSignal?: AbortSignal } = {}) {
        options.abortSignal?.throwIfAborted();
        const request = { ...sent, query: textQuery(sent.query), body: await bytesOf(sent.body) };
        requests.push(request);
        const given = await answer(request);
        if (given instanceof Error) throw given;
        const { status = 200, headers = {}, body = "" } = given;
        const stream = body instanceof Readable ? body : Readable.from([Buffer.from(body)]);
        return { response: { statusCode: status, headers, body: stream } };
      },
    },
  });
  return { client, requests };
}

interface SentRequest {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string | string[] | null>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

function textQuery(query: SentRequest["query"]): Record<string, string> {
  return Object.fromEntries(Object.entries(query).map(([name, value]) => [name, String(value ?? "")]));
}

async function bytesOf(body: unknown): Promise<Uint8Array> {
  if (body === undefined || body === null) return new Uint8Array();
  if (typeof body === "string" || body instanceof Uint8Array) return Buffer.from(body);
  const chunks: Uint8Array[] = [];
  for await (const chunk of body as AsyncIterable<Uint8Array>) chunks.push(chunk);
  return Buffer.concat(chunks);
}
