import type { LocalResponse } from "../contracts.js";

/** Ends a request with AWS's error code, text and HTTP status. Never reaches a caller of this package: it becomes an answer. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  constructor(
    readonly status: number,
    /** AWS's error code, e.g. `NoSuchKey`. */
    readonly code: string,
    message: string,
    /** Further elements of an S3 error body, e.g. `{ Key: "a.jpg" }`. */
    readonly details: Readonly<Record<string, string>> = {},
    /** Further headers of the answer. */
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
  }

  /** The same refusal with headers added. */
  withHeaders(headers: Readonly<Record<string, string>>): Refusal {
    return new Refusal(this.status, this.code, this.message, this.details, { ...this.headers, ...headers });
  }
}

/** The two forms in which AWS's services report errors. */
export type ErrorForm = "xml" | "json";

/** A refusal as an answer in the form of the service asked. */
export function refusalResponse(refusal: Refusal, form: ErrorForm, requestId: string): LocalResponse {
  if (form === "json") {
    return {
      status: refusal.status,
      headers: { ...refusal.headers, "content-type": "application/x-amz-json-1.1", "x-amzn-errortype": refusal.code },
      body: JSON.stringify({ __type: refusal.code, message: refusal.message }),
    };
  }
  const elements: [string, string][] = [
    ["Code", refusal.code],
    ["Message", refusal.message],
    ...Object.entries(refusal.details),
    ["RequestId", requestId],
  ];
  const inner = elements.map(([name, text]) => `<${name}>${escapeXml(text)}</${name}>`).join("");
  return {
    status: refusal.status,
    headers: { ...refusal.headers, "content-type": "application/xml" },
    body: `<?xml version="1.0" encoding="UTF-8"?>\n<Error>${inner}</Error>`,
  };
}

/**
 * Text as XML character data. Control characters become character references: XML 1.0 has no way to say most of them,
 * S3 answers in this form too, and white space written so is not changed by a reader.
 */
export function escapeXml(text: string): string {
  // eslint-disable-next-line no-control-regex -- control characters are what is looked for
  return text.replace(/[&<>"'\u0000-\u001f\u007f]/g, (character) => {
    const known = entities[character];
    return known ?? `&#${character.charCodeAt(0)};`;
  });
}

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;",
};
