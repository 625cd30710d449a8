import type { ClassTable } from "./classes.js";

/** A grid of class indices, without class names: what code needs that works with any mask. */
export interface IndexMask {
  /** Pixels per row. */
  readonly width: number;
  /** Rows. */
  readonly height: number;
  /** Class indices, `[height, width]`, row by row from the top; index of pixel (x, y) is `data[y * width + x]`. */
  readonly data: Uint8Array;
}

/** A segmentation mask: one class index per pixel, with the class table it belongs to. */
export interface Mask<in out Name extends string> extends IndexMask {
  /** The classes that the indices stand for. */
  readonly classes: ClassTable<Name>;
  /** Class index at a pixel, from the top left corner. Throws `input.invalid` outside the picture. */
  at(x: number, y: number): number;
  /** Class name at a pixel; `undefined` where it is ignored. */
  nameAt(x: number, y: number): Name | undefined;
  /** Number of pixels of each class. */
  counts(): Readonly<Record<Name, number>>;
  /** Number of ignored pixels. */
  ignored(): number;
  /** Share of a class among the pixels that are not ignored, 0 to 1 (0 when all are ignored). */
  share(name: Name): number;
  /** The mask as PNG bytes; the default is a palette PNG with the table's colours whose index is the class index. */
  toPng(options?: MaskPngOptions): Uint8Array;
}

/** How a mask is written as PNG. */
export interface MaskPngOptions {
  /** `palette` (colour type 3, the default: looks right in any viewer) or `gray` (colour type 0); both hold the index. */
  readonly kind?: "palette" | "gray";
  /** `fast` (default), `small` (some percent smaller, many times slower), or `stored` (no compression). */
  readonly compression?: "stored" | "fast" | "small";
  /** Bits per pixel: 8 (default), or the fewest of 1, 2, 4 and 8 that hold all indices and the palette. */
  readonly depth?: 8 | "smallest";
  /** Colours in the palette: as many as `needed` (default), or 256 with unused ones white as Ground Truth writes. */
  readonly paletteEntries?: "needed" | 256;
}
