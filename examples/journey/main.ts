import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { encode } from "jpeg-js";
import { defineClasses, evaluate } from "sagemaker-semseg";
import { startLocal } from "sagemaker-semseg/local";
import { createMask } from "sagemaker-semseg/masks";

const classes = defineClasses(["background", "coin"]);

/** A picture of gold coins on a wooden table, with its true mask. */
function picture(seed: number) {
  const width = 128;
  const height = 96;
  let state = seed * 2654435761 + 1;
  const random = () => ((state = Math.imul(state ^ (state >>> 15), 2246822519) + 1), (state >>> 8) / 2 ** 24);
  const coins = Array.from({ length: 1 + (seed % 3) }, () => ({
    x: 20 + 88 * random(),
    y: 20 + 56 * random(),
    r: 10 + 10 * random(),
  }));
  const rgba = new Uint8Array(width * height * 4).fill(255);
  const truth = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const coin = coins.find((c) => Math.hypot(x - c.x, y - c.y) < c.r);
      const light = coin ? 0.75 + (coin.x - x + coin.y - y) / 90 : 0.8 + 0.15 * Math.sin(y / 3 + Math.sin(x / 25));
      const [r, g, b] = coin ? [235, 190, 70] : [140, 90, 55];
      const noise = 20 * random() - 10;
      rgba.set(
        [r * light + noise, g * light + noise, b * light + noise].map((v) => Math.max(0, Math.min(255, v))),
        4 * (y * width + x),
      );
      if (coin) truth[y * width + x] = classes.indexOf("coin");
    }
  }
  return {
    jpeg: encode({ data: rgba, width, height }, 90).data,
    mask: createMask(width, height, truth, classes),
  };
}

async function journey(directory: string) {
  await using local = await startLocal({ directory, seed: 7, speed: 50 });
  const session = local.session({ workspace: "s3://coins/run-1" });

  // 24 pictures to label. The embedded annotators look for the truth in `truth/<name>.png` of the images' bucket.
  for (let n = 0; n < 24; n++) {
    const { jpeg, mask } = picture(n);
    await session.store.write(`s3://coins/images/table-${n}.jpg`, jpeg);
    await session.store.write(`s3://coins/truth/table-${n}.png`, mask.toPng());
  }

  const labeling = await session
    .labelingJob("label-coins")
    .images("s3://coins/images/")
    .classes(classes)
    .workteam(`arn:aws:sagemaker:${local.region}:${local.account}:workteam/private-crowd/painters`)
    .instructions({ short: "Paint every coin.", full: "<p>Paint every coin, also where it leaves the picture.</p>" })
    .start();
  for await (const { status, labeled, failed, total } of labeling.watch()) {
    console.log(`labeling: ${status}, ${labeled}/${total}, ${failed} failed`);
  }
  const labels = await labeling.wait();

  const dataset = await session
    .dataset(classes)
    .labels(labels)
    .split({ train: 0.75, validation: 0.25, seed: 7 })
    .upload();
  console.log(`dataset: ${dataset.counts.train} to train with, ${dataset.counts.validation} to validate with`);

  const training = await session
    .estimator("coins")
    .dataset(dataset)
    .instance("ml.p3.2xlarge")
    .hyperparameters({ algorithm: "deeplab", backbone: "resnet-50", epochs: 10 })
    .fit();
  for await (const event of training.watch({ logs: true })) {
    if (event.type === "status") console.log(`training: ${event.secondaryStatus}, ${event.message}`);
    if (event.type === "epoch") console.log(`training: epoch ${event.epoch}, mIoU ${event.mIoU?.toFixed(3)}`);
  }
  const model = await training.wait();

  // Deleted on the way out, with its configuration and model.
  await using endpoint = await model.deploy().instance("ml.c5.xlarge").create();
  const predictor = endpoint.predictor();

  // Pictures that nobody has trained with.
  const unseen = Array.from({ length: 6 }, (_, n) => ({ name: `unseen-${n}`, ...picture(100 + n) }));
  const mask = await predictor.mask(unseen[0].jpeg);
  console.log(`prediction: ${mask.width}x${mask.height}, ${(100 * mask.share("coin")).toFixed(1)} % coin`);
  const probabilities = await predictor.probabilities(unseen[0].jpeg);
  console.log(`probabilities: ${probabilities.shape.join(" x ")}`);

  const report = await evaluate(
    predictor,
    unseen.map(({ name, jpeg, mask }) => ({ name, image: jpeg, mask })),
  );
  console.log(`mean IoU ${report.meanIoU.toFixed(3)}, coin ${report.perClass.coin.iou?.toFixed(3)}`);
  const page = path.join(tmpdir(), "coins-report.html");
  await report.writeHtml(page);
  console.log(`report: ${page}`);
}

async function main() {
  const directory = await mkdtemp(path.join(tmpdir(), "coins-"));
  await journey(directory);
  await rm(directory, { recursive: true, force: true });
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
