import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { encode } from "jpeg-js";
import { defineClasses } from "sagemaker-semseg";
import { startLocal } from "sagemaker-semseg/local";

const classes = defineClasses(["background", "cat", "dog"]);

/** A gray photograph of 32 x 24 pixels. */
const photo = encode({ width: 32, height: 24, data: new Uint8Array(32 * 24 * 4).fill(150) }, 80).data;

/** The files that a COCO tool would have written, for two pictures. */
async function writeExport(folder: string) {
  const write = async (name: string, content: string | Uint8Array) => {
    const file = path.join(folder, name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, content);
  };
  await write("images/1.jpg", photo);
  await write("images/2.jpg", photo);
  const document = {
    images: [
      { id: 1, file_name: "1.jpg", width: 32, height: 24 },
      { id: 2, file_name: "2.jpg", width: 32, height: 24 },
    ],
    categories: [
      { id: 17, name: "cat" },
      { id: 18, name: "dog" },
      { id: 99, name: "kitten" },
    ],
    annotations: [
      { id: 1, image_id: 1, category_id: 99, iscrowd: 0, segmentation: [[2, 2, 20, 2, 11, 20]] },
      { id: 2, image_id: 1, category_id: 18, iscrowd: 0, segmentation: [[11, 2, 30, 2, 30, 12, 11, 12]] },
      // Column by column: 48 pixels outside, 100 inside, the rest outside.
      { id: 3, image_id: 2, category_id: 17, iscrowd: 1, segmentation: { size: [24, 32], counts: [48, 100, 620] } },
    ],
  };
  await write("instances.json", JSON.stringify(document));
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
      .coco({
        annotations: path.join(exported, "instances.json"),
        images: path.join(exported, "images"),
        labels: { kitten: "cat" },
        overlap: "ignored",
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
