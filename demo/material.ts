import type { ClassTable, SampleInMemory } from "../src/index.js";

/** One picture with its true mask, as file bytes. */
export interface PictureFile {
  /** File name without extension, `/` between folders. */
  readonly name: string;
  /** JPEG. */
  readonly image: Uint8Array;
  /** PNG of class indices. */
  readonly mask: Uint8Array;
}

/** What a run of the demo works on. */
export interface Material {
  readonly title: string;
  readonly classes: ClassTable<string>;
  /** Pictures to learn from: their number, and one after the other as they are asked for. */
  readonly count: number;
  pictures(): AsyncIterable<PictureFile> | Iterable<PictureFile>;
  /** Whether simulated annotators paint the labels; otherwise the masks are people's work and labels already. */
  readonly annotators: boolean;
  /** Names of the pictures that validate, or their share of all. */
  readonly validation: readonly string[] | number;
  /** Pictures that are only measured; `undefined`: the validation half of the dataset is measured. */
  readonly heldOut: (() => Iterable<SampleInMemory<string>>) | undefined;
  /** What is used for what, for the reader of the numbers. */
  readonly use: string;
  /** Names of the pictures to show; default: some from the worst to the best. */
  readonly shown?: readonly string[];
}
