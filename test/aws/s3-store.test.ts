import { Readable } from "node:stream";
import { crc32 } from "node:zlib";
import { describe, expect, it } from "vitest";
import { createS3Store } from "../../src/aws/s3-store.js";
import type { ObjectStore, StoredObject } from "../../src/core/object-store.js";
import { type S3Answer, type S3Request, fakeS3 } from "../support/fake-s3.js";
import { rejectionOf } from "../support/refusal-of.js";

function storeOver(answer: (request: S3Request) => S3Answer | Error | Promise<S3Answer>): {
  readonly store: ObjectStore;
  readonly requests: S3Request[];
} {
  const { client, requests } = fakeS3(answer);
  return { store: createS3Store(() => Promise.resolve(client)), requests };
}

const xml = (body: string): S3Answer => ({ headers: { "content-type": "application/xml" }, body });
const failure = (status: number, code: string, message = code): S3Answer => ({
  status,
  headers: { "x-amz-request-id": "REQ1" },
  body: `<?xml version="1.0"?><Error><Code>${code}</Code><Message>${message}</Message></Error>`,
});
const page = (keys: readonly string[], next?: string): S3Answer =>
  xml(
    `<?xml version="1.0"?><ListBucketResult>${keys
      .map((key) => `<Contents><Key>${key}</Key><Size>3</Size><ETag>&quot;abc&quot;</ETag></Contents>`)
      .join("")}<IsTruncated>${next !== undefined}</IsTruncated>${
      next === undefined ? "" : `<NextContinuationToken>${next}</NextContinuationToken>`
    }</ListBucketResult>`,
  );

async function all<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const found: Item[] = [];
  for await (const item of items) found.push(item);
  return found;
}

describe("list", () => {
  it("goes through all pages, an empty one in the middle included", async () => {
    const pages: Record<string, S3Answer> = { "": page(["p/a"], "t1"), t1: page([], "t2"), t2: page(["p/b &amp; c"]) };
    const { store, requests } = storeOver(({ query }) => pages[query["continuation-token"] ?? ""] ?? page([]));
    expect(await all(store.list("s3://bucket/p/"))).toEqual<StoredObject[]>([
      { uri: "s3://bucket/p/a", size: 3, etag: "abc" },
      { uri: "s3://bucket/p/b & c", size: 3, etag: "abc" },
    ]);
    expect(requests.map(({ query }) => query["prefix"])).toEqual(["p/", "p/", "p/"]);
  });

  it("refuses an answer that says there is more and gives no new token, instead of going round for ever", async () => {
    const { store } = storeOver(() => page(["a"], "same"));
    expect((await rejectionOf(all(store.list("s3://bucket/")))).code).toBe("aws.server");
  });
});

describe("read", () => {
  it("asks for the first bytes only", async () => {
    const { store, requests } = storeOver(() => ({ status: 206, body: "abcd" }));
    expect(await store.read("s3://bucket/k", { bytes: 4 })).toEqual(new TextEncoder().encode("abcd"));
    expect(requests[0]?.headers["range"]).toBe("bytes=0-3");
  });

  it("gives nothing for the first bytes of an empty object, which S3 answers with 416", async () => {
    const { store } = storeOver(() => failure(416, "InvalidRange"));
    expect(await store.read("s3://bucket/k", { bytes: 4 })).toEqual(new Uint8Array());
  });

  it("says what is missing", async () => {
    const { store } = storeOver(() => failure(404, "NoSuchKey", "The specified key does not exist."));
    const error = await rejectionOf(store.read("s3://bucket/k"));
    expect(error.code).toBe("aws.not-found");
    expect(error.message).toBe("GetObject failed: NoSuchKey: The specified key does not exist.");
    expect(error.details).toMatchObject({ operation: "GetObject", status: 404, requestId: "REQ1", retryable: false });
  });

  it("waits a connection reset out", async () => {
    let calls = 0;
    const reset = Object.assign(new Error("socket hang up"), { code: "ECONNRESET" });
    const { store } = storeOver(() => (++calls < 3 ? reset : { body: "x" }));
    expect(await store.read("s3://bucket/k")).toHaveLength(1);
    expect(calls).toBe(3);
  });
});

describe("stream", () => {
  it("turns a body that breaks off into a typed error", async () => {
    const { store } = storeOver(() => ({
      body: Readable.from(
        (async function* () {
          yield Buffer.from("ab");
          await Promise.resolve();
          throw Object.assign(new Error("aborted"), { code: "ECONNRESET" });
        })(),
      ),
    }));
    const error = await rejectionOf(all(store.stream("s3://bucket/k")));
    expect(error.code).toBe("aws.network");
  });
});

