import type { Channel, FeaturePlanes } from "./feature-planes.js";

/** Width of the border, as a share of the side. */
const borderShare = 0.08;

interface Statistics {
  readonly channel: Channel;
  readonly mean: number;
  readonly variance: number;
}

/**
 * What colours a photograph has along its border: things of interest are mostly inside, so whatever looks unlike the
 * border is likely one of them.
 */
export class BorderModel {
  readonly #statistics: readonly Statistics[];

  constructor({ light, redGreen, yellowBlue }: FeaturePlanes) {
    this.#statistics = [light, redGreen, yellowBlue].map((channel) => {
      const { width, height } = channel.values;
      const across = Math.max(1, Math.round(width * borderShare));
      const down = Math.max(1, Math.round(height * borderShare));
      // A picture of two pixels is all border.
      const right = Math.max(across, width - across);
      const bottom = Math.max(down, height - down);
      const pixels = width * height - (right - across) * (bottom - down);
      const borderMean = (plane: Channel["values"]): number =>
        (plane.sum(0, 0, width, height) - plane.sum(across, down, right, bottom)) / pixels;
      const mean = borderMean(channel.values);
      const variance = borderMean(channel.squares) - mean * mean;
      return { channel, mean, variance: Math.max(variance, 1e-4 * channel.range ** 2) };
    });
  }

  /** How unlike the border the box around (x, y) is: 0 (the same) to 1. */
  unlike(x: number, y: number, radius: number): number {
    let sum = 0;
    for (const { channel, mean, variance } of this.#statistics) {
      sum += (channel.values.mean(x, y, radius) - mean) ** 2 / variance;
    }
    const distance = Math.sqrt(sum / this.#statistics.length);
    return distance / (1 + distance);
  }
}
