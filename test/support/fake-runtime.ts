import { SageMakerRuntimeClient } from "@aws-sdk/client-sagemaker-runtime";

/** One InvokeEndpoint as it went over the wire. */
export interface Invocation {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** What a {@link fakeRuntime} answers. */
export interface RuntimeAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: Uint8Array | string;
}

/** A real runtime client with its real serialiser over answers made here. */
export function fakeRuntime(answer: (invocation: Invocation) => RuntimeAnswer | "never"): {
  readonly client: SageMakerRuntimeClient;
  readonly invocations: Invocation[];
} {
  const invocations: Invocation[] = [];
  const client = new SageMakerRuntimeClient({
    region: "us-east-1",
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
    maxAttempts: 1,
    requestHandler: {
      async handle(
        request: { method: string; path: string; headers: Record<string, string>; body?: Uint8Array },
        { abortSignal }: { abortSignal?: AbortSignal } = {},
      ) {
        const { method, path, headers, body = new Uint8Array() } = request;
        const invocation = { method, path, headers, body };
        invocations.push(invocation);
        const given = answer(invocation);
        if (given === "never") {
          await new Promise((_, reject) => {
            const abort = (): void => reject(Object.assign(new Error("Request aborted"), { name: "AbortError" }));
            if (abortSignal?.aborted === true) abort();
            abortSignal?.addEventListener("abort", abort);
          });
          throw new Error("unreachable");
        }
        const bytes = typeof given.body === "string" ? new TextEncoder().encode(given.body) : given.body;
        return { response: { statusCode: given.status ?? 200, headers: given.headers ?? {}, body: bytes } };
      },
    },
  });
  return { client, invocations };
}
