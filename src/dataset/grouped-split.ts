import { createHash } from "node:crypto";
import type { SplitName } from "./dataset.js";
import { compareText } from "./warning-list.js";

/** An image as a grouped or stratified split sees it. */
export interface GroupedImage {
  /** Images of equal groups stay together. */
  readonly group: string;
  /** Indices of the classes that occur in its mask; empty when they do not matter. */
  readonly classes: readonly number[];
}

/** A part of the division: a half, or what is left out. */
interface Part {
  readonly half: SplitName | undefined;
  /** Images that the part should still get. */
  wanted: number;
  /** The same by class: images of the class. */
  readonly wantedOf: Map<number, number>;
}

interface Unit {
  readonly key: string;
  readonly members: number[];
  /** Images of the unit by class. */
  readonly images: Map<number, number>;
  part: Part | undefined;
}

/**
 * Divides images so that groups stay whole and each class is shared out as the images are: iterative stratification
 * (Sechidis, Tsoumakas, Vlahavas, 2011), the rarest class first, each unit to the part that lacks most of it. Ties go by
 * a hash of seed and group, so that neither the order of a listing nor the machine has an effect.
 */
export function groupedSplit(
  images: readonly GroupedImage[],
  shares: { readonly train: number; readonly validation: number },
  seed: number,
): (SplitName | undefined)[] {
  const units = unitsOf(images, seed);
  const left = Math.max(0, 1 - shares.train - shares.validation);
  const parts = [part("train", shares.train), part("validation", shares.validation), part(undefined, left)];
  function part(half: SplitName | undefined, share: number): Part {
    const wantedOf = new Map<number, number>();
    for (const { classes } of images)
      for (const index of classes) wantedOf.set(index, (wantedOf.get(index) ?? 0) + share);
    return { half, wanted: share * images.length, wantedOf };
  }
  for (;;) {
    const index = rarestClass(units);
    const open = units.filter((unit) => unit.part === undefined && (index === undefined || unit.images.has(index)));
    if (open.length === 0) break;
    for (const unit of open) give(unit, neediest(parts, index));
  }
  keepBothHalves(units, parts);
  const halves = new Array<SplitName | undefined>(images.length).fill(undefined);
  for (const { members, part: chosen } of units) for (const at of members) halves[at] = chosen?.half;
  return halves;
}

function unitsOf(images: readonly GroupedImage[], seed: number): readonly Unit[] {
  const units = new Map<string, Unit>();
  for (const [at, { group, classes }] of images.entries()) {
    let unit = units.get(group);
    if (unit === undefined) {
      const key = createHash("sha256").update(`${seed}\n${group}`).digest("hex");
      units.set(group, (unit = { key, members: [], images: new Map(), part: undefined }));
    }
    unit.members.push(at);
    for (const index of classes) unit.images.set(index, (unit.images.get(index) ?? 0) + 1);
  }
  // Large groups first: a late one could not be balanced any more.
  return [...units.values()].sort((a, b) => b.members.length - a.members.length || compareText(a.key, b.key));
}

/** The class with the fewest images that are still to be given; `undefined` when only images without classes are left. */
function rarestClass(units: readonly Unit[]): number | undefined {
  const images = new Map<number, number>();
  for (const unit of units) {
    if (unit.part !== undefined) continue;
    for (const [index, count] of unit.images) images.set(index, (images.get(index) ?? 0) + count);
  }
  let rarest: number | undefined;
  for (const [index, count] of [...images].sort(([one], [other]) => one - other)) {
    if (rarest === undefined || count < images.get(rarest)!) rarest = index;
  }
  return rarest;
}

function neediest(parts: readonly Part[], index: number | undefined): Part {
  const need = (part: Part): number => (index === undefined ? part.wanted : (part.wantedOf.get(index) ?? 0));
  return parts.reduce((best, part) => {
    const more = need(part) - need(best);
    return more > 1e-9 || (Math.abs(more) <= 1e-9 && part.wanted > best.wanted) ? part : best;
  });
}

function give(unit: Unit, part: Part): void {
  unit.part = part;
  part.wanted -= unit.members.length;
  for (const [index, count] of unit.images) part.wantedOf.set(index, (part.wantedOf.get(index) ?? 0) - count);
}

/** Of few images a small share rounds to none: the smallest group of the other half goes over. */
function keepBothHalves(units: readonly Unit[], parts: readonly Part[]): void {
  const [train, validation] = parts;
  for (const [empty, full] of [
    [validation, train],
    [train, validation],
  ] as const) {
    const rich = units.filter(({ part }) => part === full);
    if (empty === undefined || units.some(({ part }) => part === empty) || rich.length < 2) continue;
    rich.at(-1)!.part = empty;
  }
}
