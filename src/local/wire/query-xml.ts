import { randomUUID } from "node:crypto";
import type { LocalResponse } from "../contracts.js";
import { escapeXml } from "../http/index.js";
import type { ApiError } from "./api-error.js";

/** The answer of a Query operation: `<XResponse><XResult>...`, lists as `<member>`. */
export function queryResponse(namespace: string, action: string, output: unknown): LocalResponse {
  const body = `<${action}Response xmlns="${namespace}"><${action}Result>${elements(output)}</${action}Result><ResponseMetadata><RequestId>${randomUUID()}</RequestId></ResponseMetadata></${action}Response>`;
  return { status: 200, headers: { "content-type": "text/xml" }, body };
}

/** A refusal of a Query operation. */
export function queryError(namespace: string, error: ApiError): LocalResponse {
  const side = error.status < 500 ? "Sender" : "Receiver";
  const body = `<ErrorResponse xmlns="${namespace}"><Error><Type>${side}</Type><Code>${escapeXml(error.type)}</Code><Message>${escapeXml(error.message)}</Message></Error><RequestId>${randomUUID()}</RequestId></ErrorResponse>`;
  return { status: error.status, headers: { "content-type": "text/xml" }, body };
}

function elements(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (Array.isArray(value)) return value.map((item) => `<member>${elements(item)}</member>`).join("");
  if (typeof value !== "object") return escapeXml(`${value as string | number | boolean}`);
  return Object.entries(value)
    .filter(([, item]) => item !== undefined)
    .map(([name, item]) => `<${name}>${elements(item)}</${name}>`)
    .join("");
}
