import { decodeJpegPlainly } from "../codec/jpeg/decode-plainly.js";
import { importOptional } from "./import-optional.js";
import { widenGray, withoutAlpha } from "./rgb-picture.js";
import type { RgbPicture } from "./rgb-picture.js";

/**
 * Which decoder reads JPEG: `"sharp"` has exactly the pixels that MXNet has, `"plain"` is JavaScript and differs where
 * colour is stored at half size; `"auto"` takes sharp where it is installed.
 */
export type JpegDecoder = "auto" | "sharp" | "plain";

/** What is used of sharp. */
type Sharp = (
  input: Uint8Array,
  options: { readonly failOn: "error"; readonly ignoreIcc: boolean; readonly limitInputPixels: number },
) => SharpPicture;

interface SharpPicture {
  raw(): SharpPicture;
  toBuffer(options: { readonly resolveWithObject: true }): Promise<{
    readonly data: Uint8Array;
    readonly info: { readonly width: number; readonly height: number; readonly channels: number };
  }>;
}

/** What jpeg-js may need for its planes, in MB. */
const maxMemory = 2048;

/** Decodes a JPEG as stored, without turning it. Throws whatever the decoder throws for damaged files. */
export async function decodeJpeg(
  bytes: Uint8Array,
  components: number,
  decoder: JpegDecoder,
  maxPixels: number,
): Promise<RgbPicture> {
  // With four components sharp goes through colour profiles, MXNet does not.
  const sharp = components === 4 || decoder === "plain" ? undefined : await loadSharp(decoder);
  return sharp === undefined
    ? decodeJpegPlainly(bytes, { maxPixels, maxMemory })
    : decodeWithSharp(sharp, bytes, maxPixels);
}

async function loadSharp(decoder: JpegDecoder): Promise<Sharp | undefined> {
  const found = await importOptional("sharp");
  if (found.found) return (found.module as { readonly default: Sharp }).default;
  if (decoder === "sharp") throw found.error;
  return undefined;
}

async function decodeWithSharp(sharp: Sharp, bytes: Uint8Array, maxPixels: number): Promise<RgbPicture> {
  // The stored colours count, as in MXNet, whatever profile lies beside them.
  const { data, info } = await sharp(bytes, { failOn: "error", ignoreIcc: true, limitInputPixels: maxPixels })
    .raw()
    .toBuffer({ resolveWithObject: true });
  const { width, height, channels } = info;
  return channels === 1 ? widenGray(width, height, data) : withoutAlpha(width, height, data);
}
