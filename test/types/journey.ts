// Compiled against the built package (`npm run test:types`), never run: what must compile does, what must not does not.
import { createSession, defineClasses, evaluate } from "sagemaker-semseg";
import type { Mask, OwnedEndpoint, Predictor, ProbabilityMap } from "sagemaker-semseg";
import { decodeMask, SegmentationError } from "sagemaker-semseg/masks";
import { startLocal } from "sagemaker-semseg/local";
import { compare, convertToOnnx, createLocalPredictor, inspectArtifact, openArtifact } from "sagemaker-semseg/onnx";
import type { ComparisonReport, LocalPredictor, OnnxModel } from "sagemaker-semseg/onnx";

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
function expectType<Expected>() {
  return <Actual>(_value: Actual, ..._same: Equal<Expected, Actual> extends true ? [] : ["types differ"]): void =>
    undefined;
}

const classes = defineClasses(["background", "sea turtle"]);
const others = defineClasses(["background", "crab"]);
type Names = "background" | "sea turtle";
const session = createSession({ region: "us-east-1" });
const jpeg = new Uint8Array();

export async function journey(): Promise<void> {
  const labels = await (
    await session
      .labelingJob("label-turtles")
      .images("s3://turtle2022/images/")
      .classes(classes)
      .mechanicalTurk({ pricePerTaskUsd: "0.84", contentClassifiers: ["FreeOfPersonallyIdentifiableInformation"] })
      .instructions({ short: "Paint.", full: "<p>Paint.</p>" })
      .start()
  ).wait();
  const dataset = await session
    .dataset(classes)
    .labels(labels)
    .split({ train: 0.8, validation: 0.2, seed: 7 })
    .upload();
  const training = await session
    .estimator("turtles")
    .dataset(dataset)
    .instance("ml.p3.2xlarge")
    .hyperparameters({ algorithm: "deeplab", backbone: "resnet-101", epochs: 30 })
    .fit();
  const model = await training.wait();
  await using endpoint = await model.deploy().instance("ml.c5.xlarge").create();
  expectType<OwnedEndpoint<Names>>()(endpoint);
  const predictor = endpoint.predictor();
  expectType<Predictor<Names>>()(predictor);
  const mask = await predictor.mask(jpeg);
  expectType<Mask<Names>>()(mask);
  const probabilities = await predictor.probabilities(jpeg);
  expectType<ProbabilityMap<Names>>()(probabilities);
  expectType<Names | undefined>()(mask.nameAt(0, 0));
  const report = await evaluate(predictor, dataset.validation);
  expectType<number | undefined>()(report.perClass["sea turtle"].iou);

  // @ts-expect-error: "crab" is no class of this mask
  mask.share("crab");
  // @ts-expect-error: "crab" is no class of this report
  report.perClass["crab"];
  // @ts-expect-error: "crab" is no class of these probabilities
  probabilities.plane("crab");
}

export async function leavingSageMaker(): Promise<void> {
  const model = session.model("s3://turtle2022/model.tar.gz", classes);
  expectType<OnnxModel>()(await model.export({ path: "turtles.onnx", precision: "float16" }));
  const artifact = await openArtifact("model.tar.gz");
  expectType<"fcn" | "psp" | "deeplab">()(artifact.variant.algorithm);
  expectType<boolean>()((await inspectArtifact("model.tar.gz")).sound);
  const onnx = await convertToOnnx(artifact, { outputs: ["mask", "probabilities"] });
  await using local = await createLocalPredictor(onnx, { classes });
  expectType<LocalPredictor<Names>>()(local);
  expectType<Mask<Names>>()(await local.mask({ width: 1, height: 1, data: new Uint8Array(3) }));
  const endpoint = session.endpoint("production", classes).predictor();
  const report = await compare(endpoint, local, [{ name: "a.jpg", image: jpeg }]);
  expectType<ComparisonReport<Names>>()(report);
  // What an endpoint's predictor is given to takes a local one as well.
  await evaluate(local, [{ name: "a.jpg", image: jpeg, mask: jpeg }]);
  const asked: Pick<Predictor<Names>, "mask" | "probabilities" | "classes"> = local;
  void asked;

  // @ts-expect-error: two sets of classes cannot be compared
  await compare(endpoint, await createLocalPredictor("model.onnx", { classes: others }), []);
  // @ts-expect-error: without classes masks cannot be read
  await createLocalPredictor("model.onnx", {});
  // @ts-expect-error: "crab" is no class of this comparison
  report.perClass["crab"];
}

export async function refusedByTheCompiler(): Promise<void> {
  const contentClassifiers = ["FreeOfPersonallyIdentifiableInformation"] as const;
  // @ts-expect-error: 0.5 dollars is no price tier of semantic segmentation
  session.labelingJob("x").mechanicalTurk({ pricePerTaskUsd: "0.50", contentClassifiers });
  // @ts-expect-error: no such decoder
  session.estimator("x").hyperparameters({ algorithm: "unet" });
  // @ts-expect-error: no such hyperparameter
  session.estimator("x").hyperparameters({ learning_Rate: 0.1 });
  // @ts-expect-error: epochs is a number
  session.estimator("x").hyperparameters({ epochs: true });
  // @ts-expect-error: masks of two class sets do not mix
  const mixed: Mask<Names> = decodeMask(jpeg, { classes: others });
  void mixed;

  // An attached endpoint is not disposable: `await using` cannot delete production.
  const attached = session.endpoint("production", classes);
  // @ts-expect-error: not disposable
  await using wrong = attached;
  void wrong;
  await attached.predictor().mask(jpeg);
}

export async function local(): Promise<void> {
  await using backend = await startLocal({ directory: ".sagemaker-local", seed: 7 });
  const same = backend.session({ workspace: "s3://demo/run-1" });
  expectType<typeof session>()(same);
}

export function narrowed(error: unknown): string | number {
  if (SegmentationError.is(error, "codec.png")) return error.details.offset;
  if (SegmentationError.is(error, "job.failed")) return error.details.reason;
  if (SegmentationError.is(error, "aws")) return error.details.operation;
  return "";
}
