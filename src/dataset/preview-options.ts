/** Options of a preview. */
export interface DatasetPreviewOptions {
  /** Most images of each half, 1 to 500; default 24. */
  readonly images?: number;
  /** Another seed shows other images; default 0. */
  readonly seed?: number;
  /** Heading of the page; default `Dataset`. */
  readonly title?: string;
  /** Bytes of image files that may be embedded; default 24 MB. Masks are shown in any case. */
  readonly maxImageBytes?: number;
  /** On abort the signal's reason is thrown. */
  readonly signal?: AbortSignal;
}
