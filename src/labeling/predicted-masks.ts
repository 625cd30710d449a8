import type { ObjectStore } from "../core/object-store.js";
import { largestImageFile, readWithin } from "../core/read-within.js";
import type { IndexMask } from "../mask/mask.js";
import type { GivenMask } from "./given-masks.js";
import { checkedImages } from "./image-source.js";
import type { NamedImages } from "./image-source.js";

/** Makes masks of images: an endpoint's predictor, a model on this machine, a function of yours. */
export interface MaskMaker {
  /** The mask of an image file (JPEG or PNG bytes), of the image's stored size. */
  mask(image: Uint8Array, options?: { readonly signal?: AbortSignal }): Promise<IndexMask>;
}

/** The images of a source with masks that are predicted when their turn comes. */
export function predictedMasks(
  store: ObjectStore,
  predictor: MaskMaker,
  source: NamedImages,
): (signal: AbortSignal | undefined) => AsyncGenerator<GivenMask, void, void> {
  return async function* (signal) {
    for await (const image of checkedImages(store, source, [], signal)) {
      yield {
        image,
        mask: async (abort) => {
          const bytes = await readWithin(store, image, { what: "image", limit: largestImageFile, signal: abort });
          return predictor.mask(bytes, { signal: abort });
        },
      };
    }
  };
}
