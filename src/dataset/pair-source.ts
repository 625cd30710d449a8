import { SegmentationError } from "../core/errors.js";
import type { ObjectStore, StoredObject } from "../core/object-store.js";
import { largestMaskFile } from "../core/read-within.js";
import { baseName } from "../core/s3-uri.js";
import { folderAddress } from "../files/file-address.js";
import type { ClassTable } from "../mask/classes.js";
import { type MaskValues, createMaskReader } from "./mask-values.js";
import { type FolderFile, pairByName } from "./pairing.js";
import type { CollectContext, SampleSource } from "./sample-source.js";

/** Two folders whose files pair by name: `s3://bucket/prefix/`, paths on this machine, or ZIP files. */
export interface PairFolders<Name extends string> {
  /** Folder of the images, e.g. `s3://bucket/images/` or `photos/`. */
  readonly images: string;
  /** Folder of the PNG masks. */
  readonly masks: string;
  /** What the masks' names have besides the images', before the extension, e.g. `"_mask"`. */
  readonly maskSuffix?: string;
  /**
   * What the values in the mask files mean: gray values or palette indices (`{ 255: "sea turtle" }`) or colours
   * (`{ "#c00000": "sea turtle" }`), each a class name, or `null` for pixels to ignore.
   *
   * Default: values are class indices, 255 is ignored, and colour pictures go by the classes' own colours.
   */
  readonly values?: MaskValues<Name>;
}

const imageName = /\.(?:jpe?g|jfif|gif|webp|bmp|tiff?|heic|avif)$/i;
const pngName = /\.png$/i;

/** Images and masks of two folders. Throws `s3.uri` and `input.invalid` for settings that cannot be right. */
export function pairSource<Name extends string>(
  classes: ClassTable<Name>,
  folders: PairFolders<Name>,
): SampleSource<Name> {
  const images = folderAddress(folders.images, "images");
  const masks = folderAddress(folders.masks, "masks");
  const { maskSuffix, values } = folders;
  const readMask = createMaskReader(classes, values);
  return {
    classes,
    description: images,
    async collect(context) {
      const found = await listFolders(images, masks, context);
      if (found.images.length === 0) throw empty("images", images, "JPEG images");
      if (found.masks.length === 0) throw empty("masks", masks, "PNG masks");
      return pairByName(found.images, found.masks, maskSuffix).map(({ stem, image, mask }) => ({
        stem,
        imageUri: image.object.uri,
        // Only S3 lists the entity tags that uploads are compared by.
        ...(image.object.etag === undefined ? {} : { listed: image.object }),
        maskUri: mask.object.uri,
        maskVersion: () =>
          Promise.resolve(
            mask.object.etag === undefined ? undefined : JSON.stringify([mask.object.etag, values ?? null]),
          ),
        readMask: async (signal) => ({
          mask: readMask(await readFile(context.store, mask.object, signal), mask.object.uri),
          findings: [],
        }),
      }));
    },
  };
}

async function listFolders(
  images: string,
  masks: string,
  context: CollectContext,
): Promise<{ readonly images: FolderFile[]; readonly masks: FolderFile[] }> {
  const found = { images: [] as FolderFile[], masks: [] as FolderFile[] };
  const skip = (uri: string, what: string): void => context.warnings.add("skipped", `Not ${what}, left out.`, uri);
  const together = images === masks;
  // One folder may lie in the other: then the inner one's files belong to it alone.
  const within = (uri: string, inner: string, outer: string): boolean =>
    !together && inner.startsWith(outer) && uri.startsWith(inner);
  for await (const file of listFolder(context, images)) {
    const { uri } = file.object;
    if (within(uri, masks, images) || (together && pngName.test(uri))) continue;
    if (imageName.test(uri) || pngName.test(uri)) found.images.push(file);
    else skip(uri, "an image");
  }
  for await (const file of listFolder(context, masks)) {
    const { uri } = file.object;
    if (within(uri, images, masks)) continue;
    if (pngName.test(uri)) found.masks.push(file);
    else if (!together) skip(uri, "a PNG mask");
  }
  return found;
}

async function* listFolder({ store, signal }: CollectContext, folder: string): AsyncGenerator<FolderFile, void, void> {
  for await (const object of store.list(folder, signal === undefined ? {} : { signal })) {
    const name = baseName(object.uri);
    // Folder marks of the S3 console and files that operating systems leave behind.
    if (name === "" || name.startsWith(".") || name === "Thumbs.db") continue;
    yield { path: object.uri.slice(folder.length), object };
  }
}

async function readFile(
  store: ObjectStore,
  { uri, size }: StoredObject,
  signal: AbortSignal | undefined,
): Promise<Uint8Array> {
  if (size > largestMaskFile)
    throw new SegmentationError("codec.limit", `The mask ${uri} has ${size} bytes; the limit is ${largestMaskFile}.`, {
      what: "bytes of a mask file",
      limit: largestMaskFile,
      actual: size,
    });
  return store.read(uri, signal === undefined ? {} : { signal });
}

function empty(channel: string, source: string, what: string): SegmentationError {
  return new SegmentationError("dataset.empty", `There are no ${what} below ${source}.`, { channel, source });
}
