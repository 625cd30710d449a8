/** Runs ONNX models in the tests: WebAssembly, which every installation has, or native code where it is installed. */
import * as web from "onnxruntime-web";

export interface TestSession {
  run(rgb: Uint8Array, shape: readonly [n: number, height: number, width: number]): Promise<Record<string, TestTensor>>;
  release(): Promise<void>;
}

export interface TestTensor {
  readonly data: Float32Array | Uint8Array;
  readonly dims: readonly number[];
}

/** The parts of a runtime that both have. */
interface Runtime {
  readonly InferenceSession: {
    create(
      bytes: Uint8Array,
      options: object,
    ): Promise<{
      run(feeds: Record<string, unknown>): Promise<Record<string, unknown>>;
      release(): Promise<void>;
    }>;
  };
  readonly Tensor: new (type: "uint8", data: Uint8Array, dims: readonly number[]) => unknown;
}

export async function webSession(model: Uint8Array): Promise<TestSession> {
  web.env.wasm.numThreads = 1;
  return session(web, model, {});
}

/** The native runtime, or `undefined` where it is not installed (`npm run runtime` installs it). */
export async function nativeRuntime(): Promise<((model: Uint8Array) => Promise<TestSession>) | undefined> {
  try {
    const name = "onnxruntime-node";
    const loaded = (await import(name)) as Runtime | { readonly default: Runtime };
    const runtime = "InferenceSession" in loaded ? loaded : loaded.default;
    return (model) => session(runtime, model, { intraOpNumThreads: 2 });
  } catch {
    return undefined;
  }
}

async function session(runtime: Runtime, model: Uint8Array, options: object): Promise<TestSession> {
  const inner = await runtime.InferenceSession.create(model, { ...options, logSeverityLevel: 3 });
  return {
    run: async (rgb, shape) =>
      // Every output of these models is a tensor in memory.
      (await inner.run({ image: new runtime.Tensor("uint8", rgb, [...shape, 3]) })) as Record<string, TestTensor>,
    release: () => inner.release(),
  };
}
