import type { LocalRequest } from "../contracts.js";
import { ApiError } from "./api-error.js";

/** Largest JSON request; the largest legal one is below 1 MB. */
const limit = 4 * 1024 * 1024;

/** Reads a request body that must be one JSON object; an empty body counts as `{}`, as some clients send it. */
export async function readJsonObject(request: LocalRequest): Promise<Record<string, unknown>> {
  const bytes = await request.body(limit);
  if (bytes.length === 0) return {};
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch {
    throw new ApiError("SerializationException", "The request body is not valid JSON.");
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new ApiError("SerializationException", "Start of structure or map expected.");
  }
  return value as Record<string, unknown>;
}
