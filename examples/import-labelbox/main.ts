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

/** The files that Labelbox would have written, for two pictures. */
async function writeExport(folder: string) {
  const write = async (name: string, content: string | Uint8Array) => {
    const file = path.join(folder, name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, content);
  };
  await write("images/1.jpg", photo);
  await write("images/2.jpg", photo);
  const row = (name: string, object: object) => ({
    data_row: { external_id: name },
    media_attributes: { width: 32, height: 24 },
    projects: { project: { labels: [{ annotations: { objects: [object] } }] } },
  });
  const corners = [
    { x: 2, y: 2 },
    { x: 20, y: 2 },
    { x: 11, y: 20 },
  ];
  const rows = [
    row("1.jpg", { feature_id: "f1", name: "cat", annotation_kind: "ImagePolygon", polygon: corners }),
    row("2.jpg", {
      feature_id: "f2",
      name: "dog",
      annotation_kind: "ImageSegmentationMask",
      mask: { url: "https://..." },
    }),
  ];
  await write("export.ndjson", rows.map((entry) => JSON.stringify(entry)).join("\n"));
  await write("masks/f2.png", square(1).toPng({ kind: "gray" }));
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
      .labelbox({
        annotations: path.join(exported, "export.ndjson"),
        images: path.join(exported, "images"),
        masks: path.join(exported, "masks"),
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
