import type { RgbImage } from "./image.js";
import { SummedArea } from "./summed-area.js";
import type { TimeSlices } from "./time-slices.js";

/** Numbers that describe one pixel. */
export const featureCount = 53;

/** Radii of the boxes that see the surroundings, as shares of the longer side. */
const contextShares = [1 / 40, 1 / 20, 1 / 10, 1 / 5] as const;

/** Sums of the planes that the features are taken from. */
interface Planes {
  readonly light: SummedArea;
  readonly redGreen: SummedArea;
  readonly yellowBlue: SummedArea;
  readonly lightSquared: SummedArea;
  readonly edges: SummedArea;
}

/** Describes every pixel of one photograph by colour, texture and place at several scales. */
export class FeatureMap {
  readonly width: number;
  readonly height: number;
  readonly #image: RgbImage;
  readonly #planes: Planes;
  readonly #radii: readonly number[];
  readonly #whole: readonly [number, number, number, number];

  private constructor(image: RgbImage, planes: Planes) {
    const { width, height } = image;
    this.width = width;
    this.height = height;
    this.#image = image;
    this.#planes = planes;
    const longer = Math.max(width, height);
    this.#radii = [1, 2, ...contextShares.map((share) => Math.max(3, Math.round(share * longer)))];
    const pixels = width * height;
    const light = planes.light.sum(0, 0, width, height) / pixels;
    const squared = planes.lightSquared.sum(0, 0, width, height) / pixels;
    this.#whole = [
      light / 765,
      planes.redGreen.sum(0, 0, width, height) / pixels / 255,
      planes.yellowBlue.sum(0, 0, width, height) / pixels / 510,
      Math.sqrt(Math.max(0, squared - light * light)) / 765,
    ];
  }

  /** Prepares the sums over the picture. */
  static async of(image: RgbImage, slices: TimeSlices): Promise<FeatureMap> {
    const { width, height, data } = image;
    const plane = async (value: (red: number, green: number, blue: number) => number): Promise<SummedArea> => {
      await slices.pause();
      return new SummedArea(width, height, (at) => value(data[at * 3]!, data[at * 3 + 1]!, data[at * 3 + 2]!));
    };
    const planes = {
      light: await plane((red, green, blue) => red + green + blue),
      redGreen: await plane((red, green) => red - green),
      yellowBlue: await plane((red, green, blue) => red + green - 2 * blue),
      lightSquared: await plane((red, green, blue) => (red + green + blue) * (red + green + blue)),
      edges: new SummedArea(width, height, (at) => edge(image, at)),
    };
    await slices.pause();
    return new FeatureMap(image, planes);
  }

  /** Writes the features of the pixels of row `y`, one pixel after the other. */
  row(y: number, out: Float32Array): void {
    for (let x = 0; x < this.width; x++) this.pixel(x, y, out, x * featureCount);
  }

  /** Writes the features of one pixel at `at`. */
  pixel(x: number, y: number, out: Float32Array, at: number): void {
    const planes = this.#planes;
    const { data } = this.#image;
    const pixel = (y * this.width + x) * 3;
    const red = data[pixel]! / 255;
    const green = data[pixel + 1]! / 255;
    const blue = data[pixel + 2]! / 255;
    const high = Math.max(red, green, blue);
    const low = Math.min(red, green, blue);
    let to = at;
    out[to++] = red;
    out[to++] = green;
    out[to++] = blue;
    out[to++] = high === 0 ? 0 : (high - low) / high;
    for (const radius of this.#radii) {
      const light = planes.light.mean(x, y, radius);
      const squared = planes.lightSquared.mean(x, y, radius);
      out[to++] = light / 765;
      out[to++] = planes.redGreen.mean(x, y, radius) / 255;
      out[to++] = planes.yellowBlue.mean(x, y, radius) / 510;
      out[to++] = Math.sqrt(Math.max(0, squared - light * light)) / 765;
    }
    out[to++] = edge(this.#image, y * this.width + x) / 765;
    for (const radius of this.#radii.slice(1, 4)) out[to++] = planes.edges.mean(x, y, radius) / 765;
    to = this.#slopes(x, y, out, to);
    for (const value of this.#whole) out[to++] = value;
    const sideways = Math.abs((2 * x + 1) / this.width - 1);
    const down = (2 * y + 1) / this.height - 1;
    out[to++] = sideways;
    out[to++] = down;
    out[to] = Math.sqrt(sideways * sideways + down * down);
  }

  /** Differences of light between neighbouring boxes at several scales. */
  #slopes(x: number, y: number, out: Float32Array, at: number): number {
    const { light } = this.#planes;
    let to = at;
    for (let scale = 1; scale < 6; scale++) {
      const radius = this.#radii[scale]!;
      const step = radius + 1;
      const across = light.mean(x + step, y, radius) - light.mean(x - step, y, radius);
      const down = light.mean(x, y + step, radius) - light.mean(x, y - step, radius);
      out[to++] = Math.sqrt(across * across + down * down) / 765;
      out[to++] = down / 765;
    }
    return to;
  }
}

/** Steepness of light at a pixel: the larger one of both directions. */
function edge({ width, height, data }: RgbImage, pixel: number): number {
  const light = (at: number): number => data[at * 3]! + data[at * 3 + 1]! + data[at * 3 + 2]!;
  const x = pixel % width;
  const left = light(x > 0 ? pixel - 1 : pixel);
  const right = light(x + 1 < width ? pixel + 1 : pixel);
  const above = light(pixel >= width ? pixel - width : pixel);
  const below = light(pixel + width < width * height ? pixel + width : pixel);
  return Math.max(Math.abs(right - left), Math.abs(below - above));
}
