import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { encode } from "jpeg-js";
import { defineClasses } from "sagemaker-semseg";
import { startLocal } from "sagemaker-semseg/local";
import { createMask } from "sagemaker-semseg/masks";
import { compare, createLocalPredictor } from "sagemaker-semseg/onnx";

const classes = defineClasses(["background", "sky"]);

/** Trains a model in SageMaker and takes it home: the file is all that is left. */
async function trainAndExport(folder: string) {
  // Stands for your account. There it is: const session = createSession({ role, workspace })
  await using local = await startLocal({ directory: path.join(folder, "backend"), speed: 100 });
  const session = local.session({ workspace: "s3://sky/run-1" });
  for (let n = 0; n < 6; n++) {
    const { jpeg, mask } = picture(n);
    await session.store.write(`s3://sky/images/${n}.jpg`, jpeg);
    await session.store.write(`s3://sky/masks/${n}.png`, mask.toPng());
  }
  const dataset = await session
    .dataset(classes)
    .pairs({ images: "s3://sky/images/", masks: "s3://sky/masks/" })
    .split({ train: 0.5, validation: 0.5, seed: 1 })
    .upload();
  const training = await session
    .estimator("sky")
    .dataset(dataset)
    .instance("ml.p3.2xlarge")
    .hyperparameters({ epochs: 5 })
    .fit();
  const model = await training.wait();

  const file = path.join(folder, "sky.onnx");
  const onnx = await model.export({ path: file });
  console.log(`exported: ${onnx.metadata["algorithm"]}, ${onnx.byteLength} bytes`);

  // Before the endpoint goes: does the file answer as it does?
  await using endpoint = await model.deploy().instance("ml.c5.xlarge").create();
  // (`jpeg`: the embedded backend decodes JPEG in JavaScript; leave the option out for models of SageMaker's own.)
  await using predictor = await createLocalPredictor(file, { classes, jpeg: "plain" });
  const images = [7, 8, 9].map((n) => ({ name: `${n}.jpg`, image: picture(n).jpeg }));
  const report = await compare(endpoint.predictor(), predictor, images, { names: ["endpoint", "sky.onnx"] });
  console.log(`endpoint and file agree on ${(report.pixelAgreement * 100).toFixed(2)} % of ${report.pixels} pixels`);
  return file;
}

async function main() {
  const file = await trainAndExport(await mkdtemp(path.join(tmpdir(), "leave-")));

  // No SageMaker from here on: neither backend nor account nor network.
  await using predictor = await createLocalPredictor(file, { classes });
  const { jpeg, mask } = picture(4);
  const found = await predictor.mask(jpeg);
  const right = found.data.filter((index, at) => index === mask.data[at]).length / mask.data.length;
  console.log(
    `without SageMaker: sky ${found.share("sky").toFixed(2)}, ${(right * 100).toFixed(1)} % of the pixels right`,
  );
}

/** Blue above a horizon, green below. */
function picture(n: number) {
  const [width, height] = [64, 48];
  const horizon = 10 + 3 * n;
  const rgba = new Uint8Array(width * height * 4).fill(255);
  const truth = new Uint8Array(width * height);
  for (let at = 0; at < truth.length; at++) {
    const sky = at / width < horizon;
    rgba.set(sky ? [120, 170, 230 - (at % 7)] : [70 + (at % 11), 120, 50], 4 * at);
    truth[at] = sky ? 1 : 0;
  }
  return {
    jpeg: encode({ data: rgba, width, height }, 90).data,
    mask: createMask(width, height, truth, classes),
  };
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
