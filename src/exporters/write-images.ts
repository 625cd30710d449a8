import { sniffKind } from "../codec/sniff-kind.js";
import { mapConcurrently } from "../core/concurrency.js";
import { SegmentationError } from "../core/errors.js";
import type { ObjectStore } from "../core/object-store.js";
import { progressReporter } from "../core/progress.js";
import { stem } from "../core/s3-uri.js";
import { withLocalFiles } from "../files/any-store.js";
import { addressBelow, folderAddress, isS3 } from "../files/file-address.js";
import type { LabeledImage } from "../mask/labeled-image.js";
import type { Mask } from "../mask/mask.js";
import type { DatasetExportOptions } from "./export-options.js";

/** Where files go. */
export interface ExportTarget {
  /** Address of the folder, ending in `/`. */
  readonly folder: string;
  readonly store: ObjectStore;
}

/** One image that was written. */
export interface ExportedImage<in out Name extends string> {
  /** Name without extension, folders in front of it included. */
  readonly stem: string;
  /** Name with extension. */
  readonly file: string;
  readonly mask: Mask<Name>;
}

/** How an export lays its files out. */
export interface ExportLayout<in out Name extends string> {
  /** Folder of the images below the export's, ending in `/`. */
  readonly images: string;
  /** Folder of the masks, ending in `/`. */
  readonly masks: string;
  encode(mask: Mask<Name>): Uint8Array;
}

/** Images in flight at a time. */
const parallelImages = 8;

/** The place to write to. Throws `s3.uri`, and `input.invalid` for S3 without a store. */
export function exportTarget(given: string, { store }: DatasetExportOptions): ExportTarget {
  const folder = folderAddress(given, "folder");
  if (isS3(folder) && store === undefined) {
    const expected = "the option store: session.store for a folder in S3";
    throw new SegmentationError("input.invalid", `The export has no store for ${folder}. Expected ${expected}.`, {
      parameter: "store",
      expected,
    });
  }
  // Without a store nothing asks it, since all addresses are of this machine.
  return { folder, store: withLocalFiles(store ?? ({} as ObjectStore)) };
}

/**
 * Writes images and masks; what `keep` makes of each is given in the order of the images.
 *
 * @throws `dataset.duplicate` for two images of one name, `import.path` for a name that leads out of the folder.
 */
export async function writeImages<Name extends string, Kept>(
  images: AsyncIterable<LabeledImage<Name>> | Iterable<LabeledImage<Name>>,
  { folder, store }: ExportTarget,
  layout: ExportLayout<Name>,
  keep: (image: ExportedImage<Name>) => Kept,
  options: DatasetExportOptions,
): Promise<Kept[]> {
  const { signal } = options;
  const abort = signal === undefined ? {} : { signal };
  const names = new Set<string>();
  const reporter = progressReporter(options.progress, "export", "images");
  let done = 0;
  try {
    return await mapConcurrently(
      images,
      parallelImages,
      async (labeled) => {
        const { name } = labeled;
        const bare = stem(name);
        // Two photographs that differ in their extension would share a mask.
        if (names.has(bare)) throw duplicate(bare);
        names.add(bare);
        const [bytes, mask] = [await labeled.image(signal), await labeled.mask(signal)];
        const file = `${bare}.${sniffKind(bytes) === "png" ? "png" : "jpg"}`;
        await store.write(addressBelow(folder + layout.images, file, name), bytes, abort);
        await store.write(addressBelow(folder + layout.masks, `${bare}.png`, name), layout.encode(mask), {
          contentType: "image/png",
          ...abort,
        });
        reporter.report(++done);
        return keep({ stem: bare, file, mask });
      },
      signal,
    );
  } finally {
    reporter.end();
  }
}

/** Writes a text file of an export. */
export async function writeText(
  { folder, store }: ExportTarget,
  name: string,
  text: string,
  { signal }: DatasetExportOptions,
): Promise<void> {
  await store.write(folder + name, new TextEncoder().encode(text), signal === undefined ? {} : { signal });
}

function duplicate(name: string): SegmentationError<"dataset.duplicate"> {
  const message = `Two images of the export have the name "${name}".`;
  return new SegmentationError("dataset.duplicate", message, { name, sources: [name, name] });
}
