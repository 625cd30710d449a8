/** Index of pixels that count for nothing in PASCAL VOC. */
export const vocVoid = 255;

/** The classes of PASCAL VOC 2012 in the order of their indices. */
export const vocClasses = [
  "background", "aeroplane", "bicycle", "bird", "boat", "bottle", "bus", "car", "cat", "chair", "cow", "diningtable",
  "dog", "horse", "motorbike", "person", "pottedplant", "sheep", "sofa", "train", "tvmonitor",
] as const; // prettier-ignore

/**
 * The colours of PASCAL VOC by index, 0 to 255: the bits of the index go in turn to red, green and blue, highest bit of
 * the colour first (the development kit's `VOClabelcolormap`).
 */
export const vocColors: readonly (readonly [number, number, number])[] = Array.from({ length: 256 }, (_, index) => {
  const channel = (first: number): number =>
    Array.from({ length: 3 }, (_, step) => ((index >> (3 * step + first)) & 1) << (7 - step)).reduce(
      (a, b) => a | b,
      0,
    );
  return [channel(0), channel(1), channel(2)] as const;
});
