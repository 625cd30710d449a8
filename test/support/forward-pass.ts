/**
 * The networks in plain arithmetic, float64, written from the description of GluonCV's classes (`resnetv1b.py`, `fcn.py`,
 * `pspnet.py`, `deeplabv3.py`) and not from the graphs under test: loops over pixels, nothing clever. For thin networks.
 */
import type { WrittenArray } from "./params-bytes.js";
import type { NetSpec } from "./thin-nets.js";

/** Numbers in channel, row, column. */
interface Plane {
  readonly channels: number;
  readonly height: number;
  readonly width: number;
  readonly data: Float64Array;
}

type Weights = ReadonlyMap<string, { readonly shape: readonly number[]; readonly values: Float32Array }>;

/** The bins of PSPNet from GluonCV 0.4.0 on. */
const pyramid = [1, 2, 3, 6];

/** Logits `[classes, height, width]` of a picture, uint8 RGB row by row. */
export function forwardPass(
  spec: Pick<NetSpec, "algorithm" | "depth">,
  arrays: readonly WrittenArray[],
  picture: { readonly rgb: Uint8Array; readonly height: number; readonly width: number },
  bins: readonly number[] = pyramid,
): Float64Array {
  const weights: Weights = new Map(
    arrays.map(({ name, shape, data }) => [name, { shape, values: new Float32Array(data.slice().buffer) }]),
  );
  const net = new Net(weights);
  const features = net.backbone(normalized(picture), spec.depth);
  const coarse = net.head(features, spec.algorithm, bins);
  return resized(coarse, picture.height, picture.width).data;
}

function normalized({ rgb, height, width }: { rgb: Uint8Array; height: number; width: number }): Plane {
  const [mean, deviation] = [
    [0.485, 0.456, 0.406],
    [0.229, 0.224, 0.225],
  ] as const;
  const data = new Float64Array(3 * height * width);
  for (let channel = 0; channel < 3; channel++) {
    for (let pixel = 0; pixel < height * width; pixel++) {
      const part = rgb[3 * pixel + channel]! / 255;
      data[channel * height * width + pixel] = (part - mean[channel]!) / deviation[channel]!;
    }
  }
  return { channels: 3, height, width, data };
}

class Net {
  constructor(private readonly weights: Weights) {}

  backbone(picture: Plane, depth: 50 | 101): Plane {
    let x = this.unit(picture, "conv1.0", "conv1.1", 2, 1);
    x = this.unit(x, "conv1.3", "conv1.4", 1, 1);
    x = this.unit(x, "conv1.6", "bn1", 1, 1);
    x = maxPool(x);
    const counts = [3, 4, depth === 50 ? 6 : 23, 3];
    for (const [layer, count] of counts.entries()) {
      for (let block = 0; block < count; block++) {
        // Layers 3 and 4 spread their kernels instead of halving; their first block half as far as the others.
        const dilation = layer < 2 ? 1 : (layer === 2 ? 2 : 4) / (block === 0 ? 2 : 1);
        x = this.block(x, `layer${layer + 1}.${block}`, layer === 1 && block === 0 ? 2 : 1, dilation);
      }
    }
    return x;
  }

  head(x: Plane, algorithm: NetSpec["algorithm"], bins: readonly number[]): Plane {
    if (algorithm === "fcn") return this.classifier(x);
    if (algorithm === "psp") {
      const levels = bins.map((count, index) => {
        const small = this.unit(
          adaptivePool(x, count),
          `head.psp.conv${index + 1}.0`,
          `head.psp.conv${index + 1}.1`,
          1,
          1,
        );
        return resized(small, x.height, x.width);
      });
      return this.classifier(joined([x, ...levels]));
    }
    const aspp = "head.aspp.concurent";
    const branches = [1, 12, 24, 36].map((rate, index) =>
      this.unit(x, `${aspp}.${index}.0`, `${aspp}.${index}.1`, 1, rate),
    );
    const mean = this.unit(adaptivePool(x, 1), `${aspp}.4.gap.1`, `${aspp}.4.gap.2`, 1, 1);
    const all = joined([...branches, resized(mean, x.height, x.width)]);
    return this.classifier(this.unit(all, "head.aspp.project.0", "head.aspp.project.1", 1, 1));
  }

  private classifier(x: Plane): Plane {
    const scores = this.conv(this.unit(x, "head.block.0", "head.block.1", 1, 1), "head.block.4", 1, 1);
    const bias = this.values("head.block.4.bias");
    const size = scores.height * scores.width;
    return { ...scores, data: scores.data.map((value, at) => value + bias[Math.floor(at / size)]!) };
  }

  private block(x: Plane, name: string, stride: number, dilation: number): Plane {
    let inner = this.unit(x, `${name}.conv1`, `${name}.bn1`, 1, 1);
    inner = this.unit(inner, `${name}.conv2`, `${name}.bn2`, stride, dilation);
    inner = this.norm(this.conv(inner, `${name}.conv3`, 1, 1), `${name}.bn3`);
    const shortcut = this.weights.has(`${name}.downsample.0.weight`)
      ? this.norm(this.conv(x, `${name}.downsample.0`, stride, 1), `${name}.downsample.1`)
      : x;
    return { ...inner, data: inner.data.map((value, at) => Math.max(0, value + shortcut.data[at]!)) };
  }

  private unit(x: Plane, conv: string, norm: string, stride: number, dilation: number): Plane {
    const out = this.norm(this.conv(x, conv, stride, dilation), norm);
    return { ...out, data: out.data.map((value) => Math.max(0, value)) };
  }

