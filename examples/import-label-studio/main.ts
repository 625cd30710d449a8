import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { encode } from "jpeg-js";
import { defineClasses } from "sagemaker-semseg";
import { startLocal } from "sagemaker-semseg/local";

const classes = defineClasses(["background", "cat", "dog"]);

/** A gray photograph of 32 x 24 pixels. */
const photo = encode({ width: 32, height: 24, data: new Uint8Array(32 * 24 * 4).fill(150) }, 80).data;

/** The files that Label Studio would have written, for two pictures. */
async function writeExport(folder: string) {
  const write = async (name: string, content: string | Uint8Array) => {
    const file = path.join(folder, name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, content);
  };
  await write("upload/1.jpg", photo);
  await write("upload/2.jpg", photo);
  const size = { original_width: 32, original_height: 24, image_rotation: 0 };
  const polygon = {
    points: [
      [10, 10],
      [60, 10],
      [35, 80],
    ],
    polygonlabels: ["cat"],
  };
  const rectangle = { x: 20, y: 20, width: 50, height: 50, rotation: 0, rectanglelabels: ["dog"] };
  const tasks = [
    {
      data: { image: "/data/upload/1/1.jpg" },
      annotations: [{ result: [{ ...size, type: "polygonlabels", value: polygon }] }],
    },
    {
      data: { image: "/data/upload/1/2.jpg" },
      annotations: [{ result: [{ ...size, type: "rectanglelabels", value: rectangle }] }],
    },
    { data: { image: "/data/upload/1/3.jpg" }, annotations: [] },
  ];
  await write("project.json", JSON.stringify(tasks));
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
      .labelStudio({ annotations: path.join(exported, "project.json"), images: path.join(exported, "upload") })
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
