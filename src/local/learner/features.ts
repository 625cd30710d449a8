import { BorderModel } from "./border-model.js";
import { edge, featurePlanes, spreadOf } from "./feature-planes.js";
import type { FeaturePlanes } from "./feature-planes.js";
import type { RgbImage } from "./image.js";
import type { TimeSlices } from "./time-slices.js";

/** Numbers that describe one pixel. */
export const featureCount = 56;

/** Radii of the boxes that see the surroundings, as shares of the longer side. */
const contextShares = [1 / 40, 1 / 20, 1 / 10, 1 / 5] as const;

/** Describes every pixel of one photograph by colour, texture and place at several scales. */
export class FeatureMap {
  readonly width: number;
  readonly height: number;
  readonly #border: BorderModel;
  /** Box radii: two fixed ones, then those of the context, growing. */
  readonly #radii: readonly number[];
  /** Features that all pixels share: colour and contrast of the whole picture. */
  readonly #whole: readonly number[];

  private constructor(
    private readonly image: RgbImage,
    private readonly planes: FeaturePlanes,
  ) {
    const { width, height } = image;
    this.width = width;
    this.height = height;
    this.#border = new BorderModel(planes);
    const longer = Math.max(width, height);
    this.#radii = [1, 2, ...contextShares.map((share) => Math.max(3, Math.round(share * longer)))];
    const { light, redGreen, yellowBlue } = planes;
    const mean = light.values.mean(0, 0, longer);
    this.#whole = [
      mean / light.range,
      redGreen.values.mean(0, 0, longer) / redGreen.range,
      yellowBlue.values.mean(0, 0, longer) / yellowBlue.range,
      spreadOf(light, mean, 0, 0, longer) / light.range,
    ];
  }

  /** Prepares the sums over the picture. */
  static async of(image: RgbImage, slices: TimeSlices): Promise<FeatureMap> {
    return new FeatureMap(image, await featurePlanes(image, slices));
  }

  /** Writes the features of the pixels of row `y`, one pixel after the other. */
  row(y: number, out: Float32Array): void {
    for (let x = 0; x < this.width; x++) this.pixel(x, y, out, x * featureCount);
  }

  /** Writes the features of one pixel at `at`. */
  pixel(x: number, y: number, out: Float32Array, at: number): void {
    let to = this.#ownColor(x, y, out, at);
    for (const [scale, radius] of this.#radii.entries()) to = this.#surroundings(x, y, scale, radius, out, to);
    to = this.#slopes(x, y, out, to);
    for (const value of this.#whole) out[to++] = value;
    const sideways = Math.abs((2 * x + 1) / this.width - 1);
    const down = (2 * y + 1) / this.height - 1;
    out[to++] = sideways;
    out[to++] = down;
    out[to] = Math.sqrt(sideways * sideways + down * down);
  }

  #ownColor(x: number, y: number, out: Float32Array, at: number): number {
    const { data } = this.image;
    const pixel = y * this.width + x;
    const red = data[pixel * 3]! / 255;
    const green = data[pixel * 3 + 1]! / 255;
    const blue = data[pixel * 3 + 2]! / 255;
    const high = Math.max(red, green, blue);
    out[at] = red;
    out[at + 1] = green;
    out[at + 2] = blue;
    out[at + 3] = high === 0 ? 0 : (high - Math.min(red, green, blue)) / high;
    out[at + 4] = edge(this.image, pixel) / this.planes.light.range;
    return at + 5;
  }

  /** Colour, texture and strangeness of the box of one radius. */
  #surroundings(x: number, y: number, scale: number, radius: number, out: Float32Array, at: number): number {
    const { light, redGreen, yellowBlue, edges } = this.planes;
    const meanLight = light.values.mean(x, y, radius);
    const meanRed = redGreen.values.mean(x, y, radius);
    const meanYellow = yellowBlue.values.mean(x, y, radius);
    let to = at;
    out[to++] = meanLight / light.range;
    out[to++] = meanRed / redGreen.range;
    out[to++] = meanYellow / yellowBlue.range;
    out[to++] = spreadOf(light, meanLight, x, y, radius) / light.range;
    if (scale >= 1 && scale <= 3) out[to++] = edges.mean(x, y, radius) / light.range;
    if (scale === 2 || scale === 4) {
      out[to++] = spreadOf(redGreen, meanRed, x, y, radius) / redGreen.range;
      out[to++] = spreadOf(yellowBlue, meanYellow, x, y, radius) / yellowBlue.range;
    }
    if (scale === 0 || scale === 3 || scale === 4) out[to++] = this.#border.unlike(x, y, radius);
    return to;
  }

  /** Differences of light between neighbouring boxes at several scales. */
  #slopes(x: number, y: number, out: Float32Array, at: number): number {
    const { values, range } = this.planes.light;
    let to = at;
    for (let scale = 1; scale < this.#radii.length; scale++) {
      const radius = this.#radii[scale]!;
      const step = radius + 1;
      const across = values.mean(x + step, y, radius) - values.mean(x - step, y, radius);
      const down = values.mean(x, y + step, radius) - values.mean(x, y - step, radius);
      out[to++] = Math.sqrt(across * across + down * down) / range;
      out[to++] = down / range;
    }
    return to;
  }
}
