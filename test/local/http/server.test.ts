import { connect } from "node:net";
import { PutBucketCorsCommand, PutObjectCommand, HeadObjectCommand, CreateBucketCommand } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SegmentationError } from "../../../src/index.js";
import { createLocalServer } from "../../../src/local/http/index.js";
import { rawHead, rawRequest, startLocalS3, statusOf, type LocalS3 } from "../../support/local-s3.js";

let local: LocalS3;
beforeAll(async () => {
  local = await startLocalS3();
  await local.s3.send(new CreateBucketCommand({ Bucket: "bucket" }));
  await local.s3.send(new PutObjectCommand({ Bucket: "bucket", Key: "control", Body: "control" }));
});
afterAll(() => local.close());

const send = async (
  line: string,
  headers: Readonly<Record<string, string | undefined>> = {},
  body = "",
): Promise<string> => rawRequest(local.port, rawHead(local.port, line, headers) + body);
const status = async (...parts: Parameters<typeof send>): Promise<number> => statusOf(await send(...parts));
const exists = (key: string): Promise<boolean> =>
  local.s3.send(new HeadObjectCommand({ Bucket: "bucket", Key: key })).then(
    () => true,
    () => false,
  );

describe("the Host header", () => {
  it.each(["127.0.0.1", "localhost", "LOCALHOST", "[::1]"])("serves %s", async (name) => {
    expect(await status("GET /bucket/control", { host: `${name}:${local.port}` })).toBe(200);
  });

  it.each(["evil.example", "127.0.0.1", "127.0.0.1:1", "127.0.0.1.evil.example"])("refuses %s", async (host) => {
    expect(await status("GET /bucket/control", { host })).toBe(403);
  });

  it("refuses two, of which Node shows only the first", async () => {
    expect(await status("GET /bucket/control", { Host: "evil.example" })).toBe(400);
  });

  it("refuses none", async () => {
    expect(await status("GET /bucket/control", { host: undefined })).toBe(400);
  });
});

describe("who may ask", () => {
  it("refuses a request without authorization", async () => {
    expect(await status("GET /bucket/control", { authorization: undefined })).toBe(403);
  });

  it.each(["Basic bG9jYWw6bG9jYWw=", "Bearer x", "x"])(
    "takes %s for no authorization of AWS",
    async (authorization) => {
      expect(await status("GET /bucket/control", { authorization })).toBe(400);
    },
  );

  it("gives an object that a browser shows as a page an origin of its own", async () => {
    const path = `${v2(future)}&response-content-type=text%2Fhtml`;
    const shown = await send(`GET ${path}`, { authorization: undefined });
    expect(shown).toMatch(/^content-type: text\/html\r$/im);
    expect(shown).toMatch(/^content-security-policy: sandbox allow-scripts\r$/im);
    expect(shown).toMatch(/^x-content-type-options: nosniff\r$/im);
    expect(await send("GET /bucket/control")).not.toMatch(/content-security-policy/i);
  });

  const future = Math.floor(Date.now() / 1000) + 600;
  const v2 = (expires: number): string => `/bucket/control?AWSAccessKeyId=a&Signature=b&Expires=${expires}`;
  const v4 = (date: string, seconds: number): string =>
    `/bucket/control?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=a%2F20260101%2Fus-east-1%2Fs3%2Faws4_request` +
    `&X-Amz-Date=${date}&X-Amz-Expires=${seconds}&X-Amz-SignedHeaders=host&X-Amz-Signature=00`;
  const stamp = (time: number): string => new Date(time).toISOString().replace(/[-:]|\.\d+/g, "");
  const now = stamp(Date.now());

  it("serves presigned URLs of both signature versions until they expire", async () => {
    const unsigned = { authorization: undefined };
    expect(await status(`GET ${v2(future)}`, unsigned)).toBe(200);
    expect(await status(`GET ${v4(now, 60)}`, unsigned)).toBe(200);
    expect(await send(`GET ${v2(future - 1200)}`, unsigned)).toContain("Request has expired");
    expect(await send(`GET ${v4("20200101T000000Z", 60)}`, unsigned)).toContain("Request has expired");
    const ahead = (minutes: number) => stamp(Date.now() + minutes * 60_000);
    expect(await status(`GET ${v4(ahead(14), 60)}`, unsigned)).toBe(200); // clocks differ
    expect(await send(`GET ${v4(ahead(16), 60)}`, unsigned)).toContain("Request is not valid yet");
    expect(await status(`GET ${v4("yesterday", 60)}`, unsigned)).toBe(400);
    expect(await status(`GET ${v4(now, 604_801)}`, unsigned)).toBe(400);
  });

  it("lets no page of another site change anything by a made-up presigned URL, unless the bucket's rules do", async () => {
    const page = { authorization: undefined, origin: "https://labels.example", "content-length": "1" };
    const target = v2(future).replace("control", "from-a-page");
    expect(await status(`PUT ${target}`, page, "x")).toBe(403);
    expect(await exists("from-a-page")).toBe(false);
    const rule = { AllowedMethods: ["PUT"], AllowedOrigins: ["https://labels.example"] };
    await local.s3.send(new PutBucketCorsCommand({ Bucket: "bucket", CORSConfiguration: { CORSRules: [rule] } }));
    expect(await status(`PUT ${target}`, page, "x")).toBe(200);
    expect(await status(`PUT ${target}`, { ...page, origin: "https://other.example" }, "x")).toBe(403);
  });
});