describe("copy", () => {
  it("encodes the source so that blanks, plus signs and other alphabets survive", async () => {
    const { store, requests } = storeOver(() => xml("<CopyObjectResult><ETag>x</ETag></CopyObjectResult>"));
    await store.copy("s3://bucket/a b/c+d&e/ü%20'(1)*.jpg", "s3://other/x");
    expect(requests[0]?.headers["x-amz-copy-source"]).toBe("bucket/a%20b/c%2Bd%26e/%C3%BC%2520%27%281%29%2A.jpg");
    expect(requests[0]?.path).toBe("/other/x");
  });

  it("keeps the source's type unless another is given", async () => {
    const { store, requests } = storeOver(() => xml("<CopyObjectResult><ETag>x</ETag></CopyObjectResult>"));
    await store.copy("s3://bucket/a", "s3://other/x");
    await store.copy("s3://bucket/a", "s3://other/x", { contentType: "image/png" });
    expect(requests.map(({ headers }) => headers["x-amz-metadata-directive"])).toEqual([undefined, "REPLACE"]);
  });

  it("copies an object above 5 GB in parts of 1 GB, also when its size was not known", async () => {
    const size = 5.5 * 1024 ** 3;
    const answer = ({ method, query, headers }: S3Request): S3Answer => {
      if (method === "HEAD") return { headers: { "content-length": String(size) } };
      if (method === "POST" && "uploads" in query)
        return xml("<InitiateMultipartUploadResult><UploadId>U</UploadId></InitiateMultipartUploadResult>");
      if (method === "POST") return xml("<CompleteMultipartUploadResult/>");
      if (query["partNumber"] !== undefined)
        return xml(`<CopyPartResult><ETag>&quot;e${query["partNumber"]}&quot;</ETag></CopyPartResult>`);
      if (headers["x-amz-copy-source"] !== undefined)
        return failure(400, "InvalidRequest", "The specified copy source is larger than the maximum allowable size");
      return failure(500, "InternalError");
    };
    for (const given of [{ size }, {}]) {
      const { store, requests } = storeOver(answer);
      await store.copy("s3://bucket/a b", "s3://other/x", {
        ...given,
        contentType: "image/jpeg",
        metadata: { k: "v" },
      });
      const ranges = requests.flatMap(({ headers }) => headers["x-amz-copy-source-range"] ?? []);
      expect(ranges).toHaveLength(6);
      expect(ranges.at(-1)).toBe(`bytes=${5 * 1024 ** 3}-${size - 1}`);
      const begun = requests.find(({ query }) => "uploads" in query);
      expect(begun?.headers).toMatchObject({ "content-type": "image/jpeg", "x-amz-meta-k": "v" });
    }
  });

  it("removes the parts of a copy that fails", async () => {
    const { store, requests } = storeOver(({ method, query }) => {
      if (method === "DELETE") return { status: 204 };
      if (method === "POST" && "uploads" in query)
        return xml("<InitiateMultipartUploadResult><UploadId>U</UploadId></InitiateMultipartUploadResult>");
      return failure(403, "AccessDenied");
    });
    const copying = store.copy("s3://bucket/a", "s3://other/x", { size: 6 * 1024 ** 3 });
    expect((await rejectionOf(copying)).code).toBe("aws.access-denied");
    expect(requests.at(-1)).toMatchObject({ method: "DELETE", query: { uploadId: "U" } });
  });

  it("tells the refusal when the source cannot be looked at, and the signal's reason after an abort", async () => {
    const reason = new Error("enough");
    const stop = new AbortController();
    const { store } = storeOver(({ method }) => {
      if (method !== "HEAD") return failure(400, "InvalidRequest", "The source is not what it should be");
      stop.abort(reason);
      return { status: 403 };
    });
    const copying = store.copy("s3://bucket/a", "s3://other/x", { signal: stop.signal });
    await expect(copying).rejects.toBe(reason);
    expect((await rejectionOf(store.copy("s3://bucket/a", "s3://other/x"))).code).toBe("aws.validation");
  });
});

describe("head", () => {
  it("gives size and tag, and undefined for an object that is not there", async () => {
    const { store } = storeOver(({ path }) =>
      path.endsWith("there") ? { headers: { "content-length": "12", etag: '"e1"' } } : { status: 404 },
    );
    expect(await store.head("s3://bucket/there")).toEqual({ uri: "s3://bucket/there", size: 12, etag: "e1" });
    expect(await store.head("s3://bucket/gone")).toBeUndefined();
  });

  it("does not take a refusal for absence", async () => {
    const { store } = storeOver(() => ({ status: 403 }));
    expect((await rejectionOf(store.head("s3://bucket/k"))).code).toBe("aws.access-denied");
  });
});

