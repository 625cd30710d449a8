import { startLocal } from "../src/local.js";
import { evaluate } from "../src/index.js";
import type { Dataset, SegmentationReport, Session } from "../src/index.js";
import type { Clock } from "./clock.js";
import { imageFolder } from "./folders.js";
import type { Material } from "./material.js";

const bucket = imageFolder.replace("images/", "");

export interface JourneyOptions {
  readonly material: Material;
  readonly directory: string;
  readonly seed: number;
  readonly epochs: number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** Label, prepare, train, deploy, predict, evaluate, clean up: with the public API on the embedded backend. */
export async function journey(options: JourneyOptions): Promise<SegmentationReport<string>> {
  const { directory, seed, clock } = options;
  await using local = await startLocal({ directory, seed, speed: 100 });
  clock.say(`embedded backend: ${local.url}, files in ${directory}`);
  const session = local.session({ workspace: `${bucket}runs/${Date.now().toString(36)}` });
  const team = `arn:aws:sagemaker:${local.region}:${local.account}:workteam/private-crowd/painters`;

  await putPictures(session, options);
  const dataset = await prepare(session, team, options);
  const report = await trainAndMeasure(session, dataset, options);
  clock.say("endpoint, its configuration and model: deleted");
  return report;
}

async function putPictures(session: Session, { material, clock, signal }: JourneyOptions): Promise<void> {
  const told = clock.progress(material.annotators ? "draw and upload" : "upload");
  let done = 0;
  for await (const { name, image, mask } of material.pictures()) {
    signal.throwIfAborted();
    // The embedded annotators look for the truth of images/<name>.jpg in truth/<name>.png of the same bucket.
    const folder = material.annotators ? "truth" : "masks";
    await session.store.write(`${imageFolder}${name}.jpg`, image, { contentType: "image/jpeg", signal });
    await session.store.write(`${bucket}${folder}/${name}.png`, mask, { contentType: "image/png", signal });
    told({ done: ++done, total: material.count, unit: "pictures" });
  }
}

async function prepare(session: Session, team: string, options: JourneyOptions): Promise<Dataset<string>> {
  const { material, clock, signal } = options;
  const { classes } = material;
  const builder = session.dataset(classes);
  const filled = material.annotators
    ? builder.labels(await label(session, team, options))
    : builder.pairs({ images: imageFolder, masks: `${bucket}masks/` });
  const dataset = await filled.split(material.split).upload({ signal });
  const { train, validation } = dataset.counts;
  clock.say(`dataset: ${train} pictures to train with, ${validation} to validate with`);
  for (const { message, uri } of dataset.warnings.slice(0, 5)) clock.say(`note: ${message} ${uri ?? ""}`);
  return dataset;
}

async function label(session: Session, team: string, { material, clock, signal }: JourneyOptions) {
  const job = await session
    .labelingJob(`label-${Date.now().toString(36)}`)
    .images(imageFolder)
    .classes(material.classes)
    .workteam(team)
    .workersPerObject(3)
    .instructions({
      short: `Paint every ${material.classes.names.slice(1).join(" and ")}.`,
      full: "<p>Paint the whole animal, also the parts under water and in the shade.</p>",
    })
    .start({ signal });
  const told = clock.progress("label (simulated annotators)");
  for await (const { labeled, total } of job.watch({ signal })) told({ done: labeled, total, unit: "pictures" });
  return job.wait({ signal });
}

async function trainAndMeasure(
  session: Session,
  dataset: Dataset<string>,
  { material, epochs, clock, signal }: JourneyOptions,
): Promise<SegmentationReport<string>> {
  const training = await session
    .estimator("demo")
    .dataset(dataset)
    .instance("ml.p3.2xlarge")
    .hyperparameters({ algorithm: "deeplab", backbone: "resnet-50", epochs })
    .fit({ signal });
  let best = 0;
  for await (const event of training.watch({ signal })) {
    if (event.type !== "epoch" || event.mIoU === undefined) continue;
    best = Math.max(best, event.mIoU);
    const done = event.epoch + 1;
    if (done % 5 !== 0 && done !== 1 && done !== epochs) continue;
    clock.say(`train: epoch ${done} of ${epochs}, validation mIoU ${event.mIoU.toFixed(3)}, best ${best.toFixed(3)}`);
  }
  const model = await training.wait({ signal });

  await using endpoint = await model.deploy().instance("ml.c5.xlarge").create({ signal });
  clock.say(`deploy: endpoint ${endpoint.name} is in service`);
  return await evaluate(endpoint.predictor(), material.heldOut?.() ?? dataset.validation, {
    signal,
    worst: 60,
    progress: clock.progress("predict and evaluate"),
  });
}