describe("requests that are none", () => {
  it("takes the path as it is on the line: dots and double slashes do not move it", async () => {
    expect(await status("PUT /bucket/../other/stolen", { "content-length": "1" }, "x")).toBe(200);
    expect(await exists("../other/stolen")).toBe(true);
    expect(await status("GET http://127.0.0.1/bucket/control")).toBe(400);
  });

  it.each(["/bucket/%zz", "/bucket/%ff%fe", "/bucket/a%00b", "/bucket/control?x=%00"])("refuses %s", async (target) => {
    expect(await status(`GET ${target}`)).toBe(400);
  });

  it.each(["PROPFIND", "TRACE", "PATCH"])("refuses the method %s", async (method) => {
    expect(await status(`${method} /bucket/control`)).toBe(405);
  });

  it("refuses a head of more than 32 KB", async () => {
    expect(await status("GET /bucket/control", { "x-big": "b".repeat(40_000) })).toBe(431);
  });
});

describe("bodies", () => {
  it("stores nothing when the body is cut off", async () => {
    const socket = connect(local.port, "127.0.0.1");
    socket.end(rawHead(local.port, "PUT /bucket/cut-off", { "content-length": "1000" }) + "only this");
    await new Promise((resolve) =>
      socket
        .on("close", resolve)
        .on("error", () => undefined)
        .resume(),
    );
    expect(await exists("cut-off")).toBe(false);
  });

  it("refuses an upload without a length", async () => {
    const answer = await send("PUT /bucket/chunked", { "transfer-encoding": "chunked" }, "1\r\nx\r\n0\r\n\r\n");
    expect(answer).toContain("MissingContentLength");
  });

  it("asks for an announced body only when it is wanted", async () => {
    const headers = { expect: "100-continue", "content-length": "3" };
    // A refusal comes at once, and without "100 Continue" the client never sends.
    expect(await send("PUT /no-such-bucket/k", headers)).toMatch(/^HTTP\/1\.1 404 /);
    expect(await send("PUT /bucket/awaited", headers, "abc")).toMatch(
      /^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 /,
    );
  });

  it("refuses more than 5 GiB by the announced length", async () => {
    const answer = await send("PUT /bucket/huge", { "content-length": "6000000000", expect: "100-continue" });
    expect(answer).toContain("<Code>EntityTooLarge</Code>");
  });
});

