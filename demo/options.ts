import path from "node:path";
import { parseArgs } from "node:util";

/** Someone's own photographs with masks. */
export interface FolderSource {
  readonly kind: "folders";
  /** What the set is called in the output. */
  readonly name: string;
  readonly images: string;
  readonly masks: string;
  /** Class names by index; without them the masks' own indices are counted and named `class 1`, `class 2`, ... */
  readonly classes: readonly string[] | undefined;
  /** Names of the pictures that validate, or their share of all. */
  readonly validation: readonly string[] | number;
}

/** A folder with `dataset.json`: sets of photographs with class names and a suggested split. */
export interface DatasetSource {
  readonly kind: "dataset";
  readonly folder: string;
  /** Name of the set; needed when the file has more than one. */
  readonly set: string | undefined;
}

/** Scenes that the demo draws itself. */
export interface DrawnSource {
  readonly kind: "drawn";
}

/** What the command line asks for. */
export interface DemoOptions {
  readonly source: DrawnSource | FolderSource | DatasetSource;
  /** Folder of the report and the picture. */
  readonly output: string;
  /** Folder of the embedded backend, kept afterwards; `undefined`: a temporary one, deleted at the end. */
  readonly directory: string | undefined;
  readonly seed: number;
  readonly epochs: number;
  readonly help: boolean;
}

/** A mistake of the user: its message is printed without a stack, and the demo ends with exit code 1. */
export class UserError extends Error {
  override readonly name = "UserError";
}

export const usage = `npm run demo -- [options]

Labels, trains, deploys, predicts and evaluates on the embedded backend, and writes a report with pictures.
Without options on scenes that it draws itself.

  --images DIR --masks DIR     your photographs (JPEG) and their masks (PNG of class indices, 255 = ignored),
                               paired by file name: beach.jpg with beach.png
  --classes a,b,c              class names, index 0 first; default: background, class 1, class 2, ...
  --validation 0.25            share of the pictures that are held out of training and measured (default 0.25),
  --validation name,name       or their names
  --dataset DIR [--set NAME]   a folder with dataset.json: class names and split are taken from there
  --output DIR                 where report.html and demo.png go; default demo-output
  --directory DIR              keep the backend's files here; default: a temporary folder, deleted at the end
  --epochs N                   default 20
  --seed N                     default 7
  --help
`;

const settings = {
  images: { type: "string" },
  masks: { type: "string" },
  classes: { type: "string" },
  validation: { type: "string" },
  dataset: { type: "string" },
  set: { type: "string" },
  output: { type: "string" },
  directory: { type: "string" },
  epochs: { type: "string" },
  seed: { type: "string" },
  help: { type: "boolean", short: "h" },
} as const;

type Given = Readonly<Partial<Record<Exclude<keyof typeof settings, "help">, string>>>;

/** Reads the command line. Throws {@link UserError}. */
export function parseOptions(args: readonly string[]): DemoOptions {
  const { help, ...given } = readArguments(args);
  return {
    source: readSource(given),
    output: path.resolve(given.output ?? "demo-output"),
    directory: given.directory === undefined ? undefined : path.resolve(given.directory),
    seed: integer("--seed", given.seed ?? "7", 0),
    epochs: integer("--epochs", given.epochs ?? "20", 1),
    help: help ?? false,
  };
}

function readArguments(args: readonly string[]): Given & { readonly help?: boolean } {
  try {
    const { values } = parseArgs({ args: [...args], options: settings, strict: true, allowPositionals: false });
    for (const [name, value] of Object.entries(values)) {
      if (value === "") throw new UserError(`--${name} is empty.`);
    }
    return values;
  } catch (error) {
    throw new UserError(`${(error as Error).message}\n\n${usage}`);
  }
}

function readSource(given: Given): DemoOptions["source"] {
  const { images, masks, classes, validation, dataset, set } = given;
  if (dataset !== undefined) {
    refuse("--dataset", { images, masks, classes, validation });
    return { kind: "dataset", folder: path.resolve(dataset), set };
  }
  refuse("a set without --dataset", { set });
  if (images === undefined && masks === undefined) {
    refuse("the drawn scenes (no --images and --masks)", { classes, validation });
    return { kind: "drawn" };
  }
  if (images === undefined || masks === undefined) throw new UserError("--images and --masks go together.");
  return {
    kind: "folders",
    name: path.basename(path.resolve(images)),
    images: path.resolve(images),
    masks: path.resolve(masks),
    classes: classes === undefined ? undefined : list("--classes", classes),
    validation: readValidation(validation ?? "0.25"),
  };
}

function refuse(by: string, others: Readonly<Record<string, string | undefined>>): void {
  const [name] = Object.entries(others).find(([, value]) => value !== undefined) ?? [];
  if (name !== undefined) throw new UserError(`--${name} does not go with ${by}.`);
}

function readValidation(text: string): readonly string[] | number {
  const share = Number(text);
  if (Number.isNaN(share)) return list("--validation", text);
  if (share > 0 && share < 1) return share;
  throw new UserError(`--validation is ${text}. Expected a share between 0 and 1, or names of pictures.`);
}

function list(option: string, text: string): readonly string[] {
  const items = text.split(",").map((item) => item.trim());
  if (items.includes("")) throw new UserError(`${option} has an empty name: "${text}".`);
  return items;
}

function integer(option: string, text: string, least: number): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= least && text.trim() !== "") return value;
  throw new UserError(`${option} is "${text}". Expected an integer of ${least} or more.`);
}
