import type { SegmentationError } from "../core/errors.js";
import { importOptional, unusable } from "./import-optional.js";
import type { OptionalPackage } from "./import-optional.js";

/** What computes: `"node"` is native code (onnxruntime-node), `"web"` WebAssembly (onnxruntime-web), slower by two or three. */
export type RuntimeName = "node" | "web";

/** A tensor of onnxruntime, as far as it is used here. */
export interface Tensor {
  readonly type: string;
  readonly dims: readonly number[];
  readonly data: unknown;
  dispose?(): void;
}

/** A loaded model of onnxruntime, as far as it is used here. */
export interface Session {
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  /** Missing in old versions. */
  readonly outputMetadata?: readonly { readonly name: string; readonly shape?: readonly (number | string)[] }[];
  run(feeds: Readonly<Record<string, Tensor>>, fetches: readonly string[]): Promise<Readonly<Record<string, Tensor>>>;
  release(): Promise<void>;
}

/** onnxruntime-node or onnxruntime-web: their doors are the same. */
interface RuntimeModule {
  readonly InferenceSession: {
    create(model: string | Uint8Array, options: Readonly<Record<string, unknown>>): Promise<Session>;
  };
  readonly Tensor: new (type: string, data: Uint8Array, dims: readonly number[]) => Tensor;
  readonly env: { readonly wasm: { numThreads?: number; proxy?: boolean } };
}

/** A runtime that is ready to load models. */
export interface Runtime {
  readonly name: RuntimeName;
  /** Loads a model, a file or its bytes. Throws the runtime's own errors. */
  load(model: string | Uint8Array, threads: number): Promise<Session>;
  /** A tensor of bytes. */
  bytes(data: Uint8Array, dims: readonly number[]): Tensor;
}

const packages = { node: "onnxruntime-node", web: "onnxruntime-web" } as const satisfies Record<
  RuntimeName,
  OptionalPackage
>;

/**
 * Loads the runtime that is asked for; without a name the native one, or the other where that cannot be loaded.
 *
 * @throws `onnx.runtime` with the commands that install one.
 */
export async function loadRuntime(name: RuntimeName | undefined): Promise<Runtime> {
  const wanted: readonly RuntimeName[] = name === undefined ? ["node", "web"] : [name];
  let missing: SegmentationError<"onnx.runtime"> | undefined;
  for (const candidate of wanted) {
    const found = await importOptional(packages[candidate]);
    if (found.found) return runtimeOf(candidate, found.module);
    missing ??= found.error;
  }
  if (name !== undefined && missing !== undefined) throw missing;
  throw unusable(Object.values(packages), "is needed to predict on this machine", missing);
}

function runtimeOf(name: RuntimeName, module: unknown): Runtime {
  // CommonJS modules have their exports under `default` as well, and some under it only.
  const outer = module as { readonly default?: unknown };
  const { InferenceSession, Tensor, env } = ("InferenceSession" in outer ? outer : outer.default) as RuntimeModule;
  return {
    name,
    load(model, threads) {
      if (name === "web") env.wasm.numThreads = threads;
      // Errors only: a warning would go to the standard error of the program.
      const common = { graphOptimizationLevel: "all", logSeverityLevel: 3 };
      return InferenceSession.create(
        model,
        name === "web"
          ? { ...common, executionProviders: ["wasm"] }
          : { ...common, executionProviders: ["cpu"], intraOpNumThreads: threads, interOpNumThreads: 1 },
      );
    },
    bytes: (data, dims) => new Tensor("uint8", data, dims),
  };
}
