import { type AnySegmentationError, SegmentationError } from "../core/errors.js";
import type { ImportOptions } from "../importers/import-options.js";
import type { Importer } from "../importers/import-source.js";
import type { SampleSource } from "./sample-source.js";

/** The images of another tool's export; problems end the work, or are reported, as the options say. */
export function importSource<Name extends string>(
  importer: Importer<Name>,
  { onError = "throw", onSkipped }: Pick<ImportOptions<Name>, "onError" | "onSkipped">,
): SampleSource<Name> {
  if (!["throw", "skip"].includes(onError))
    throw new SegmentationError("input.invalid", `onError is ${onError}. Expected "throw" or "skip".`, {
      parameter: "onError",
      value: onError,
      expected: '"throw" or "skip"',
    });
  return {
    classes: importer.classes,
    description: importer.description,
    async collect({ store, warnings, signal }) {
      const skip = (error: unknown, uri: string): boolean => {
        if (onError === "throw" || !isDataProblem(error)) return false;
        onSkipped?.(error);
        warnings.add("skipped", `Left out: ${error.message}`, uri);
        return true;
      };
      const images = await importer.collect({
        store,
        signal,
        problem(error, uri) {
          if (!skip(error, uri)) throw error;
        },
        leftOut: (message, uri) => warnings.add("label-missing", message, uri),
      });
      return images.map((image) => ({ ...image, skip: (error: unknown) => skip(error, image.imageUri) }));
    },
  };
}

/** Trouble with one image; not with the network, and not with a label that no class was given. */
function isDataProblem(error: unknown): error is AnySegmentationError {
  const areas = ["import", "codec", "mask", "dataset.image", "dataset.mask", "manifest"] as const;
  if (!SegmentationError.is(error) || !areas.some((area) => SegmentationError.is(error, area))) return false;
  return !SegmentationError.is(error, "import.label") && !SegmentationError.is(error.cause, "import.label");
}
