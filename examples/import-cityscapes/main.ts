import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { defineClasses } from "sagemaker-semseg";
import { startLocal } from "sagemaker-semseg/local";
import { createMask, encodeMask } from "sagemaker-semseg/masks";

const classes = defineClasses(["background", "cat", "dog"]);

/** The files that Cityscapes would have written, for two pictures. */
async function writeExport(folder: string) {
  const write = async (name: string, content: string | Uint8Array) => {
    const file = path.join(folder, name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, content);
  };
  for (const city of ["ulm", "bonn"]) {
    const picture = createMask(32, 24, new Uint8Array(32 * 24), classes).toPng();
    await write(`leftImg8bit/train/${city}/${city}_000000_000019_leftImg8bit.png`, picture);
    // 7 road, 24 person, 26 car, 0 unlabeled.
    const ids = new Uint8Array(32 * 24).fill(7).fill(24, 40, 60).fill(26, 100, 200).fill(0, 700);
    const mask = encodeMask({ width: 32, height: 24, data: ids }, { kind: "gray" });
    await write(`gtFine/train/${city}/${city}_000000_000019_gtFine_labelIds.png`, mask);
  }
}

async function main() {
  const folder = await mkdtemp(path.join(tmpdir(), "semseg-example-"));
  const local = await startLocal({ directory: path.join(folder, "backend") });
  try {
    const exported = path.join(folder, "export");
    await writeExport(exported);
    const session = local.session({ workspace: "s3://example-bucket/run-1" });
    const dataset = await session
      .dataset(classes)
      .cityscapes(exported, {
        labels: { road: "background", car: "cat", truck: "cat", person: "dog" },
        otherLabels: null,
      })
      .allowPngImages()
      .split({ train: 0.5, validation: 0.5 })
      .upload();
    console.log(`${dataset.counts.train} + ${dataset.counts.validation} images in ${dataset.uri}`);
    for await (const { name, mask } of dataset.train) console.log(name, (await mask()).counts());
    for (const { code, message } of dataset.warnings) console.log(`${code}: ${message}`);
  } finally {
    await local.close();
    await rm(folder, { recursive: true, force: true });
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
