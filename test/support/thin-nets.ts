import { paramsBytes } from "./params-bytes.js";
import type { WrittenArray } from "./params-bytes.js";

/** A network of the algorithm, with all widths but those of picture and classes divided. */
export interface NetSpec {
  readonly algorithm: "fcn" | "psp" | "deeplab";
  readonly depth: 50 | 101;
  readonly classes: number;
  readonly aux: boolean;
  /** 1 is full size; 16 and 32 make thin networks of less than a megabyte. */
  readonly divisor: number;
}

export type NamedShape = readonly [name: string, shape: readonly number[]];

/**
 * Names and shapes of all arrays in the order of the file, written down from GluonCV's class files (`resnetv1b.py` with a
 * deep stem of width 64, `fcn.py`, `pspnet.py`, `deeplabv3.py`; own arrays first, then children).
 */
export function netArrays({ algorithm, depth, classes, aux, divisor }: NetSpec): readonly NamedShape[] {
  const w = (width: number): number => width / divisor;
  const arrays: NamedShape[] = [];
  const conv = (name: string, shape: readonly number[]): number => arrays.push([`${name}.weight`, shape]);
  const norm = (name: string, width: number): void => {
    for (const leaf of ["gamma", "beta", "running_mean", "running_var"]) arrays.push([`${name}.${leaf}`, [width]]);
  };
  const unit = (name: string, bn: string, out: number, input: number, kernel: number): void => {
    conv(name, [out, input, kernel, kernel]);
    norm(bn, out);
  };
  unit("conv1.0", "conv1.1", w(64), 3, 3);
  unit("conv1.3", "conv1.4", w(64), w(64), 3);
  unit("conv1.6", "bn1", w(128), w(64), 3);
  let input = w(128);
  for (const [layer, count] of [3, 4, depth === 50 ? 6 : 23, 3].entries()) {
    const planes = w(64 * 2 ** layer);
    for (let block = 0; block < count; block++) {
      const name = `layer${layer + 1}.${block}`;
      unit(`${name}.conv1`, `${name}.bn1`, planes, input, 1);
      unit(`${name}.conv2`, `${name}.bn2`, planes, planes, 3);
      unit(`${name}.conv3`, `${name}.bn3`, 4 * planes, planes, 1);
      if (block === 0) unit(`${name}.downsample.0`, `${name}.downsample.1`, 4 * planes, input, 1);
      input = 4 * planes;
    }
  }
  const classifier = (name: string, from: number, width: number): void => {
    unit(`${name}.block.0`, `${name}.block.1`, width, from, 3);
    conv(`${name}.block.4`, [classes, width, 1, 1]);
    arrays.push([`${name}.block.4.bias`, [classes]]);
  };
  if (algorithm === "fcn") classifier("head", w(2048), w(512));
  if (algorithm === "psp") {
    for (const k of [1, 2, 3, 4]) unit(`head.psp.conv${k}.0`, `head.psp.conv${k}.1`, w(512), w(2048), 1);
    classifier("head", w(4096), w(512));
  }
  if (algorithm === "deeplab") {
    for (const [k, kernel] of [1, 3, 3, 3].entries()) {
      unit(`head.aspp.concurent.${k}.0`, `head.aspp.concurent.${k}.1`, w(256), w(2048), kernel);
    }
    unit("head.aspp.concurent.4.gap.1", "head.aspp.concurent.4.gap.2", w(256), w(2048), 1);
    unit("head.aspp.project.0", "head.aspp.project.1", w(256), w(1280), 1);
    classifier("head", w(256), w(256));
  }
  if (aux) classifier("auxlayer", w(1024), w(256));
  return arrays;
}

/**
 * Weights of an array, told by its name and a seed: small numbers without pattern, in the ranges of a trained network, so
 * that its masks have several classes.
 */
export function netValues(name: string, shape: readonly number[], seed: number): Float32Array {
  const start = (fnv1a(name) ^ seed) >>> 0;
  const uniform = (index: number): number => (mix(start, index) >>> 8) / 8_388_608 - 1;
  const count = shape.reduce((product, size) => product * size, 1);
  if (!name.endsWith(".weight")) {
    const rule = ruleOf(name);
    return Float32Array.from({ length: count }, (_, index) => rule(uniform(index)));
  }
  const [, inputs = 1, rows = 1, columns = 1] = shape;
  const plane = rows * columns;
  const scale = (name.endsWith(".block.4.weight") ? 2 : 0.25) * Math.sqrt(6 / (inputs * rows * columns));
  return Float32Array.from({ length: count }, (_, index) => {
    // Odd channels lean against their neighbours: else means drown the picture.
    const leans = inputs % 2 === 0 && Math.floor(index / plane) % 2 === 1;
    return (leans ? 0.6 * uniform(index) - 0.8 * uniform(index - plane) : uniform(index)) * scale;
  });
}

/** The arrays of a network with their weights. */
export function netWeights(spec: NetSpec, seed: number): readonly WrittenArray[] {
  return netArrays(spec).map(([name, shape]) => ({
    name,
    shape,
    data: new Uint8Array(netValues(name, shape, seed).buffer),
  }));
}

/** A whole weights file. */
export function netParams(spec: NetSpec, seed: number): Uint8Array<ArrayBuffer> {
  return paramsBytes(netWeights(spec, seed));
}

function ruleOf(name: string): (u: number) => number {
  const leaf = name.slice(name.lastIndexOf(".") + 1);
  if (leaf === "bias") return (u) => u;
  if (leaf === "gamma") return (u) => (1 + 0.5 * u) * (name.endsWith(".bn3.gamma") ? 0.25 : 1);
  if (leaf === "beta") return (u) => 0.25 * u;
  if (leaf === "running_mean") return (u) => 0.0625 * u;
  return (u) => 0.0625 * (0.6 + 0.6 * Math.abs(u));
}

/** FNV-1a over the UTF-8 bytes of a text. */
function fnv1a(text: string): number {
  return new TextEncoder().encode(text).reduce((hash, byte) => Math.imul(hash ^ byte, 0x01000193), 0x811c9dc5) >>> 0;
}

/** The finisher of MurmurHash3 over a counter. */
function mix(start: number, index: number): number {
  let z = (start + Math.imul(index, 0x9e3779b9)) | 0;
  z = Math.imul(z ^ (z >>> 16), 0x85ebca6b);
  z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
  return (z ^ (z >>> 16)) >>> 0;
}
