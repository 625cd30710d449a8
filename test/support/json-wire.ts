/** One request as it went over the wire. */
export interface WireCall {
  /** Operation, e.g. `CreateLabelingJob`. */
  readonly operation: string;
  readonly input: Readonly<Record<string, unknown>>;
}

/** An answer: a body, or an error by AWS's name. */
export type WireAnswer =
  | { readonly body: Readonly<Record<string, unknown>> }
  | { readonly error: string; readonly message: string; readonly status?: number };

interface SentRequest {
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | string;
}

/**
 * The configuration of a real client of AWS's JSON protocol over answers made here, and the list of calls that it makes.
 *
 * @param target - What the service puts before the operation's name, e.g. `SageMaker.`.
 */
export function jsonWire(target: string, answer: (call: WireCall) => WireAnswer) {
  const calls: WireCall[] = [];
  const requestHandler = {
    handle({ headers, body = "{}" }: SentRequest) {
      const text = typeof body === "string" ? body : new TextDecoder().decode(body);
      const operation = (headers["x-amz-target"] ?? "").replace(target, "");
      const call: WireCall = { operation, input: JSON.parse(text) as Record<string, unknown> };
      calls.push(call);
      const given = answer(call);
      const failed = "error" in given;
      const answered = failed ? { __type: given.error, message: given.message } : given.body;
      const response = {
        statusCode: failed ? (given.status ?? 400) : 200,
        headers: { "content-type": "application/x-amz-json-1.1" },
        body: new TextEncoder().encode(JSON.stringify(answered)),
      };
      return Promise.resolve({ response });
    },
  };
  const credentials = { accessKeyId: "test", secretAccessKey: "test" };
  return { config: { region: "us-east-1", credentials, maxAttempts: 1, requestHandler }, calls };
}
