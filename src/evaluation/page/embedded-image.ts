import { Buffer } from "node:buffer";
import { sniffKind } from "../../codec/sniff-kind.js";

/**
 * An image file as a data URI that a browser shows in its stored orientation, as masks are; `undefined` for anything
 * but JPEG and PNG.
 */
export function imageDataUri(file: Uint8Array): string | undefined {
  const kind = sniffKind(file);
  if (kind === "jpeg") return dataUri("image/jpeg", withoutMetadata(file));
  return kind === "png" ? dataUri("image/png", file) : undefined;
}

/** A PNG as data URI. */
export function pngDataUri(png: Uint8Array): string {
  return dataUri("image/png", png);
}

function dataUri(type: string, { buffer, byteOffset, byteLength }: Uint8Array): string {
  return `data:${type};base64,${Buffer.from(buffer, byteOffset, byteLength).toString("base64")}`;
}

/** EXIF and XMP, IPTC, comments. */
const metadataMarkers = new Set([0xe1, 0xed, 0xfe]);
const startOfScan = 0xda;

/**
 * A JPEG without EXIF, IPTC and comments: a report is passed on, and where a photograph was taken is nobody's concern;
 * the EXIF orientation would turn the image under its mask. The picture itself is untouched. What cannot be read so far
 * is left as it is.
 */
export function withoutMetadata(jpeg: Uint8Array): Uint8Array {
  const kept: Uint8Array[] = [jpeg.subarray(0, 2)];
  let at = 2;
  for (;;) {
    const start = at;
    // Any number of 0xFF may stand before a marker (ITU T.81, B.1.1.2).
    while (jpeg[at] === 0xff && jpeg[at + 1] === 0xff) at++;
    const marker = jpeg[at + 1];
    if (jpeg[at] !== 0xff || marker === undefined || at + 4 > jpeg.length) return jpeg;
    if (marker === startOfScan) {
      kept.push(jpeg.subarray(start));
      return Buffer.concat(kept);
    }
    at += 2 + ((jpeg[at + 2]! << 8) | jpeg[at + 3]!);
    if (!metadataMarkers.has(marker)) kept.push(jpeg.subarray(start, at));
  }
}
