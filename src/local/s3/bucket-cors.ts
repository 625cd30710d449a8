import type { LocalResponse } from "../contracts.js";
import { Refusal } from "../http/index.js";
import type { CorsRule } from "../store/index.js";
import type { S3Call, S3Operation } from "./s3-call.js";
import { s3Error } from "./s3-errors.js";
import { receiveDocument } from "./upload-body.js";
import { childText, childTexts, readXml, type XmlElement } from "./xml-reader.js";
import { leaf, node, xmlAnswer } from "./xml-writer.js";

const methods = new Set(["GET", "PUT", "HEAD", "POST", "DELETE"]);

/** `GET bucket?cors` */
export const getBucketCors: S3Operation = (call) => {
  call.objects();
  const rules = call.world.storage.settings(call.bucket)?.cors;
  if (rules === undefined) {
    throw new Refusal(404, "NoSuchCORSConfiguration", "The CORS configuration does not exist", {
      BucketName: call.bucket,
    });
  }
  return xmlAnswer("CORSConfiguration", ...rules.map(writeRule));
};

/** `PUT bucket?cors` */
export const putBucketCors: S3Operation = async (call) => {
  call.objects();
  const root = readXml(await receiveDocument(call, 128 * 1024));
  const elements = root.children.filter((child) => child.name === "CORSRule");
  if (root.name !== "CORSConfiguration" || elements.length === 0 || elements.length > 100) throw s3Error.malformedXml();
  const cors = elements.map(readRule);
  call.world.storage.change(call.bucket, (settings) => ({ ...settings, cors }));
  return { status: 200 };
};

/** `DELETE bucket?cors` */
export const deleteBucketCors: S3Operation = (call) => {
  call.objects();
  call.world.storage.change(call.bucket, (settings) => ({ ...settings, cors: undefined }));
  return { status: 204 };
};

/** `OPTIONS`: a browser asks what a page may do. Only a bucket's own rules say yes. */
export function preflightAnswer(call: S3Call): LocalResponse {
  const origin = call.header("origin");
  const method = call.header("access-control-request-method");
  if (origin === undefined || method === undefined) {
    throw new Refusal(400, "BadRequest", "Insufficient information. Origin request header needed.");
  }
  const asked = (call.header("access-control-request-headers") ?? "")
    .split(",")
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== "");
  const rule = findRule(call, origin, method, asked);
  if (rule === undefined) {
    throw new Refusal(403, "AccessForbidden", "CORSResponse: This CORS request is not allowed.");
  }
  return {
    status: 200,
    headers: {
      ...ruleHeaders(rule, origin),
      ...(asked.length > 0 && { "access-control-allow-headers": asked.join(", ") }),
      ...(rule.maxAgeSeconds !== undefined && { "access-control-max-age": String(rule.maxAgeSeconds) }),
    },
  };
}

/** The CORS headers for the answer to a page's request; none when no rule of the bucket fits. */
export function corsHeaders(call: S3Call): Readonly<Record<string, string>> {
  const origin = call.header("origin");
  const rule = origin === undefined ? undefined : findRule(call, origin, call.request.method, []);
  return rule === undefined || origin === undefined ? {} : ruleHeaders(rule, origin);
}

/** Whether a bucket's rules let a page send this request. */
export function isAllowedByCors(call: S3Call): boolean {
  const origin = call.header("origin");
  return origin !== undefined && findRule(call, origin, call.request.method, []) !== undefined;
}

function findRule(call: S3Call, origin: string, method: string, headers: readonly string[]): CorsRule | undefined {
  const rules = call.world.storage.settings(call.bucket)?.cors ?? [];
  return rules.find(
    (rule) =>
      rule.allowedMethods.includes(method) &&
      rule.allowedOrigins.some((pattern) => fits(pattern, origin)) &&
      headers.every((name) => rule.allowedHeaders.some((pattern) => fits(pattern.toLowerCase(), name))),
  );
}

/** A pattern holds at most one `*`. */
function fits(pattern: string, text: string): boolean {
  const star = pattern.indexOf("*");
  if (star === -1) return pattern === text;
  const [head, tail] = [pattern.slice(0, star), pattern.slice(star + 1)];
  return text.length >= head.length + tail.length && text.startsWith(head) && text.endsWith(tail);
}

function ruleHeaders(rule: CorsRule, origin: string): Record<string, string> {
  const anyone = rule.allowedOrigins.includes("*");
  return {
    "access-control-allow-origin": anyone ? "*" : origin,
    "access-control-allow-methods": rule.allowedMethods.join(", "),
    ...(rule.exposeHeaders.length > 0 && { "access-control-expose-headers": rule.exposeHeaders.join(", ") }),
    ...(!anyone && { "access-control-allow-credentials": "true" }),
    vary: "Origin, Access-Control-Request-Headers, Access-Control-Request-Method",
  };
}

function readRule(element: XmlElement): CorsRule {
  const rule = {
    allowedOrigins: childTexts(element, "AllowedOrigin"),
    allowedMethods: childTexts(element, "AllowedMethod"),
    allowedHeaders: childTexts(element, "AllowedHeader"),
    exposeHeaders: childTexts(element, "ExposeHeader"),
  };
  const all = Object.values(rule).flat();
  const age = childText(element, "MaxAgeSeconds");
  const id = childText(element, "ID");
  if (rule.allowedOrigins.length === 0 || rule.allowedMethods.length === 0) throw s3Error.malformedXml();
  const method = rule.allowedMethods.find((name) => !methods.has(name));
  if (method !== undefined) {
    throw s3Error.invalidRequest(`Found unsupported HTTP method in CORS config. Unsupported method is ${method}`);
  }
  const starred = rule.allowedOrigins.concat(rule.allowedHeaders).find((text) => text.split("*").length > 2);
  if (starred !== undefined) {
    throw s3Error.invalidRequest(`AllowedOrigin "${starred}" can not have more than one wildcard.`);
  }
  // These texts come back in header lines: printable ASCII only.
  if (all.some((text) => !/^[!-~]{1,2048}$/.test(text))) throw s3Error.malformedXml();
  if (age !== undefined && !/^\d{1,9}$/.test(age)) throw s3Error.malformedXml();
  return { ...rule, ...(age !== undefined && { maxAgeSeconds: Number(age) }), ...(id !== undefined && { id }) };
}

function writeRule(rule: CorsRule): string {
  return node(
    "CORSRule",
    leaf("ID", rule.id),
    ...rule.allowedHeaders.map((name) => leaf("AllowedHeader", name)),
    ...rule.allowedMethods.map((name) => leaf("AllowedMethod", name)),
    ...rule.allowedOrigins.map((name) => leaf("AllowedOrigin", name)),
    ...rule.exposeHeaders.map((name) => leaf("ExposeHeader", name)),
    leaf("MaxAgeSeconds", rule.maxAgeSeconds),
  );
}
