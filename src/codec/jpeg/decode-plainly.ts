/** How much a decoding may take. */
export interface PlainJpegLimits {
  readonly maxPixels: number;
  /** Of the decoder's planes, in MB. */
  readonly maxMemory: number;
}

/**
 * Decodes a JPEG in JavaScript as it is stored: red, green, blue, row by row, not turned. Throws the decoder's own error
 * for damaged files and above the limits.
 */
export async function decodeJpegPlainly(
  bytes: Uint8Array,
  { maxPixels, maxMemory }: PlainJpegLimits,
): Promise<{ readonly width: number; readonly height: number; readonly data: Uint8Array }> {
  const { default: jpeg } = await import("jpeg-js");
  const { width, height, data } = jpeg.decode(bytes, {
    useTArray: true,
    formatAsRGBA: false,
    tolerantDecoding: false,
    maxResolutionInMP: maxPixels / 1_000_000,
    maxMemoryUsageInMB: maxMemory,
  });
  return { width, height, data };
}
