import type { RgbImage } from "./image.js";
import { SummedArea } from "./summed-area.js";
import type { TimeSlices } from "./time-slices.js";

/** A colour channel with what is needed for its mean and spread in any box. */
export interface Channel {
  readonly values: SummedArea;
  readonly squares: SummedArea;
  /** The channel's range: divides its values into about -1 to 1. */
  readonly range: number;
}

/** The planes of a photograph that its features are taken from. */
export interface FeaturePlanes {
  /** Red + green + blue, 0 to 765. */
  readonly light: Channel;
  /** Red - green. */
  readonly redGreen: Channel;
  /** Red + green - 2 blue. */
  readonly yellowBlue: Channel;
  /** Steepness of light. */
  readonly edges: SummedArea;
}

/** Adds up a photograph's planes, in slices. */
export async function featurePlanes(image: RgbImage, slices: TimeSlices): Promise<FeaturePlanes> {
  const { width, height, data } = image;
  const channel = async (
    range: number,
    value: (red: number, green: number, blue: number) => number,
  ): Promise<Channel> => {
    const at = (pixel: number): number => value(data[pixel * 3]!, data[pixel * 3 + 1]!, data[pixel * 3 + 2]!);
    const values = new SummedArea(width, height, at);
    await slices.pause();
    const squares = new SummedArea(width, height, (pixel) => at(pixel) ** 2);
    await slices.pause();
    return { values, squares, range };
  };
  const light = await channel(765, (red, green, blue) => red + green + blue);
  const redGreen = await channel(255, (red, green) => red - green);
  const yellowBlue = await channel(510, (red, green, blue) => red + green - 2 * blue);
  const edges = new SummedArea(width, height, (pixel) => edge(image, pixel));
  await slices.pause();
  return { light, redGreen, yellowBlue, edges };
}

/** Steepness of light at a pixel: the larger one of both directions, 0 to 765. */
export function edge({ width, height, data }: RgbImage, pixel: number): number {
  const light = (at: number): number => data[at * 3]! + data[at * 3 + 1]! + data[at * 3 + 2]!;
  const x = pixel % width;
  const left = light(x > 0 ? pixel - 1 : pixel);
  const right = light(x + 1 < width ? pixel + 1 : pixel);
  const above = light(pixel >= width ? pixel - width : pixel);
  const below = light(pixel + width < width * height ? pixel + width : pixel);
  return Math.max(Math.abs(right - left), Math.abs(below - above));
}

/** Spread (standard deviation) of a channel in the box around (x, y), whose mean is known. */
export function spreadOf({ squares }: Channel, mean: number, x: number, y: number, radius: number): number {
  return Math.sqrt(Math.max(0, squares.mean(x, y, radius) - mean * mean));
}
