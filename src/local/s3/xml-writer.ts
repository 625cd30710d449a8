import type { LocalResponse } from "../contracts.js";
import { escapeXml } from "../http/index.js";

/** An element with text; nothing at all when there is no value. */
export function leaf(name: string, value: string | number | boolean | undefined): string {
  return value === undefined ? "" : `<${name}>${escapeXml(String(value))}</${name}>`;
}

/** An element around others that are written already. */
export function node(name: string, ...children: readonly string[]): string {
  return `<${name}>${children.join("")}</${name}>`;
}

/** An answer with a document of S3's namespace. */
export function xmlAnswer(root: string, ...children: readonly string[]): LocalResponse {
  const inner = children.join("");
  return {
    status: 200,
    headers: { "content-type": "application/xml" },
    body: `<?xml version="1.0" encoding="UTF-8"?>\n<${root} xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${inner}</${root}>`,
  };
}

/** A key as `encoding-type=url` wants it. A blank is `%20` and a plus `%2B`: right for readers that take `+` for a blank and for those that do not. */
export function urlEncode(text: string): string {
  return encodeURIComponent(text).replaceAll("%2F", "/");
}

/** A time in S3's documents. */
export function isoTime(ms: number): string {
  return new Date(ms).toISOString();
}
