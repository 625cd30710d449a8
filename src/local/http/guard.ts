import { Refusal } from "./refusal.js";

/** What the signature of a request says of it. The signature itself is not checked: any key pair will do. */
export interface Caller {
  readonly region: string | undefined;
  readonly service: string | undefined;
  /** `header`: an Authorization header, which no web page can send without asking first; `query`: a presigned URL. */
  readonly signed: "header" | "query" | "none";
}

/** So far may the clock of a client be ahead. */
const clockSkew = 15 * 60_000;

type Query = readonly (readonly [name: string, value: string])[];
type Headers = Readonly<Record<string, string | undefined>>;

/**
 * Refuses every Host but our own three names: a foreign name that resolves to 127.0.0.1 (DNS rebinding) must not reach
 * the services. Takes the raw headers, because Node keeps the first of two Host headers and hides the second.
 */
export function checkHost(rawHeaders: readonly string[], port: number): void {
  const hosts = rawHeaders.filter((_, i) => i % 2 === 1 && rawHeaders[i - 1]?.toLowerCase() === "host");
  if (hosts.length !== 1) throw new Refusal(400, "InvalidRequest", "Exactly one Host header is needed.");
  if (!ownHosts(port).includes((hosts[0] ?? "").trim().toLowerCase())) {
    throw new Refusal(403, "AccessDenied", `This server answers only to ${ownHosts(port).join(", ")}.`);
  }
}

/** Whether the request comes from a page of another site, as far as a browser tells. */
export function isForeignPage(headers: Headers, port: number): boolean {
  const site = headers["sec-fetch-site"];
  if (site !== undefined && site !== "none" && site !== "same-origin") return true;
  const origin = headers["origin"];
  return origin !== undefined && !ownHosts(port).some((host) => origin.toLowerCase() === `http://${host}`);
}

function ownHosts(port: number): readonly string[] {
  return [`127.0.0.1:${port}`, `localhost:${port}`, `[::1]:${port}`];
}

/**
 * Reads who signed a request: header or presigned query, signature version 4 or 2.
 * Refuses presigned URLs that are expired or dated ahead, with AWS's own words.
 */
export function readCaller(headers: Headers, query: Query, now: number): Caller {
  const authorization = headers["authorization"];
  if (authorization !== undefined) {
    // Basic and Bearer are not ours: a browser may send the first by itself for http://user:password@host.
    if (/^AWS4-[A-Z0-9-]+\s/.test(authorization)) {
      return { ...readScope(/Credential=([^,\s]+)/.exec(authorization)?.[1]), signed: "header" };
    }
    if (/^AWS [^:]+:.+/.test(authorization)) return { region: undefined, service: undefined, signed: "header" };
    throw new Refusal(400, "InvalidArgument", "Unsupported Authorization Type", { ArgumentName: "Authorization" });
  }
  const find = (name: string): string | undefined => query.find(([key]) => key.toLowerCase() === name)?.[1];
  if (find("x-amz-signature") !== undefined && find("x-amz-credential") !== undefined) {
    checkPresignedV4(find("x-amz-date"), find("x-amz-expires"), now);
    return { ...readScope(find("x-amz-credential")), signed: "query" };
  }
  if (find("awsaccesskeyid") !== undefined && find("signature") !== undefined) {
    const expires = find("expires") ?? "";
    if (!/^\d{1,12}$/.test(expires)) throw denied("Invalid date (should be seconds since epoch): " + expires);
    if (Number(expires) * 1000 < now) throw denied("Request has expired");
    return { region: undefined, service: "s3", signed: "query" };
  }
  return { region: undefined, service: undefined, signed: "none" };
}

function checkPresignedV4(date: string | undefined, expires: string | undefined, now: number): void {
  const parts = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(date ?? "");
  const seconds = /^\d{1,6}$/.test(expires ?? "") ? Number(expires) : NaN;
  if (parts === null || !(seconds <= 604_800)) {
    throw new Refusal(400, "AuthorizationQueryParametersError", "X-Amz-Date or X-Amz-Expires is missing or wrong.");
  }
  const [, year, month, day, hour, minute, second] = parts;
  const begin = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  if (!(begin + seconds * 1000 >= now)) throw denied("Request has expired");
  if (begin > now + clockSkew) throw denied("Request is not valid yet");
}

/** `AKID/20200101/us-east-1/s3/aws4_request`. A scope we cannot read counts as none. */
function readScope(credential: string | undefined): { region: string | undefined; service: string | undefined } {
  const parts = (credential ?? "").split("/").slice(-4);
  const [, region, service, end] = parts;
  if (parts.length !== 4 || end !== "aws4_request") return { region: undefined, service: undefined };
  const known = (text: string | undefined): string | undefined =>
    text !== undefined && /^[a-z0-9-]{1,40}$/.test(text) ? text : undefined;
  return { region: known(region), service: known(service) };
}

function denied(message: string): Refusal {
  return new Refusal(403, "AccessDenied", message);
}
