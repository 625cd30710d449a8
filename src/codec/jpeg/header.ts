import { SegmentationError } from "../../core/errors.js";
import { describeKind, sniffKind } from "../sniff-kind.js";
import { isExif, readExifOrientation } from "./exif.js";

/** What a JPEG says of itself before its image data. */
export interface JpegHeader {
  /** Pixels per row as stored, before any EXIF rotation: masks have this size. */
  readonly width: number;
  /** Rows as stored. 0 when the file gives it behind the first scan only (DNL): no usable size. */
  readonly height: number;
  /** 1 gray, 3 colour (YCbCr or RGB), 4 CMYK or YCCK. */
  readonly components: number;
  /** Bits per sample; 8 in ordinary files, 12 is rare and hardly readable. */
  readonly precision: number;
  /** The start-of-frame marker, 0 to 15 as in `SOF0`. 0 and 1 are sequential, 2 is progressive. */
  readonly frame: number;
  /** The coding process in a word. */
  readonly process: "baseline" | "extended" | "progressive" | "lossless" | "hierarchical";
  /** Whether the image data is arithmetically coded, which few decoders read. */
  readonly arithmetic: boolean;
  /** How a viewer turns the picture, 1 (not at all) to 8; unusable and missing values are 1. */
  readonly orientation: number;
  /** Orientation as stored in the first EXIF segment; `undefined` when there is none. */
  readonly exifOrientation: number | undefined;
  /** `[width, height]` as a viewer shows the picture: swapped for the orientations 5 to 8. */
  readonly displaySize: readonly [width: number, height: number];
}

/**
 * Reads the header of a JPEG by walking its segments up to the first frame header; pixels are not decoded.
 *
 * The walk goes by the segments' lengths, so pictures inside of segments (EXIF thumbnails) are not mistaken for it.
 *
 * @throws `codec.jpeg` when the bytes are no JPEG, end before the frame header, or a segment is damaged.
 */
export function readJpegHeader(bytes: Uint8Array): JpegHeader {
  if (bytes[0] !== 0xff || bytes[1] !== 0xd8 || (bytes.length > 2 && bytes[2] !== 0xff)) {
    const kind = sniffKind(bytes);
    throw jpegError(`This is ${describeKind(kind === "jpeg" ? "unknown" : kind)}, not a JPEG`, 0, "a JPEG file");
  }
  let exif: { readonly orientation: number | undefined } | undefined;
  let at = 2;
  for (;;) {
    const start = at;
    // Real files have stray bytes between segments, which decoders step over; any number of fill bytes (0xff) may stand
    // before a marker anyway (ITU-T T.81, B.1.1.2).
    while (at < bytes.length && bytes[at] !== 0xff) at++;
    while (bytes[at] === 0xff) at++;
    const marker = bytes[at++];
    if (marker === undefined) throw jpegError("The file ends before the frame header", bytes.length, "a whole file");
    if (marker === 0x00 || marker === 0x01 || (marker >= 0xd0 && marker <= 0xd7)) continue;
    if (marker === 0xd8 || marker === 0xd9 || marker === 0xda) {
      throw jpegError("There is no frame header before the image data", start, "a frame header (SOF marker)");
    }
    const length = at + 2 <= bytes.length ? (bytes[at]! << 8) | bytes[at + 1]! : undefined;
    if (length === undefined || length > bytes.length - at) {
      throw jpegError("The file ends inside a segment", bytes.length, "a whole file");
    }
    if (length < 2) throw jpegError(`A segment has the length ${length}`, at, "a length of 2 or more");
    const segment = bytes.subarray(at + 2, at + length);
    if (isFrame(marker)) return readFrame(segment, marker - 0xc0, at + 2, exif?.orientation);
    if (marker === 0xe1 && exif === undefined && isExif(segment)) exif = { orientation: readExifOrientation(segment) };
    at += length;
  }
}

/** SOF0 to SOF15 without DHT (C4), JPG (C8) and DAC (CC). */
function isFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
}

/** Frame header (ITU-T T.81, B.2.2). */
function readFrame(segment: Uint8Array, frame: number, offset: number, stored: number | undefined): JpegHeader {
  if (segment.length < 6) throw jpegError("The frame header is too short", offset, "6 bytes or more");
  const height = (segment[1]! << 8) | segment[2]!;
  const width = (segment[3]! << 8) | segment[4]!;
  if (width === 0) throw jpegError("The width is 0", offset + 3, "1 to 65535");
  const orientation = stored !== undefined && stored >= 1 && stored <= 8 ? stored : 1;
  return {
    width,
    height,
    components: segment[5]!,
    precision: segment[0]!,
    frame,
    process: processOf(frame),
    arithmetic: frame > 8,
    orientation,
    exifOrientation: stored,
    displaySize: orientation >= 5 ? [height, width] : [width, height],
  };
}

/** Table B.1 of ITU-T T.81: 5 to 7 and 13 to 15 are the differential (hierarchical) ones. */
function processOf(frame: number): JpegHeader["process"] {
  if (frame === 0) return "baseline";
  const place = frame & 7;
  if (place >= 5) return "hierarchical";
  return place === 3 ? "lossless" : place === 2 ? "progressive" : "extended";
}

function jpegError(message: string, offset: number, expected: string): SegmentationError<"codec.jpeg"> {
  return new SegmentationError("codec.jpeg", `${message} (JPEG, byte ${offset}). Expected ${expected}.`, {
    offset,
    expected,
  });
}
