import { createHash } from "node:crypto";
import { SegmentationError } from "../core/errors.js";
import { baseName } from "../core/s3-uri.js";
import type { SplitName } from "./dataset.js";
import { groupedSplit } from "./grouped-split.js";
import { compareText } from "./warning-list.js";

/** How images are divided. */
export type SplitOptions = ShareSplit | NamedSplit;

/** Divides by chance, the same way each time. */
export interface ShareSplit {
  /** Share of the images that train, above 0; default: what validation leaves (0.8 when both are left out). */
  readonly train?: number;
  /** Share of the images that validate, above 0; default: what training leaves. Both together: at most 1. */
  readonly validation?: number;
  /** Another seed gives another division; default 0. */
  readonly seed?: number;
  /**
   * Images of equal groups stay in one half: scenes, patients, cameras. A function of the image's address, or a pattern
   * whose first group (or whole match) is the group's name; images that it does not match are groups of their own.
   */
  readonly groupBy?: RegExp | ((imageUri: string) => string);
  /**
   * Whether each class is shared out as the images are, so that rare ones occur in both halves; default false. Then every
   * mask is read twice: once to see its classes before the division.
   */
  readonly stratified?: boolean;
}

/** Divides by the images' names: file name with or without extension, or the full URI. */
export interface NamedSplit {
  /** Names of the images that validate, at least one. */
  readonly validation: readonly string[];
  /** Default: all others. */
  readonly train?: readonly string[];
}

/** An image as the split sees it. */
export interface Splittable {
  /** Name in the channels, without extension. */
  readonly name: string;
  /** Source of the image. */
  readonly imageUri: string;
  /** Classes of its mask; only for a stratified division. */
  readonly classes?: readonly number[];
}

/**
 * Decides for each image whether it trains, validates, or is left out (`undefined`).
 *
 * By shares: images are ordered by a hash of seed and name, so the division depends neither on the order of a listing
 * nor on the machine.
 *
 * @throws `input.invalid` for shares that cannot be, unknown or doubly used names; `dataset.empty` when a half would be
 * empty.
 */
export function splitImages(images: readonly Splittable[], options: SplitOptions): (SplitName | undefined)[] {
  const halves = isNamed(options) ? byName(images, options) : byShare(images, options);
  for (const half of ["train", "validation"] as const) {
    if (halves.includes(half)) continue;
    throw new SegmentationError(
      "dataset.empty",
      `No image would be left for ${half} out of ${images.length}. Training needs at least one image in each half.`,
      { channel: half, source: `${images.length} images` },
    );
  }
  return halves;
}

/** Whether the classes of the masks decide with. */
export function isStratified(options: SplitOptions): boolean {
  return !isNamed(options) && options.stratified === true;
}

/** Checks shares and seed when the step is taken, and gives a copy; names are checked against the images later. */
export function checkSplit(options: SplitOptions): SplitOptions {
  if (isNamed(options)) {
    const { train, validation } = options;
    return { validation: [...validation], ...(train === undefined ? {} : { train: [...train] }) };
  }
  const { train, validation } = shares(options);
  if (!(train > 0 && validation > 0 && train + validation <= 1 + 1e-9))
    throw invalid("split", options, "shares above 0 that add up to 1 at most, e.g. { train: 0.8, validation: 0.2 }");
  if (!Number.isFinite(options.seed ?? 0)) throw invalid("seed", options.seed, "a number");
  const { groupBy } = options;
  if (groupBy !== undefined && typeof groupBy !== "function" && !(groupBy instanceof RegExp))
    throw invalid("groupBy", groupBy, "a pattern or a function");
  return { ...options };
}

function isNamed(options: SplitOptions): options is NamedSplit {
  return Array.isArray(options.validation);
}

function shares({ train, validation }: ShareSplit): { readonly train: number; readonly validation: number } {
  if (train === undefined && validation === undefined) return { train: 0.8, validation: 0.2 };
  return { train: train ?? 1 - (validation ?? 0), validation: validation ?? 1 - (train ?? 0) };
}

function byShare(images: readonly Splittable[], options: ShareSplit): (SplitName | undefined)[] {
  const { train, validation } = shares(options);
  const { groupBy, stratified = false, seed = 0 } = options;
  if (groupBy !== undefined || stratified) {
    const grouped = images.map(({ name, imageUri, classes = [] }) => ({
      group: groupBy === undefined ? `name ${name}` : groupOf(groupBy, imageUri),
      classes: stratified ? classes : [],
    }));
    return groupedSplit(grouped, { train, validation }, seed);
  }
  const hash = (name: string): string => createHash("sha256").update(`${seed}\n${name}`).digest("hex");
  const order = images
    .map(({ name }, at) => ({ at, name, key: hash(name) }))
    .sort((a, b) => compareText(a.key, b.key) || compareText(a.name, b.name));
  // Each half gets at least one image as long as there are two.
  const used = Math.min(images.length, Math.round(images.length * (train + validation)));
  const validating = Math.min(Math.max(1, Math.round(images.length * validation)), Math.max(1, used - 1));
  const halves = new Array<SplitName | undefined>(images.length).fill(undefined);
  for (const [rank, { at }] of order.entries())
    halves[at] =
      rank < validating ? "validation" : rank < Math.max(used, Math.min(2, images.length)) ? "train" : undefined;
  return halves;
}

/** The prefix keeps an image that no pattern matches from joining a group that is called like it. */
function groupOf(groupBy: NonNullable<ShareSplit["groupBy"]>, imageUri: string): string {
  if (typeof groupBy === "function") return `group ${groupBy(imageUri)}`;
  // A copy: a global pattern remembers where its last match ended.
  const match = new RegExp(groupBy.source, groupBy.flags.replace(/[gy]/g, "")).exec(imageUri);
  return match === null ? `image ${imageUri}` : `group ${match[1] ?? match[0]}`;
}

function byName(images: readonly Splittable[], options: NamedSplit): (SplitName | undefined)[] {
  const halves = new Array<SplitName | undefined>(images.length).fill(undefined);
  const finder = nameFinder(images);
  const assign = (names: readonly string[], half: SplitName): void => {
    for (const name of names) {
      const at = finder(name, half);
      if (halves[at] !== undefined && halves[at] !== half) throw invalid(half, name, "each image in one half only");
      halves[at] = half;
    }
  };
  assign(options.validation, "validation");
  if (options.train === undefined) return halves.map((half) => half ?? "train");
  assign(options.train, "train");
  return halves;
}

function nameFinder(images: readonly Splittable[]): (name: string, half: SplitName) => number {
  const index = new Map<string, number | "several">();
  const learn = (name: string, at: number): void => {
    const known = index.get(name);
    index.set(name, known === undefined || known === at ? at : "several");
  };
  for (const [at, { name, imageUri }] of images.entries()) {
    const file = baseName(imageUri);
    const bare = file.replace(/\.[^.]*$/, "");
    for (const alias of new Set([name, file, bare, imageUri])) learn(alias, at);
  }
  return (name, half) => {
    const at = index.get(name);
    if (at === undefined) throw invalid(half, name, "names of images of this dataset");
    if (at === "several") throw invalid(half, name, "a name that one image has only; give its full URI");
    return at;
  };
}

function invalid(parameter: string, value: unknown, expected: string): SegmentationError<"input.invalid"> {
  const shown = typeof value === "string" ? `"${value}"` : JSON.stringify(value);
  return new SegmentationError("input.invalid", `${parameter} has ${shown}. Expected ${expected}.`, {
    parameter,
    value,
    expected,
  });
}