describe("write", () => {
  it("puts bytes with their type", async () => {
    const { store, requests } = storeOver(() => ({}));
    await store.write("s3://bucket/k", new TextEncoder().encode("hello"), { contentType: "image/png" });
    expect(requests[0]).toMatchObject({ method: "PUT", path: "/bucket/k" });
    expect(requests[0]?.headers["content-type"]).toBe("image/png");
    expect(new TextDecoder().decode(requests[0]?.body)).toBe("hello");
  });

  const upload = (request: S3Request): S3Answer => {
    if (request.method === "POST" && "uploads" in request.query)
      return xml("<InitiateMultipartUploadResult><UploadId>U1</UploadId></InitiateMultipartUploadResult>");
    if (request.method === "POST")
      return xml("<CompleteMultipartUploadResult><ETag>e</ETag></CompleteMultipartUploadResult>");
    return { headers: { etag: '"part"' } };
  };
  const megabytes = async function* (count: number): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < count; at++) {
      await Promise.resolve();
      yield new Uint8Array(1024 ** 2).fill(at);
    }
  };

  it("uploads a stream of unknown length in parts", async () => {
    const { store, requests } = storeOver(upload);
    await store.write("s3://bucket/big", megabytes(11));
    const parts = requests.filter(({ query }) => query["partNumber"] !== undefined);
    // Parts of 8 MB; S3 wants all but the last to be 5 MB or more.
    expect(parts.map(({ query, body }) => [query["partNumber"], body.length / 1024 ** 2])).toEqual([
      ["1", 8],
      ["2", 3],
    ]);
    expect(parts[1]?.body[0]).toBe(8);
    expect(requests.at(-1)).toMatchObject({ method: "POST", query: { uploadId: "U1" } });
  });

  it("names one checksum for the upload and hands in each part's, which S3 demands of uploads with checksums", async () => {
    // S3 answers UploadPart with the checksum that it was sent (API reference, UploadPart).
    const { store, requests } = storeOver((request) => {
      const { headers = {}, ...answer } = upload(request);
      const checksum = request.headers["x-amz-checksum-crc32"];
      return {
        ...answer,
        headers: { ...headers, ...(checksum === undefined ? {} : { "x-amz-checksum-crc32": checksum }) },
      };
    });
    await store.write("s3://bucket/big", megabytes(9));
    const [create] = requests;
    expect(create?.headers["x-amz-checksum-algorithm"]).toBe("CRC32");
    const crc = (bytes: Uint8Array): string => {
      const value = new Uint8Array(4);
      new DataView(value.buffer).setUint32(0, crc32(bytes));
      return Buffer.from(value).toString("base64");
    };
    const complete = new TextDecoder().decode(requests.at(-1)?.body);
    const parts = requests.filter(({ query }) => query["partNumber"] !== undefined);
    expect([...complete.matchAll(/<ChecksumCRC32>([^<]*)</g)].map(([, value]) => value)).toEqual(
      parts.map(({ body }) => crc(body)),
    );
  });

  it("puts a short stream in one request, an empty one too", async () => {
    const { store, requests } = storeOver(upload);
    await store.write("s3://bucket/small", megabytes(2));
    await store.write("s3://bucket/empty", megabytes(0));
    expect(requests.map(({ method, body }) => [method, body.length])).toEqual([
      ["PUT", 2 * 1024 ** 2],
      ["PUT", 0],
    ]);
  });

  it("removes the parts and passes the source's own error on", async () => {
    const { store, requests } = storeOver(upload);
    const broken = async function* (): AsyncGenerator<Uint8Array> {
      yield* megabytes(9);
      throw new RangeError("the source broke");
    };
    await expect(store.write("s3://bucket/big", broken())).rejects.toThrow(new RangeError("the source broke"));
    expect(requests.some(({ method, query }) => method === "DELETE" && query["uploadId"] === "U1")).toBe(true);
    expect(requests.some(({ method, query }) => method === "POST" && query["uploadId"] === "U1")).toBe(false);
  });

  it("ends with the signal's own reason on abort", async () => {
    const controller = new AbortController();
    const reason = new Error("enough");
    const { store, requests } = storeOver((request) => {
      if (request.query["partNumber"] === "1") controller.abort(reason);
      return upload(request);
    });
    const writing = store.write("s3://bucket/big", megabytes(16), { signal: controller.signal });
    await expect(writing).rejects.toBe(reason);
    expect(requests.at(-1)).toMatchObject({ method: "DELETE", query: { uploadId: "U1" } });
    expect(requests.some(({ method, query }) => method === "POST" && query["uploadId"] === "U1")).toBe(false);
  });
});

it("refuses a bucket where an object is meant, before any request", async () => {
  const { store, requests } = storeOver(() => ({}));
  expect((await rejectionOf(store.read("s3://bucket"))).code).toBe("s3.uri");
  expect((await rejectionOf(store.read("http://bucket/k"))).code).toBe("s3.uri");
  expect(requests).toEqual([]);
});
