import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { encode } from "jpeg-js";
import { defineClasses } from "sagemaker-semseg";
import { startLocal } from "sagemaker-semseg/local";
import { encodeMask } from "sagemaker-semseg/masks";

const classes = defineClasses(["background", "cat", "dog"]);

/** A gray photograph of 32 x 24 pixels. */
const photo = encode({ width: 32, height: 24, data: new Uint8Array(32 * 24 * 4).fill(150) }, 80).data;

/** The files that PASCAL VOC would have written, for two pictures. */
async function writeExport(folder: string) {
  const write = async (name: string, content: string | Uint8Array) => {
    const file = path.join(folder, name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, content);
  };
  await write("JPEGImages/2007_000001.jpg", photo);
  await write("JPEGImages/2007_000002.jpg", photo);
  const cat = new Uint8Array(32 * 24).fill(8, 100, 300).fill(255, 300, 310);
  const dog = new Uint8Array(32 * 24).fill(12, 100, 400);
  await write("SegmentationClass/2007_000001.png", encodeMask({ width: 32, height: 24, data: cat }));
  await write("SegmentationClass/2007_000002.png", encodeMask({ width: 32, height: 24, data: dog }));
  await write("ImageSets/Segmentation/trainval.txt", "2007_000001\n2007_000002\n");
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
      .voc(exported, { lists: ["trainval"], otherLabels: null })
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
