import { mkdtemp, rm } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { S3Client } from "@aws-sdk/client-s3";
import { createLocalServer, type LocalServerOptions } from "../../src/local/http/index.js";
import { createS3Service } from "../../src/local/s3/index.js";
import { openObjects, type ObjectStorage } from "../../src/local/store/index.js";

/** An S3 server over a fresh folder, with the real client. */
export interface LocalS3 {
  readonly url: string;
  readonly port: number;
  readonly directory: string;
  readonly objects: ObjectStorage;
  readonly s3: S3Client;
  close(): Promise<void>;
}

export const account = "123456789012";

export async function startLocalS3(options: Partial<LocalServerOptions> = {}): Promise<LocalS3> {
  const directory = await freshFolder();
  const objects = await openObjects(directory);
  const services = [createS3Service({ objects, account })];
  const server = await createLocalServer({ services, region: "us-east-1", ...options });
  const s3 = new S3Client({
    endpoint: server.url,
    region: "us-east-1",
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
    maxAttempts: 1,
  });
  return {
    url: server.url,
    port: server.port,
    directory,
    objects,
    s3,
    async close() {
      s3.destroy();
      await server.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

export function freshFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), "semseg-local-"));
}

/** A header that counts as signed. */
export const authorization =
  "AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=00";

/** Sends bytes as they are and gives everything that comes back until the server closes. */
export function rawRequest(port: number, bytes: string | Uint8Array): Promise<string> {
  return new Promise((resolve) => {
    const parts: Buffer[] = [];
    const socket = connect(port, "127.0.0.1", () => socket.write(bytes));
    socket.on("data", (part: Buffer) => parts.push(part));
    socket.on("error", () => undefined);
    socket.on("close", () => resolve(Buffer.concat(parts).toString("latin1")));
  });
}

/** The head of a signed request that closes its connection; `undefined` leaves a header out. */
export function rawHead(
  port: number,
  line: string,
  headers: Readonly<Record<string, string | undefined>> = {},
): string {
  const all: Readonly<Record<string, string | undefined>> = {
    host: `127.0.0.1:${port}`,
    authorization,
    connection: "close",
    ...headers,
  };
  const lines = Object.entries(all).flatMap(([name, value]) => (value === undefined ? [] : [`${name}: ${value}`]));
  return `${line} HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n`;
}

/** Status and body of a raw answer. */
export function statusOf(answer: string): number {
  return Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1] ?? 0);
}
