import { SegmentationError } from "../core/errors.js";

/** Packages that are used when they are installed, with what to type to install them. */
const commands = {
  // Its install script fetches GPU libraries on Linux, and fails where it may not. What predicts is in the package.
  "onnxruntime-node": "npm install --ignore-scripts onnxruntime-node",
  "onnxruntime-web": "npm install onnxruntime-web",
  sharp: "npm install sharp",
} as const;

const scriptNote =
  " (ONNXRUNTIME_NODE_INSTALL=skip in the environment does as well as --ignore-scripts: it leaves out GPU libraries)";

/** A package that is used when it is installed. */
export type OptionalPackage = keyof typeof commands;

/** What came of an import: the module, or the error to throw when it cannot be done without. */
export type Imported =
  | { readonly found: true; readonly module: unknown }
  | { readonly found: false; readonly error: SegmentationError<"onnx.runtime"> };

/** Imports a package that may not be there. Never throws. */
export async function importOptional(
  name: OptionalPackage,
  load: (name: string) => Promise<unknown> = (specifier) => import(specifier),
): Promise<Imported> {
  try {
    return { found: true, module: await load(name) };
  } catch (cause) {
    return {
      found: false,
      error: unusable([name], isMissing(cause, name) ? "is not installed" : `cannot be loaded: ${text(cause)}`, cause),
    };
  }
}

/** The error that tells how to install one of some packages. */
export function unusable(
  packages: readonly OptionalPackage[],
  why: string,
  cause?: unknown,
): SegmentationError<"onnx.runtime"> {
  const install = packages.map((name) => commands[name]);
  return new SegmentationError(
    "onnx.runtime",
    `${packages.join(" or ")} ${why}. Install it with: ${install.join(", or: ")}${packages.includes("onnxruntime-node") ? scriptNote : ""}`,
    { packages, install },
    cause === undefined ? undefined : { cause },
  );
}

/** Not found itself; a package that it needs in turn may be missing as well. */
function isMissing(cause: unknown, name: string): boolean {
  const code = (cause as { readonly code?: unknown } | null)?.code;
  return (code === "ERR_MODULE_NOT_FOUND" || code === "MODULE_NOT_FOUND") && text(cause).includes(`'${name}'`);
}

function text(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
