import { SegmentationError } from "../core/errors.js";
import { baseName, stem } from "../core/s3-uri.js";
import type { AnyClassTable, ClassTable } from "../mask/classes.js";
import type { FailedEntry } from "../manifest/entry.js";
import type { Labels } from "../manifest/labels.js";
import type { SampleSource, SourceSample } from "./sample-source.js";

/** The labeled images of a labeling job; failed and unlabeled ones are left out with a warning. */
export function labelSource<Name extends string>(classes: ClassTable<Name>, labels: Labels<Name>): SampleSource<Name> {
  // A manifest decoded into another table would give other indices, and ignored pixels that this one does not know.
  const indices = ({ names, ignoreIndex }: AnyClassTable): string => JSON.stringify([names, ignoreIndex]);
  if (indices(labels.classes) !== indices(classes))
    throw new SegmentationError("input.invalid", "The labels were read with other classes than the dataset's.", {
      parameter: "labels",
      value: labels.classes.names,
      expected: `labels of the classes ${classes.names.join(", ")} with the ignore index ${classes.ignoreIndex}`,
    });
  return {
    classes,
    description: labels.uri,
    async collect({ store, warnings, signal }) {
      const samples: SourceSample<Name>[] = [];
      const firstLine = new Map<string, number>();
      const failures: FailedEntry[] = [];
      for await (const entry of labels.entries(signal === undefined ? {} : { signal })) {
        if (entry.state === "failed") {
          failures.push(entry);
          warnings.add("label-failed", `Left out, labeling failed: ${entry.reason}`, entry.imageUri);
          continue;
        }
        if (entry.state === "untouched") {
          warnings.add("label-missing", "Left out, nobody labeled it.", entry.imageUri);
          continue;
        }
        const earlier = firstLine.get(entry.imageUri);
        if (earlier !== undefined) throw duplicate(entry.imageUri, labels.uri, earlier, entry.line);
        firstLine.set(entry.imageUri, entry.line);
        samples.push({
          stem: stem(baseName(entry.imageUri)),
          imageUri: entry.imageUri,
          maskUri: entry.maskUri,
          async maskVersion(abort) {
            const found = await store.head(entry.maskUri, abort === undefined ? {} : { signal: abort });
            return found?.etag === undefined ? undefined : JSON.stringify([found.etag, found.size, entry.colorMap]);
          },
          async readMask(abort) {
            const { mask, findings } = await labels.mask(entry, abort === undefined ? {} : { signal: abort });
            return { mask, findings: findings.map(({ message }) => message) };
          },
        });
      }
      if (samples.length === 0 && failures[0] !== undefined) throw allFailed(labels.uri, failures.length, failures[0]);
      return samples;
    },
  };
}

/** Without the reason of one of them, "nothing labeled" would leave the user in the dark. */
function allFailed(source: string, count: number, first: FailedEntry): SegmentationError {
  return new SegmentationError(
    "dataset.empty",
    `There is no labeled image in ${source}: ${count} failed. The first is ${first.imageUri}: ${first.reason}`,
    { channel: "train", source },
  );
}

/** The same image in both halves would make the validation worthless. */
function duplicate(image: string, manifest: string, first: number, second: number): SegmentationError {
  return new SegmentationError(
    "dataset.duplicate",
    `The image ${image} is labeled twice in ${manifest}, in lines ${first} and ${second}.`,
    { name: image, sources: [`${manifest}:${first}`, `${manifest}:${second}`] },
  );
}
