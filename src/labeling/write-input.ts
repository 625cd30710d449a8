import type { ObjectStore } from "../core/object-store.js";
import { joinS3Uri } from "../core/s3-uri.js";
import { labelingLimits } from "../facts/labeling-limits.js";
import { writeInputManifest } from "../manifest/input-manifest.js";
import { earlierLines } from "./earlier-labels.js";
import { checkManifest } from "./given-manifest.js";
import { givenMaskLines } from "./given-masks.js";
import { checkedImages } from "./image-source.js";
import type { LabelingPlan } from "./labeling-plan.js";
import { refusal } from "./refusal.js";

/**
 * Writes the input manifest of a job, or checks the given one. The manifest appears only when all is right with it.
 *
 * @param seen - Called for each object.
 */
export async function writeInput<Name extends string>(
  store: ObjectStore,
  plan: LabelingPlan<Name>,
  seen: () => void,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { images, manifestUri, classes } = plan;
  if (images === undefined) return;
  let count = 0;
  const counting = (): void => {
    count++;
    seen();
  };
  const abort = signal === undefined ? {} : { signal };
  const writeLines = (lines: AsyncIterable<Uint8Array>): Promise<void> =>
    store.write(manifestUri, enough(lines), { contentType: "application/jsonlines", ...abort });
  // Checked before the manifest appears: the job would fail in its setup.
  const refuseTooFew = (): void => {
    if (plan.settings.automated === undefined || count >= labelingLimits.automatedObjects) return;
    throw refusal("images", count, `at least ${labelingLimits.automatedObjects} images with automated labeling`);
  };
  async function* enough<Part>(parts: AsyncIterable<Part>): AsyncGenerator<Part, void, void> {
    yield* parts;
    refuseTooFew();
  }
  switch (images.kind) {
    case "manifest":
      await checkManifest(store, images.uri, counting, signal);
      refuseTooFew();
      return;
    case "labels":
      return writeLines(earlierLines(store, images, counting, signal));
    case "masks": {
      const target = {
        folder: joinS3Uri(plan.folder, "masks/"),
        // The plan of such a source names it.
        attribute: plan.shown!,
        jobName: plan.name,
        classes,
        limit: labelingLimits.objects,
        now: new Date(),
        ...(images.colorMap === undefined ? {} : { colorMap: images.colorMap }),
      };
      return writeLines(givenMaskLines(store, images.masks(signal), target, counting, signal));
    }
    case "folder":
    case "list": {
      const folder = images.kind === "folder" ? images.uri : undefined;
      // A caller who points into one of our own folders means it.
      const leaveOut = plan.ownFolders.filter((own) => folder === undefined || !folder.startsWith(own));
      const found = counted(checkedImages(store, images, leaveOut, signal), counting);
      await writeInputManifest(store, manifestUri, enough(found), abort);
    }
  }
}

async function* counted(images: AsyncIterable<string>, count: () => void): AsyncGenerator<string, void, void> {
  for await (const uri of images) {
    count();
    yield uri;
  }
}