describe("createLocalServer", () => {
  it("says which port is taken", async () => {
    const error = await createLocalServer({ services: [], region: "us-east-1", port: local.port }).catch(
      (reason: unknown) => reason,
    );
    expect(SegmentationError.is(error, "local.start")).toBe(true);
  });

  it("reports what a service throws in the form of the service, without its text, and goes on", async () => {
    const broken = await createLocalServer({
      region: "us-east-1",
      services: [{ accepts: () => true, handle: () => Promise.reject(new TypeError("secret path /home/me")) }],
    });
    const json = await rawRequest(
      broken.port,
      rawHead(broken.port, "POST /", { "x-amz-target": "SageMaker.ListModels" }),
    );
    expect(statusOf(json)).toBe(500);
    expect(json).toContain('"__type":"InternalFailure"');
    const xml = await rawRequest(broken.port, rawHead(broken.port, "GET /bucket"));
    expect(xml).toContain("<Code>InternalError</Code>");
    expect(json + xml).not.toContain("secret");
    await broken.close();
  });

  it("refuses a document above its limit by Content-Length, before it is sent", async () => {
    const server = await createLocalServer({
      region: "us-east-1",
      services: [{ accepts: () => true, handle: async (request) => ({ status: 200, body: await request.body(10) }) }],
    });
    const ask = (length: number, body: string): Promise<string> =>
      rawRequest(server.port, rawHead(server.port, "POST /", { "content-length": String(length) }) + body);
    expect(statusOf(await ask(64_000_000, ""))).toBe(413);
    expect(await ask(10, "0123456789")).toMatch(/0123456789$/);
    await server.close();
  });

  it("cuts the connection when an answer fails in the middle", async () => {
    async function* half(): AsyncGenerator<Uint8Array> {
      yield await Promise.resolve(Buffer.from("half"));
      throw new TypeError("disk");
    }
    const server = await createLocalServer({
      region: "us-east-1",
      services: [
        {
          accepts: () => true,
          handle: () => Promise.resolve({ status: 200, headers: { "content-length": "8" }, body: half() }),
        },
      ],
    });
    const answer = await rawRequest(server.port, rawHead(server.port, "GET /", { connection: "keep-alive" }));
    expect(statusOf(answer)).not.toBe(500); // the head may be out already
    expect(answer).not.toMatch(/half.{4}$/); // closed, where keep-alive would have stayed open after 8 bytes
    await server.close();
  });

  it("lets a running request end when it closes, and closes its services once", async () => {
    let release = (): void => undefined;
    let closed = 0;
    const gate = new Promise<void>((resolve) => (release = resolve));
    let entered = (): void => undefined;
    const inside = new Promise<void>((resolve) => (entered = resolve));
    const server = await createLocalServer({
      region: "us-east-1",
      services: [
        {
          accepts: () => true,
          async handle() {
            entered();
            await gate;
            return { status: 200, body: "done" };
          },
          close: () => {
            closed++;
            release();
            return Promise.resolve();
          },
        },
      ],
    });
    const answer = rawRequest(server.port, rawHead(server.port, "GET /"));
    await inside;
    await Promise.all([server.close(), server.close()]);
    expect(await answer).toMatch(/done$/);
    expect(closed).toBe(1);
  });
});

it("survives a CONNECT whose client is gone before the answer", async () => {
  for (let i = 0; i < 5; i++) {
    await new Promise<void>((resolve) => {
      const socket = connect(local.port, "127.0.0.1", () => {
        socket.write(`CONNECT a:1 HTTP/1.1\r\nHost: 127.0.0.1:${local.port}\r\n\r\n`, () => socket.resetAndDestroy());
      });
      socket.on("close", () => resolve()).on("error", () => undefined);
    });
  }
  expect(await status("GET /bucket/control")).toBe(200); // an error nobody handles ends the process, and this run
});

it("closes as soon as the last request has its answer", async () => {
  const server = await createLocalServer({
    region: "us-east-1",
    services: [
      {
        accepts: () => true,
        handle: async () => {
          await new Promise((resolve) => setTimeout(resolve, 200));
          return { status: 200, body: "late" };
        },
      },
    ],
  });
  const began = performance.now();
  const answer = rawRequest(server.port, rawHead(server.port, "GET /", { connection: "keep-alive" }));
  await new Promise((resolve) => setTimeout(resolve, 50));
  await server.close();
  expect(performance.now() - began).toBeLessThan(2_000);
  expect(await answer).toMatch(/late$/);
});
