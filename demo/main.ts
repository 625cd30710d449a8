import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { SegmentationError } from "../src/index.js";
import { Clock } from "./clock.js";
import { readDatasetFile } from "./dataset-file.js";
import { drawnScenes } from "./drawn-scenes.js";
import { folderPictures } from "./folders.js";
import { journey } from "./journey.js";
import type { Material } from "./material.js";
import { numberLines } from "./numbers.js";
import { type DemoOptions, UserError, parseOptions, usage } from "./options.js";
import { choosePictures, pictureStrip } from "./pictures.js";

async function findMaterial({ source, seed }: DemoOptions): Promise<Material> {
  if (source.kind === "drawn") return drawnScenes(seed);
  return folderPictures(source.kind === "dataset" ? await readDatasetFile(source) : source);
}

/** Makes the output folder before the work, so that one that cannot be written costs no time. */
async function makeOutput(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
  } catch (error) {
    throw new UserError(`--output ${folder} cannot be made: ${(error as Error).message}.`);
  }
}

/** Runs the journey in the given folder, or in a temporary one that is deleted afterwards, also on Ctrl+C. */
async function inDirectory<Result>(
  directory: string | undefined,
  work: (directory: string) => Promise<Result>,
): Promise<Result> {
  if (directory !== undefined) return work(directory);
  const temporary = await mkdtemp(path.join(tmpdir(), "semseg-demo-"));
  try {
    return await work(temporary);
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

async function main(signal: AbortSignal): Promise<void> {
  const options = parseOptions(process.argv.slice(2));
  if (options.help) {
    console.log(usage);
    return;
  }
  const clock = new Clock();
  const material = await findMaterial(options);
  const { classes, title, use } = material;
  clock.say(`${material.count} pictures to learn from; classes: ${classes.names.join(", ")}`);
  await makeOutput(options.output);
  const { seed, epochs } = options;
  const { report, everything } = await inDirectory(options.directory, (directory) =>
    journey({ material, directory, seed, epochs, clock, signal }),
  );
  const page = path.join(options.output, "report.html");
  const picture = path.join(options.output, "demo.png");
  await report.writeHtml(page, { title });
  await writeFile(picture, pictureStrip(choosePictures(report, material.shown), classes));
  console.log(
    `\n${numberLines({ report, everything }, use, clock.seconds).join("\n")}\n\npicture: ${picture}\nreport:  ${page}`,
  );
}

// On Node 20 the AWS clients would print their advice to update into the middle of the story.
process.env["AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED"] = "true";

const interrupt = new AbortController();
process.once("SIGINT", () => interrupt.abort(new UserError("Interrupted.")));

main(interrupt.signal).catch((error: unknown) => {
  // What the user can mend is told in a sentence; anything else is a fault and needs its stack.
  const mendable = error instanceof UserError || SegmentationError.is(error);
  console.error(mendable ? `\n${error.message}` : error);
  process.exitCode = 1;
});
