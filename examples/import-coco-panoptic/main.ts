import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { encode } from "jpeg-js";
import { startLocal } from "sagemaker-semseg/local";
import { createMask, defineClasses, exportCocoPanoptic } from "sagemaker-semseg";

const classes = defineClasses(["background", "cat", "dog"]);

/** A gray photograph of 32 x 24 pixels. */
const photo = encode({ width: 32, height: 24, data: new Uint8Array(32 * 24 * 4).fill(150) }, 80).data;

/** The files that a COCO panoptic tool would have written, for two pictures. */
async function writeExport(folder: string) {
  const images = [1, 2].map((index) => ({
    name: `${index}.jpg`,
    image: () => Promise.resolve(new Uint8Array(photo)),
    mask: () => Promise.resolve(createMask(32, 24, new Uint8Array(32 * 24).fill(index, 0, 200), classes)),
  }));
  await exportCocoPanoptic(images, classes, folder);
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
      .cocoPanoptic({
        annotations: path.join(exported, "panoptic.json"),
        masks: path.join(exported, "panoptic"),
        images: path.join(exported, "images"),
      })
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
