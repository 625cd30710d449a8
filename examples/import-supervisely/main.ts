import { deflateSync } from "node:zlib";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { encode } from "jpeg-js";
import { defineClasses } from "sagemaker-semseg";
import { startLocal } from "sagemaker-semseg/local";
import { createMask } from "sagemaker-semseg/masks";

const classes = defineClasses(["background", "cat", "dog"]);

/** A gray photograph of 32 x 24 pixels. */
const photo = encode({ width: 32, height: 24, data: new Uint8Array(32 * 24 * 4).fill(150) }, 80).data;

/** A mask with a square of one class in its corner. */
function square(index: number) {
  const data = new Uint8Array(32 * 24);
  for (let y = 0; y < 12; y++) data.fill(index, 32 * y, 32 * y + 12);
  return createMask(32, 24, data, classes);
}

/** The files that Supervisely would have written, for two pictures. */
async function writeExport(folder: string) {
  const write = async (name: string, content: string | Uint8Array) => {
    const file = path.join(folder, name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, content);
  };
  await write("animals/img/1.jpg", photo);
  await write("animals/img/2.jpg", photo);
  const file = (object: object) => JSON.stringify({ size: { width: 32, height: 24 }, objects: [object] });
  const data = deflateSync(square(1).toPng({ kind: "gray" })).toString("base64");
  const bitmap = { geometryType: "bitmap", classTitle: "cat", bitmap: { origin: [0, 0], data } };
  const exterior = [
    [2, 2],
    [29, 2],
    [29, 20],
    [2, 20],
  ];
  const interior = [
    [
      [10, 8],
      [20, 8],
      [20, 14],
      [10, 14],
    ],
  ];
  const ring = { geometryType: "polygon", classTitle: "dog", points: { exterior, interior } };
  await write("animals/ann/1.jpg.json", file(bitmap));
  await write("animals/ann/2.jpg.json", file(ring));
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
      .supervisely(exported)
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
