import { setImmediate as turn } from "node:timers/promises";
import { encodeMask } from "../../mask/encode-mask.js";
import { formatColor } from "../../mask/palette.js";
import type { IndexMask } from "../../mask/mask.js";
import { hash32 } from "../../core/random.js";
import type { LabelingJobRecord } from "../state/record-types.js";
import type { SageMaker } from "./context.js";
import { microseconds } from "./labeling-output.js";
import type { LabelingOutput } from "./labeling-output.js";
import { colorMap } from "./labeling-setup.js";
import type { LabelingClasses, LabelingSetup, ManifestLine } from "./labeling-setup.js";
import { decodeLineMask, earlierLabel, ObjectFailure, readTruth } from "./labeling-truth.js";
import type { EarlierLabel, Truth } from "./labeling-truth.js";
import { readObject } from "./s3-input.js";

/** One object that was labeled: what its line gets, and its part of the batch's files. */
export interface LabeledObject {
  readonly added: Readonly<Record<string, unknown>>;
  readonly request: unknown;
  readonly response: unknown;
}

/** Labels one object as the job's kind of task wants it. Throws {@link ObjectFailure} when it cannot be labeled. */
export async function labelObject(
  sagemaker: SageMaker,
  job: LabelingJobRecord,
  setup: LabelingSetup,
  output: LabelingOutput,
  line: ManifestLine,
  id: number,
  iteration: number,
  by: "people" | "machine" = "people",
): Promise<LabeledObject> {
  const attribute = job.request.LabelAttributeName;
  const failure = sagemaker.faults.takeObjectFailure(String(line.value["source-ref"]));
  if (failure !== undefined) throw new ObjectFailure(failure);
  const names = setup.task === "verification" ? undefined : setup.classes.names;
  const earlier = setup.task === "labeling" ? undefined : earlierLabel(line, attribute, names);
  if (setup.task !== "labeling" && earlier === undefined) {
    throw new ObjectFailure("ClientError: The object has no label that could be shown to the workers.");
  }
  const classCount = setup.task === "verification" ? 255 : setup.classes.names.length;
  const truth = await readTruth(sagemaker.objects, line, job.tags, classCount, earlier);
  const common = {
    "human-annotated": by === "machine" ? "no" : "yes",
    "creation-date": microseconds(sagemaker.world.now(), id + 1),
    "job-name": `labeling-job/${job.name.toLowerCase()}`,
  };
  if (setup.task === "verification") {
    const verdict = await verify(sagemaker, setup, truth.mask, earlier?.uri ?? "");
    const content = {
      [attribute]: verdict.index,
      [`${attribute}-metadata`]: {
        "class-name": verdict.name,
        confidence: 0,
        type: "groundtruth/label-verification",
        ...common,
      },
    };
    return { added: content, request: { datasetObjectId: String(id) }, response: consolidated(id, content) };
  }
  const kept = setup.task === "adjustment" ? await keptMask(sagemaker, truth, earlier) : undefined;
  const image = String(line.value["source-ref"]);
  const painted =
    kept === undefined
      ? await paint(sagemaker, job, setup, truth.mask, image, by)
      : { mask: kept, drawn: [kept], confidence: 0 };
  const uri = await output.writeMask(
    id,
    encodeMask(painted.mask, { colors: setup.classes.colors, paletteEntries: 256 }),
  );
  const answers = painted.drawn.map((mask, worker) => ({
    ...workerAnswer(sagemaker, job, setup.classes, mask, worker),
    ...(setup.task === "adjustment" ? { initialValueModified: kept === undefined } : {}),
  }));
  const responseUri = by === "machine" ? "" : await output.writeWorkerResponse(iteration, id, answers);
  const metadata = {
    "internal-color-map": colorMap(setup.classes, painted.confidence),
    type: "groundtruth/semantic-segmentation",
    ...common,
    ...(setup.task === "adjustment" ? { "adjustment-status": kept === undefined ? "adjusted" : "unadjusted" } : {}),
  };
  const content = { [attribute]: uri, [`${attribute}-metadata`]: metadata };
  return {
    added: content,
    request: {
      datasetObjectId: String(id),
      dataObject: { s3Uri: line.value["source-ref"] },
      annotations: answers.map(({ workerId }) => ({ workerId, annotationData: { s3Uri: responseUri } })),
    },
    response: consolidated(id, content),
  };
}

function consolidated(id: number, content: unknown): unknown {
  return { datasetObjectId: String(id), consolidatedAnnotation: { content } };
}

/** Stands for the model in place of a worker's number. */
const machineWorker = 1_000_000;
/** Share of the pixels that must be right for workers to leave a mask as it is; their own hand reaches about that. */
const goodEnough = 0.93;

