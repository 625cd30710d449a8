import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { encode } from "jpeg-js";
import { defineClasses } from "sagemaker-semseg";
import { startLocal } from "sagemaker-semseg/local";

const classes = defineClasses(["background", "cat", "dog"]);

/** A gray photograph of 32 x 24 pixels. */
const photo = encode({ width: 32, height: 24, data: new Uint8Array(32 * 24 * 4).fill(150) }, 80).data;

/** The files that LabelMe would have written, for two pictures. */
async function writeExport(folder: string) {
  const write = async (name: string, content: string | Uint8Array) => {
    const file = path.join(folder, name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, content);
  };
  await write("1.jpg", photo);
  await write("2.jpg", photo);
  const file = (imagePath: string, ...shapes: object[]) =>
    JSON.stringify({ version: "5.5.0", imagePath, imageData: null, imageWidth: 32, imageHeight: 24, shapes });
  const cat = {
    label: "cat",
    shape_type: "polygon",
    points: [
      [2, 2],
      [20, 2],
      [11, 20],
    ],
  };
  const dog = {
    label: "dog",
    shape_type: "circle",
    points: [
      [16, 12],
      [22, 12],
    ],
  };
  const nothing = {
    label: "__ignore__",
    shape_type: "rectangle",
    points: [
      [0, 0],
      [3, 3],
    ],
  };
  await write("1.json", file("1.jpg", cat, nothing));
  await write("2.json", file("2.jpg", dog));
}

async function main() {
  const folder = await mkdtemp(path.join(tmpdir(), "semseg-example-"));
  const local = await startLocal({ directory: path.join(folder, "backend") });
  try {
    const exported = path.join(folder, "export");
    await writeExport(exported);
    const session = local.session({ workspace: "s3://example-bucket/run-1" });
    const dataset = await session.dataset(classes).labelMe(exported).split({ train: 0.5, validation: 0.5 }).upload();
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
