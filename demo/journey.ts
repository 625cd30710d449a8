import { startLocal } from "../src/local.js";
import { evaluate } from "../src/index.js";
import type { Dataset, LabeledImage, SegmentationReport, Session } from "../src/index.js";
import type { Clock } from "./clock.js";
import type { Material } from "./material.js";

export interface JourneyOptions {
  readonly material: Material;
  readonly directory: string;
  readonly seed: number;
  readonly epochs: number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** What every step works with. */
interface Run extends JourneyOptions {
  readonly session: Session;
  /** S3 bucket of this run, ending in `/`. */
  readonly bucket: string;
  /** ARN of the team that labels. */
  readonly team: string;
}

/** What the run measured. */
export interface Measured {
  /** Over the pictures that were not trained on. */
  readonly report: SegmentationReport<string>;
  /** Over people's own pictures, those that were trained on too. */
  readonly everything?: SegmentationReport<string> | undefined;
}

/** Label, prepare, train, deploy, predict, evaluate, clean up: with the public API on the embedded backend. */
export async function journey(options: JourneyOptions): Promise<Measured> {
  const { directory, seed, clock } = options;
  await using local = await startLocal({ directory, seed, speed: 100 });
  clock.say(`embedded backend: ${local.url}, files in ${directory}`);
  const now = Date.now().toString(36);
  // People's pictures get a bucket for each run, so that those of an earlier run in the same directory stay out of it.
  // Drawn ones are always the same for a seed, and so must be their addresses, on which the annotators' mistakes depend.
  const bucket = `s3://demo-${options.material.annotators ? `scenes-${seed}` : now}/`;
  const session = local.session({ workspace: `${bucket}runs/${now}` });
  const team = `arn:aws:sagemaker:${local.region}:${local.account}:workteam/private-crowd/painters`;
  const run = { ...options, session, bucket, team };

  await putPictures(run);
  const dataset = await prepare(run);
  const measured = await trainAndMeasure(run, dataset);
  clock.say("endpoint, its configuration and model: deleted");
  return measured;
}

async function putPictures({ session, bucket, material, clock, signal }: Run): Promise<void> {
  const told = clock.progress(material.annotators ? "draw and upload" : "upload");
  let done = 0;
  for await (const { name, image, mask } of material.pictures()) {
    signal.throwIfAborted();
    // The embedded annotators look for the truth of images/<name>.jpg in truth/<name>.png of the same bucket.
    const folder = material.annotators ? "truth" : "masks";
    await session.store.write(`${bucket}images/${name}.jpg`, image, { contentType: "image/jpeg", signal });
    await session.store.write(`${bucket}${folder}/${name}.png`, mask, { contentType: "image/png", signal });
    told({ done: ++done, total: material.count, unit: "pictures" });
  }
}

async function prepare(run: Run): Promise<Dataset<string>> {
  const { session, bucket, material, seed, clock, signal } = run;
  const { validation: half } = material;
  const builder = session.dataset(material.classes);
  const filled = material.annotators
    ? builder.labels(await label(run))
    : builder.pairs({ images: `${bucket}images/`, masks: `${bucket}masks/` });
  const dataset = await filled
    .split(
      typeof half === "number"
        ? { validation: half, seed }
        : // Full addresses, since file names may repeat in other folders.
          { validation: half.map((name) => `${bucket}images/${name}.jpg`) },
    )
    .upload({ signal });
  const { train, validation } = dataset.counts;
  clock.say(`dataset: ${train} pictures to train with, ${validation} to validate with`);
  for (const { message, uri } of dataset.warnings.slice(0, 5)) clock.say(`note: ${message} ${uri ?? ""}`);
  return dataset;
}

async function label({ session, bucket, team, material, clock, signal }: Run) {
  const job = await session
    .labelingJob(`label-${Date.now().toString(36)}`)
    .images(`${bucket}images/`)
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
  { session, material, epochs, clock, signal }: Run,
  dataset: Dataset<string>,
): Promise<Measured> {
  const training = await session
    .estimator("demo")
    .dataset(dataset)
    .instance("ml.p3.2xlarge")
    .hyperparameters({ algorithm: "deeplab", backbone: "resnet-50", epochs })
    .fit({ signal });
  let best = 0;
  for await (const event of training.watch({ signal })) {
    if (event.type === "status") clock.say(`train: ${event.secondaryStatus}`);
    if (event.type !== "epoch" || event.mIoU === undefined) continue;
    best = Math.max(best, event.mIoU);
    const done = event.epoch + 1;
    if (done % 5 !== 0 && done !== 1 && done !== epochs) continue;
    clock.say(`train: epoch ${done} of ${epochs}, validation mIoU ${event.mIoU.toFixed(3)}, best ${best.toFixed(3)}`);
  }
  const model = await training.wait({ signal });

  await using endpoint = await model.deploy().instance("ml.c5.xlarge").create({ signal });
  clock.say(`deploy: endpoint ${endpoint.name} is in service`);
  const predictor = endpoint.predictor();
  // The backend computes in this very process: two at a time would not be faster.
  const options = { signal, concurrency: 1 };
  const report = await evaluate(predictor, material.heldOut?.() ?? dataset.validation, {
    ...options,
    worst: 60,
    progress: clock.progress("predict and evaluate"),
  });
  if (material.heldOut !== undefined) return { report };
  const everything = await evaluate(predictor, allOf(dataset), {
    ...options,
    worst: 0,
    progress: clock.progress("the same over all pictures"),
  });
  return { report, everything };
}

async function* allOf(dataset: Dataset<string>): AsyncGenerator<LabeledImage<string>> {
  yield* dataset.train;
  yield* dataset.validation;
}