/** The mask that the line brings, when the workers find nothing to correct in it. */
async function keptMask(
  { objects }: SageMaker,
  truth: Truth,
  earlier: EarlierLabel | undefined,
): Promise<IndexMask | undefined> {
  if (truth.isEarlier || earlier === undefined) return truth.mask;
  const file = await readObject(objects, earlier.uri);
  if (file === undefined) throw new ObjectFailure(`ClientError: The label ${earlier.uri} cannot be read.`);
  const stored = decodeLineMask(file, earlier.uri);
  const shown = earlier.toClass === undefined ? stored : earlier.toClass(stored);
  if (shown.width !== truth.mask.width || shown.height !== truth.mask.height) {
    throw new ObjectFailure(`ClientError: The label ${earlier.uri} does not have the size of its image.`);
  }
  const { data } = truth.mask;
  // Where the truth is undecided the worker leaves what is there.
  const right = shown.data.reduce((sum, index, at) => sum + (index === data[at] || data[at] === 255 ? 1 : 0), 0);
  return right >= goodEnough * data.length ? shown : undefined;
}

interface Painted {
  readonly mask: IndexMask;
  /** What each worker drew. */
  readonly drawn: readonly IndexMask[];
  readonly confidence: number;
}

/** The workers paint, the consolidation votes; other requests get their turn between two workers. */
async function paint(
  sagemaker: SageMaker,
  job: LabelingJobRecord,
  { classes, task }: LabelingSetup,
  truth: IndexMask,
  image: string,
  by: "people" | "machine",
): Promise<Painted> {
  const workers = job.request.HumanTaskConfig.NumberOfHumanWorkersPerDataObject;
  const { annotators, world } = sagemaker;
  const count = classes.names.length;
  if (by === "machine") {
    const mask = annotators.annotate({ truth, classes: count, seed: world.seed, image, worker: machineWorker });
    // Above the target of automated labeling (guide: mean IoU 0.7), spread over the images.
    const confidence = Math.round(75 + (hash32(image) % 24)) / 100;
    return { mask, drawn: [mask], confidence };
  }
  const drawn: IndexMask[] = [];
  // Another hand than in the job before, which would make the same mistakes again.
  const picture = task === "adjustment" ? `${image} adjusted` : image;
  for (let worker = 0; worker < workers; worker++) {
    drawn.push(annotators.annotate({ truth, classes: count, seed: world.seed, image: picture, worker }));
    await turn();
  }
  return { drawn, ...annotators.consolidate(drawn, count) };
}

function workerAnswer(
  { world }: SageMaker,
  job: LabelingJobRecord,
  classes: LabelingClasses,
  mask: IndexMask,
  worker: number,
): { readonly workerId: string } {
  const used = new Set(mask.data);
  const labels = classes.names
    .map((name, index) => [name, index] as const)
    .filter(([, index]) => index > 0 && used.has(index));
  const id = hash32(`worker ${worker}`).toString(16).padStart(16, "0");
  const submitted = world.now();
  return {
    workerId: `private.${job.region}.${id}`,
    ...{
      acceptanceTime: new Date(submitted - 30_000).toISOString(),
      submissionTime: new Date(submitted).toISOString(),
      timeSpentInSeconds: 30,
      answerContent: {
        "crowd-semantic-segmentation": {
          inputImageProperties: { height: mask.height, width: mask.width },
          labelMappings: Object.fromEntries(
            labels.map(([name, index]) => [name, { color: formatColor(classes.colors[index]!) }]),
          ),
          labeledImage: { pngImageData: Buffer.from(encodeMask(mask, { colors: classes.colors })).toString("base64") },
        },
      },
      workerMetadata: { identityData: { identityProviderType: "Cognito", issuer: "embedded backend", sub: id } },
    },
  };
}

/** The first category when the mask agrees with the truth, else the last. */
async function verify(
  sagemaker: SageMaker,
  setup: LabelingSetup,
  truth: IndexMask,
  earlier: string,
): Promise<{ readonly index: number; readonly name: string }> {
  const file = await readObject(sagemaker.objects, earlier);
  if (file === undefined) throw new ObjectFailure(`ClientError: The label ${earlier} cannot be read.`);
  const shown = decodeLineMask(file, earlier);
  let same = 0;
  for (let at = 0; at < truth.data.length; at++) if (truth.data[at] === shown.data[at]) same++;
  const labels = setup.classes.names.slice(1);
  const index = same >= 0.9 * truth.data.length ? 0 : labels.length - 1;
  return { index, name: labels[index] ?? "" };
}
