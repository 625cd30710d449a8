import { SegmentationError } from "../../core/errors.js";
import { crc32 } from "../crc32.js";
import { freshBytes } from "../fresh-bytes.js";
import { pngSignature } from "./chunks.js";
import { compressRows } from "./compress-rows.js";
import type { PngCompression } from "./compress-rows.js";
import { storedBytes, writeStored } from "./stored-rows.js";

export type { PngCompression };

/** A picture to write. */
export interface PngSource {
  readonly width: number;
  readonly height: number;
  readonly colorType: "gray" | "palette" | "rgb" | "rgba";
  /** `height * width * channels` samples, row by row. */
  readonly samples: Uint8Array;
  /** Bits per sample, default 8; fewer for gray and palettes only, whose samples must fit. */
  readonly bitDepth?: 1 | 2 | 4 | 8;
  /** PLTE bytes, three for each entry; needed with `palette`. */
  readonly palette?: Uint8Array;
  /** tRNS bytes: the alpha of the first palette entries. */
  readonly transparency?: Uint8Array;
}

const colorTypes = { gray: [0, 1], rgb: [2, 3], palette: [3, 1], rgba: [6, 4] } as const;

/**
 * Writes a PNG of the chunks IHDR, PLTE and tRNS (palette only, if given), one IDAT, IEND; the same input gives the same bytes.
 *
 * Index rows have filter 0, since the other filters make masks larger; colour rows have Paeth, which suits photographs.
 *
 * @throws `input.invalid` for another word than those of {@link PngCompression}.
 */
export function encodePng(source: PngSource, compression: PngCompression = "fast"): Uint8Array {
  checkWord("compression", compression, ["stored", "fast", "small"]);
  const { width, height, bitDepth = 8 } = source;
  const [colorType, channels] = colorTypes[source.colorType];
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  header.set([bitDepth, colorType, 0, 0, 0], 8);

  const rows = bitDepth === 8 ? source.samples : packRows(source.samples, width, height, bitDepth);
  const bytes = rows.length / height;
  const palette = source.colorType === "palette" ? source.palette : undefined;
  const data =
    compression === "stored"
      ? {
          length: storedBytes(height, bytes),
          write: (file: Uint8Array, at: number) => writeStored(rows, bytes, file, at),
        }
      : whole(compressRows(rows, bytes, channels, compression));
  return writeChunks([
    ["IHDR", whole(header)],
    ...(palette === undefined ? [] : [["PLTE", whole(palette)] as const]),
    ...(palette === undefined || source.transparency === undefined
      ? []
      : [["tRNS", whole(source.transparency)] as const]),
    ["IDAT", data],
    ["IEND", whole(new Uint8Array(0))],
  ]);
}

/** For JavaScript users: a misspelt word would silently mean the default. */
export function checkWord(parameter: string, value: unknown, words: readonly unknown[]): void {
  if (value === undefined || words.includes(value)) return;
  const expected = words.join(" or ");
  throw new SegmentationError("input.invalid", `The ${parameter} cannot be written. Expected ${expected}.`, {
    parameter,
    value,
    expected,
  });
}

/** The data of a chunk, written when its place is known. */
interface ChunkData {
  readonly length: number;
  write(file: Uint8Array, at: number): void;
}

function whole(data: Uint8Array): ChunkData {
  return { length: data.length, write: (file, at) => file.set(data, at) };
}

/** Several samples to a byte, the leftmost in the high bits; rows begin at a byte (7.2). */
function packRows(samples: Uint8Array, width: number, height: number, bitDepth: number): Uint8Array {
  const bytes = Math.ceil((width * bitDepth) / 8);
  const rows = new Uint8Array(height * bytes);
  for (let y = 0; y < height; y++) {
    let to = y * bytes;
    let shift = 8 - bitDepth;
    let held = 0;
    for (let at = y * width; at < (y + 1) * width; at++) {
      held |= samples[at]! << shift;
      shift -= bitDepth;
      if (shift >= 0) continue;
      rows[to++] = held;
      held = 0;
      shift = 8 - bitDepth;
    }
    if (shift < 8 - bitDepth) rows[to] = held;
  }
  return rows;
}

function writeChunks(chunks: readonly (readonly [type: string, data: ChunkData])[]): Uint8Array {
  const total = chunks.reduce((sum, [, data]) => sum + 12 + data.length, pngSignature.length);
  const file = freshBytes(total);
  const view = new DataView(file.buffer);
  file.set(pngSignature);
  let at = pngSignature.length;
  for (const [type, data] of chunks) {
    view.setUint32(at, data.length);
    for (let index = 0; index < 4; index++) file[at + 4 + index] = type.charCodeAt(index);
    data.write(file, at + 8);
    const end = at + 8 + data.length;
    view.setUint32(end, crc32(file.subarray(at + 4, end)));
    at = end + 4;
  }
  return file;
}
