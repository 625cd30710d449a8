import { SageMakerClient } from "@aws-sdk/client-sagemaker";

/** One request as it went over the wire. */
export interface WireCall {
  /** Operation, e.g. `CreateLabelingJob`. */
  readonly operation: string;
  readonly input: Readonly<Record<string, unknown>>;
}

/** What a {@link fakeSageMaker} answers: a body, or an error by AWS's name. */
export type WireAnswer =
  | { readonly body: Readonly<Record<string, unknown>> }
  | { readonly error: string; readonly message: string; readonly status?: number };

/** A real client with its real serialiser over answers made here, and the list of calls it made. */
export function fakeSageMaker(answer: (call: WireCall) => WireAnswer): {
  readonly client: SageMakerClient;
  readonly calls: WireCall[];
} {
  const calls: WireCall[] = [];
  const client = new SageMakerClient({
    region: "us-east-1",
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
    maxAttempts: 1,
    requestHandler: {
      handle(request: { headers: Record<string, string>; body?: Uint8Array | string }) {
        const { body = "{}" } = request;
        const call: WireCall = {
          operation: (request.headers["x-amz-target"] ?? "").replace("SageMaker.", ""),
          input: JSON.parse(typeof body === "string" ? body : new TextDecoder().decode(body)) as Record<
            string,
            unknown
          >,
        };
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
    },
  });
  return { client, calls };
}
