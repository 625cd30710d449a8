/** EXIF tag of the orientation (EXIF 2.3, 4.6.4 A). */
const orientationTag = 0x0112;

/**
 * Reads the orientation out of an APP1 segment's payload.
 *
 * @returns The stored number (1 to 8 when sane; 0 and others occur), or `undefined`: no EXIF, no tag, or damaged.
 */
export function readExifOrientation(segment: Uint8Array): number | undefined {
  if (!isExif(segment)) return undefined;
  const tiff = segment.subarray(6);
  if (tiff.length < 8) return undefined;
  const view = new DataView(tiff.buffer, tiff.byteOffset, tiff.byteLength);
  const order = view.getUint16(0);
  if (order !== 0x4949 && order !== 0x4d4d) return undefined;
  const little = order === 0x4949;
  if (view.getUint16(2, little) !== 42) return undefined;
  const directory = view.getUint32(4, little);
  if (directory + 2 > tiff.length) return undefined;
  const entries = view.getUint16(directory, little);
  for (let index = 0; index < entries; index++) {
    const at = directory + 2 + index * 12;
    if (at + 12 > tiff.length) return undefined;
    if (view.getUint16(at, little) !== orientationTag) continue;
    // SHORT is the rule; some writers store a LONG.
    const type = view.getUint16(at + 2, little);
    if (type === 3) return view.getUint16(at + 8, little);
    return type === 4 ? view.getUint32(at + 8, little) : undefined;
  }
  return undefined;
}

/** Whether an APP1 payload is EXIF (XMP uses the same marker). */
export function isExif(segment: Uint8Array): boolean {
  return String.fromCharCode(...segment.subarray(0, 6)) === "Exif\0\0";
}
