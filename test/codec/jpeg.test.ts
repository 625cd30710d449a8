import { describe, expect, it } from "vitest";
import { readJpegHeader } from "../../src/codec/jpeg/header.js";
import { sniffImage } from "../../src/codec/sniff-image.js";
import { SegmentationError } from "../../src/core/errors.js";

/** A segment: marker, length, payload (ITU-T T.81, B.1.1.4). */
const segment = (marker: number, payload: readonly number[]): number[] => [
  0xff,
  marker,
  (payload.length + 2) >> 8,
  (payload.length + 2) & 255,
  ...payload,
];

const frame = (width: number, height: number, components = 3, precision = 8): number[] => [
  precision,
  height >> 8,
  height & 255,
  width >> 8,
  width & 255,
  components,
  ...Array.from({ length: components }, (_, index) => [index + 1, 0x11, 0]).flat(),
];

const soi = [0xff, 0xd8];

/** An EXIF segment with one entry (TIFF 6.0, section 2). */
function exif(order: "II" | "MM", type: 3 | 4, value: number): number[] {
  const little = order === "II";
  const number = (value: number, size: number): number[] => {
    const bytes = Array.from({ length: size }, (_, at) => (value >> (8 * at)) & 255);
    return little ? bytes : bytes.reverse();
  };
  const stored = type === 3 ? [...number(value, 2), 0, 0] : number(value, 4);
  const tiff = [...Buffer.from(order), ...number(42, 2), ...number(8, 4)];
  const directory = [...number(1, 2), ...number(0x112, 2), ...number(type, 2), ...number(1, 4), ...stored];
  return segment(0xe1, [...Buffer.from("Exif\0\0"), ...tiff, ...directory, 0, 0, 0, 0]);
}

const header = (...parts: readonly number[][]) => readJpegHeader(Uint8Array.from([...soi, ...parts.flat()]));

describe("readJpegHeader", () => {
  it("reads size, components and precision of the frame", () => {
    expect(header(segment(0xe0, [1, 2, 3]), segment(0xc0, frame(640, 480)))).toEqual({
      width: 640,
      height: 480,
      components: 3,
      precision: 8,
      frame: 0,
      process: "baseline",
      arithmetic: false,
      orientation: 1,
      exifOrientation: undefined,
      displaySize: [640, 480],
    });
  });

  // Table B.1 of ITU-T T.81.
  it.each([
    [0xc0, "baseline", false],
    [0xc1, "extended", false],
    [0xc2, "progressive", false],
    [0xc3, "lossless", false],
    [0xc5, "hierarchical", false],
    [0xc9, "extended", true],
    [0xca, "progressive", true],
    [0xcb, "lossless", true],
    [0xcf, "hierarchical", true],
  ] as const)("knows the process of marker %i", (marker, process, arithmetic) => {
    expect(header(segment(marker, frame(8, 9)))).toMatchObject({ process, arithmetic, frame: marker - 0xc0 });
  });

  it("does not take tables for frames", () => {
    expect(header(segment(0xc4, frame(1, 1)), segment(0xcc, frame(2, 2)), segment(0xc0, frame(3, 3))).width).toBe(3);
  });

  it("reads the orientation in both byte orders and as SHORT or LONG", () => {
    for (const order of ["II", "MM"] as const) {
      for (const type of [3, 4] as const) {
        for (let value = 1; value <= 8; value++) {
          const found = header(exif(order, type, value), segment(0xc0, frame(40, 30)));
          expect(found.orientation).toBe(value);
          expect(found.displaySize).toEqual(value >= 5 ? [30, 40] : [40, 30]);
        }
      }
    }
  });

  it("takes unusable orientations for 1 and the first EXIF segment of two", () => {
    const odd = header(exif("II", 3, 9), exif("II", 3, 6), segment(0xc0, frame(40, 30)));
    expect(odd).toMatchObject({ orientation: 1, exifOrientation: 9, displaySize: [40, 30] });
  });

  it("reports height 0 where the file gives it later", () => {
    expect(header(segment(0xc0, frame(40, 0))).height).toBe(0);
    expect(sniffImage(Uint8Array.from([...soi, ...segment(0xc0, frame(40, 0))]))).not.toHaveProperty("height");
  });

  it("steps over fill bytes and stray bytes between segments", () => {
    expect(header(segment(0xe0, [1]), [0, 7, 0xff, 0xff, 0xff], segment(0xc0, frame(3, 4)).slice(1)).width).toBe(3);
  });

  it("ends every truncation with a typed error", () => {
    const whole = [...soi, ...exif("MM", 3, 6), ...segment(0xc0, frame(40, 30))];
    for (let length = 0; length < whole.length; length++) {
      expect(() => readJpegHeader(Uint8Array.from(whole.slice(0, length)))).toThrow(SegmentationError);
    }
  });

  it.each<[string, number[], RegExp]>([
    ["a PNG", [0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10], /This is a PNG image, not a JPEG/],
    ["a GIF", [...Buffer.from("GIF89a")], /This is a GIF image/],
    ["a segment length of 0", [...soi, 0xff, 0xe0, 0, 0], /length 0/],
    ["no frame before the scan", [...soi, ...segment(0xda, [1])], /no frame header/],
    ["a short frame header", [...soi, ...segment(0xc0, [8, 0, 1])], /too short/],
    ["width 0", [...soi, ...segment(0xc0, frame(0, 5))], /width is 0/],
  ])("refuses %s", (_, bytes, message) => {
    expect(() => readJpegHeader(Uint8Array.from(bytes))).toThrow(message);
  });

  it("survives EXIF directories that point anywhere", () => {
    for (const offset of [0, 7, 1000, 0x7fffffff]) {
      const tiff = [0x4d, 0x4d, 0, 42, ...[24, 16, 8, 0].map((shift) => (offset >>> shift) & 255)];
      const found = header(segment(0xe1, [...Buffer.from("Exif\0\0"), ...tiff]), segment(0xc0, frame(5, 6)));
      expect(found.exifOrientation).toBeUndefined();
    }
  });
});

describe("sniffImage", () => {
  it.each([
    ["jpeg", [0xff, 0xd8, 0xff]],
    ["png", [0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10]],
    ["gif", [...Buffer.from("GIF87a")]],
    ["webp", [...Buffer.from("RIFF\0\0\0\0WEBPVP8 ")]],
    ["heif", [...Buffer.from("\0\0\0\x18ftypheic", "latin1")]],
    ["tiff", [...Buffer.from("II*\0")]],
    ["bmp", [...Buffer.from("BM")]],
    ["zip", [...Buffer.from("PK\x03\x04")]],
    ["gzip", [0x1f, 0x8b]],
    ["pdf", [...Buffer.from("%PDF-1.7")]],
    ["html", [...Buffer.from("\n<!DOCTYPE html><html>")]],
    ["xml", [...Buffer.from("\ufeff<?xml version='1.0'?>")]],
    ["xml", [...Buffer.from("<Error><Code>NoSuchKey</Code></Error>")]],
    ["json", [...Buffer.from(' {"a": 1}')]],
    ["text", [...Buffer.from("hello")]],
    ["empty", []],
    ["unknown", [0, 1, 2, 3]],
  ] as const)("tells %s by content", (kind, bytes) => {
    expect(sniffImage(Uint8Array.from(bytes)).kind).toBe(kind);
  });
});
