import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { decodePicture } from "../../src/inference/decode-picture.js";
import { importOptional } from "../../src/inference/import-optional.js";

/** Picture files of 15 kinds with the RGB bytes that MXNet 1.9.1 makes of them. */
const folder = join(import.meta.dirname, "../../../shared/peers/mxnet/decodes");
const present = existsSync(folder);
const cases = present
  ? (JSON.parse(readFileSync(join(folder, "decodes.json"), "utf8")) as {
      file: string;
      rgb: string;
      shape: [height: number, width: number, channels: number];
    }[])
  : [];
const hasSharp = (await importOptional("sharp")).found;

/**
 * Largest difference of the JavaScript decoder. It repeats colours that are stored at half size where libjpeg blends
 * them; where nothing is halved only the inverse transform rounds differently.
 */
const plainBounds: Readonly<Record<string, readonly [largest: number, mean: number]>> = {
  "baseline-444.jpg": [3, 0.6],
  "grey.jpg": [1, 0.1],
  "cmyk.jpg": [3, 1],
};
const halvedBounds = [75, 5] as const;

describe.skipIf(!present)("pictures as MXNet decodes them (../shared/peers/mxnet/decodes)", () => {
  async function compare(file: string, jpeg: "sharp" | "plain", [height, width]: readonly number[], rgb: string) {
    const bytes = new Uint8Array(readFileSync(join(folder, file)));
    const picture = await decodePicture(bytes, { maxPixels: 10_000, orient: "ignore", jpeg });
    expect([picture.width, picture.height]).toEqual([width, height]);
    const expected = readFileSync(join(folder, rgb));
    expect(picture.data).toHaveLength(expected.length);
    const away = picture.data.map((value, at) => Math.abs(value - expected[at]!));
    return { largest: away.reduce((a, b) => Math.max(a, b), 0), mean: away.reduce((a, b) => a + b, 0) / away.length };
  }

  it.each(cases.filter(({ file }) => file.endsWith(".png")))("$file: the same bytes", async ({ file, shape, rgb }) => {
    expect(await compare(file, "plain", shape, rgb)).toEqual({ largest: 0, mean: 0 });
  });

  const photographs = cases.filter(({ file }) => file.endsWith(".jpg"));
  it.skipIf(!hasSharp).each(photographs)(
    "$file with sharp: the same bytes but for CMYK",
    async ({ file, shape, rgb }) => {
      const { largest } = await compare(file, "sharp", shape, rgb);
      expect(largest).toBeLessThanOrEqual(file === "cmyk.jpg" ? 3 : 0);
    },
  );

  it.each(photographs)("$file in JavaScript: within the stated bound", async ({ file, shape, rgb }) => {
    const { largest, mean } = await compare(file, "plain", shape, rgb);
    const bounds = plainBounds[file] ?? halvedBounds;
    console.log(`${file} with jpeg-js: at most ${largest}, on average ${mean.toFixed(2)}`);
    expect(largest).toBeLessThanOrEqual(bounds[0]);
    expect(mean).toBeLessThanOrEqual(bounds[1]);
  });

  it("the EXIF orientation turns the picture only when asked to", async () => {
    const bytes = new Uint8Array(readFileSync(join(folder, "exif-6.jpg")));
    const rules = { maxPixels: 10_000, jpeg: "plain" } as const;
    const stored = await decodePicture(bytes, { ...rules, orient: "ignore" });
    const turned = await decodePicture(bytes, { ...rules, orient: "apply" });
    expect([turned.width, turned.height]).toEqual([stored.height, stored.width]);
    // 6: the stored left column is the top row, from bottom to top.
    const pixel = (picture: typeof stored, x: number, y: number) => [
      ...picture.data.subarray((y * picture.width + x) * 3, (y * picture.width + x) * 3 + 3),
    ];
    expect(pixel(turned, 0, 0)).toEqual(pixel(stored, 0, stored.height - 1));
    expect(pixel(turned, turned.width - 1, 5)).toEqual(pixel(stored, 5, 0));
  });
});
