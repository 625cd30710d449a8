import { decode } from "jpeg-js";
import { describe, expect, test } from "vitest";
import { encodeJpeg } from "../../demo/scenes/jpeg.js";
import { readJpegHeader } from "../../src/masks.js";

/** Mean difference of a channel's value after writing and reading with an independent decoder. */
function loss(width: number, height: number, value: (x: number, y: number, c: number) => number): number {
  const rgb = Uint8Array.from({ length: width * height * 3 }, (_, at) => {
    const pixel = Math.floor(at / 3);
    return value(pixel % width, Math.floor(pixel / width), at % 3);
  });
  const jpeg = encodeJpeg(width, height, rgb);
  expect(readJpegHeader(jpeg)).toMatchObject({ width, height });
  const read = decode(jpeg, { useTArray: true });
  expect([read.width, read.height]).toEqual([width, height]);
  let sum = 0;
  for (let pixel = 0; pixel < width * height; pixel++) {
    for (let c = 0; c < 3; c++) sum += Math.abs(read.data[pixel * 4 + c]! - rgb[pixel * 3 + c]!);
  }
  return sum / rgb.length;
}

describe("the JPEG writer of the scenes", () => {
  test("keeps smooth pictures nearly as they are", () => {
    expect(loss(64, 48, (x, y, c) => 40 + 2 * x + y + 20 * c)).toBeLessThan(1.5);
  });

  test("takes sizes that are no multiple of eight, down to one pixel", () => {
    expect(loss(13, 9, (x, y) => 8 * x + 9 * y)).toBeLessThan(2);
    expect(loss(1, 1, (_x, _y, c) => [200, 10, 90][c]!)).toBeLessThan(3);
  });

  test("survives black and white noise, the hardest picture to write", () => {
    const noise = (x: number, y: number): number => ((x * 7919 + y * 104729 + ((x * y) % 7) * 31) % 5 < 2 ? 255 : 0);
    expect(loss(40, 40, noise)).toBeLessThan(6);
  });
});
