/** What a {@link jpegBytes} header says. */
export interface JpegBytes {
  readonly width: number;
  readonly height: number;
  /** EXIF orientation; no EXIF segment without it. */
  readonly orientation?: number;
  /** 1 gray, 3 colour (default), 4 CMYK. */
  readonly components?: number;
  /** Bytes of application data before the frame header, in segments of 64 KB. */
  readonly padding?: number;
  /** Start-of-frame marker, default 0xc0 (baseline). */
  readonly marker?: number;
}

/** A JPEG up to its frame header (ITU-T T.81, B.1 and B.2), with no image data: for code that reads headers only. */
export function jpegBytes({
  width,
  height,
  orientation,
  components = 3,
  padding = 0,
  marker = 0xc0,
}: JpegBytes): Buffer {
  const frame = Buffer.alloc(6 + 3 * components);
  frame.writeUInt8(8, 0);
  frame.writeUInt16BE(height, 1);
  frame.writeUInt16BE(width, 3);
  frame.writeUInt8(components, 5);
  const pieces: Buffer[] = [Buffer.from([0xff, 0xd8])];
  if (orientation !== undefined) pieces.push(segment(0xe1, exif(orientation)));
  for (let left = padding; left > 0; left -= 65_533) pieces.push(segment(0xe2, Buffer.alloc(Math.min(left, 65_533))));
  return Buffer.concat([...pieces, segment(marker, frame), Buffer.from([0xff, 0xd9])]);
}

function segment(marker: number, data: Buffer): Buffer {
  const head = Buffer.from([0xff, marker, 0, 0]);
  head.writeUInt16BE(data.length + 2, 2);
  return Buffer.concat([head, data]);
}

/** TIFF 6.0, little-endian: one directory with the tag 0x0112 (orientation, SHORT). */
function exif(orientation: number): Buffer {
  const tiff = Buffer.alloc(26);
  tiff.write("II", 0, "latin1");
  tiff.writeUInt16LE(42, 2);
  tiff.writeUInt32LE(8, 4);
  tiff.writeUInt16LE(1, 8);
  tiff.writeUInt16LE(0x0112, 10);
  tiff.writeUInt16LE(3, 12);
  tiff.writeUInt32LE(1, 14);
  tiff.writeUInt16LE(orientation, 18);
  return Buffer.concat([Buffer.from("Exif\0\0", "latin1"), tiff]);
}
