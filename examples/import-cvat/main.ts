import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { encode } from "jpeg-js";
import { defineClasses } from "sagemaker-semseg";
import { startLocal } from "sagemaker-semseg/local";

const classes = defineClasses(["background", "cat", "dog"]);

/** A gray photograph of 32 x 24 pixels. */
const photo = encode({ width: 32, height: 24, data: new Uint8Array(32 * 24 * 4).fill(150) }, 80).data;

/** The files that CVAT would have written, for two pictures. */
async function writeExport(folder: string) {
  const write = async (name: string, content: string | Uint8Array) => {
    const file = path.join(folder, name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, content);
  };
  await write("images/1.jpg", photo);
  await write("images/2.jpg", photo);
  const xml = `<?xml version="1.0" encoding="utf-8"?>
<annotations>
  <version>1.1</version>
  <image id="0" name="1.jpg" width="32" height="24">
    <polygon label="cat" points="2,2;20,2;11,20" z_order="1"></polygon>
    <box label="dog" xtl="0" ytl="0" xbr="31" ybr="10" z_order="0"></box>
    <polyline label="whisker" points="1,1;5,5"></polyline>
  </image>
  <image id="1" name="2.jpg" width="32" height="24">
    <mask label="dog" rle="1, 2, 2, 2, 2" left="10" top="4" width="3" height="3" z_order="0"></mask>
  </image>
</annotations>`;
  await write("annotations.xml", xml);
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
      .cvat({
        annotations: path.join(exported, "annotations.xml"),
        images: path.join(exported, "images"),
        otherShapes: "leftOut",
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