  private values(name: string): Float32Array {
    return this.weights.get(name)!.values;
  }

  private norm(x: Plane, name: string): Plane {
    const [gamma, beta, mean, variance] = ["gamma", "beta", "running_mean", "running_var"].map((leaf) =>
      this.values(`${name}.${leaf}`),
    ) as [Float32Array, Float32Array, Float32Array, Float32Array];
    const size = x.height * x.width;
    const data = x.data.map((value, at) => {
      const c = Math.floor(at / size);
      return ((value - mean[c]!) / Math.sqrt(variance[c]! + 1e-5)) * gamma[c]! + beta[c]!;
    });
    return { ...x, data };
  }

  private conv(x: Plane, name: string, stride: number, dilation: number): Plane {
    const { shape, values } = this.weights.get(`${name}.weight`)!;
    const [channels, inputs, kernel] = shape as [number, number, number];
    const padding = kernel === 3 ? dilation : 0;
    const height = Math.floor((x.height + 2 * padding - dilation * (kernel - 1) - 1) / stride) + 1;
    const width = Math.floor((x.width + 2 * padding - dilation * (kernel - 1) - 1) / stride) + 1;
    const data = new Float64Array(channels * height * width);
    for (let out = 0; out < channels; out++) {
      for (let input = 0; input < inputs; input++) {
        for (let ky = 0; ky < kernel; ky++) {
          for (let kx = 0; kx < kernel; kx++) {
            const weight = values[((out * inputs + input) * kernel + ky) * kernel + kx]!;
            for (let row = 0; row < height; row++) {
              const y = row * stride + ky * dilation - padding;
              if (y < 0 || y >= x.height) continue;
              for (let column = 0; column < width; column++) {
                const from = column * stride + kx * dilation - padding;
                if (from < 0 || from >= x.width) continue;
                data[(out * height + row) * width + column]! +=
                  weight * x.data[(input * x.height + y) * x.width + from]!;
              }
            }
          }
        }
      }
    }
    return { channels, height, width, data };
  }
}

/** 3×3, every other pixel, one pixel of nothing around. */
function maxPool(x: Plane): Plane {
  const [height, width] = [Math.floor((x.height - 1) / 2) + 1, Math.floor((x.width - 1) / 2) + 1];
  const data = new Float64Array(x.channels * height * width).fill(-Infinity);
  for (let c = 0; c < x.channels; c++) {
    for (let row = 0; row < height; row++) {
      for (let column = 0; column < width; column++) {
        for (let y = Math.max(0, 2 * row - 1); y <= Math.min(x.height - 1, 2 * row + 1); y++) {
          for (let at = Math.max(0, 2 * column - 1); at <= Math.min(x.width - 1, 2 * column + 1); at++) {
            const to = (c * height + row) * width + column;
            data[to] = Math.max(data[to]!, x.data[(c * x.height + y) * x.width + at]!);
          }
        }
      }
    }
  }
  return { channels: x.channels, height, width, data };
}

/** Mean over windows from floor(i·n/bins) to ceil((i+1)·n/bins). */
function adaptivePool(x: Plane, bins: number): Plane {
  const data = new Float64Array(x.channels * bins * bins);
  const window = (index: number, side: number): [number, number] => [
    Math.floor((index * side) / bins),
    Math.ceil(((index + 1) * side) / bins),
  ];
  for (let c = 0; c < x.channels; c++) {
    for (let row = 0; row < bins; row++) {
      for (let column = 0; column < bins; column++) {
        const [top, bottom] = window(row, x.height);
        const [left, right] = window(column, x.width);
        let sum = 0;
        for (let y = top; y < bottom; y++) {
          for (let at = left; at < right; at++) sum += x.data[(c * x.height + y) * x.width + at]!;
        }
        data[(c * bins + row) * bins + column] = sum / ((bottom - top) * (right - left));
      }
    }
  }
  return { channels: x.channels, height: bins, width: bins, data };
}

/** Bilinear, corners on corners (MXNet's `BilinearResize2D`). */
function resized(x: Plane, height: number, width: number): Plane {
  const data = new Float64Array(x.channels * height * width);
  const source = (to: number, out: number, size: number): [number, number, number] => {
    const at = out === 1 ? 0 : (to * (size - 1)) / (out - 1);
    const low = Math.min(size - 1, Math.floor(at));
    return [low, Math.min(size - 1, low + 1), at - low];
  };
  for (let row = 0; row < height; row++) {
    const [top, bottom, down] = source(row, height, x.height);
    for (let column = 0; column < width; column++) {
      const [left, right, across] = source(column, width, x.width);
      for (let c = 0; c < x.channels; c++) {
        const at = (y: number, from: number): number => x.data[(c * x.height + y) * x.width + from]!;
        const upper = at(top, left) * (1 - across) + at(top, right) * across;
        const lower = at(bottom, left) * (1 - across) + at(bottom, right) * across;
        data[(c * height + row) * width + column] = upper * (1 - down) + lower * down;
      }
    }
  }
  return { channels: x.channels, height, width, data };
}

function joined(planes: readonly Plane[]): Plane {
  const [first] = planes as [Plane];
  const data = new Float64Array(planes.reduce((sum, plane) => sum + plane.data.length, 0));
  let at = 0;
  for (const plane of planes) {
    data.set(plane.data, at);
    at += plane.data.length;
  }
  return { ...first, channels: planes.reduce((sum, { channels }) => sum + channels, 0), data };
}
