import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { encode } from "jpeg-js";
import { SegmentationError, createSession, defineClasses } from "sagemaker-semseg";
import { startLocal } from "sagemaker-semseg/local";
import { createMask } from "sagemaker-semseg/masks";

const classes = defineClasses(["background", "leaf"]);
const instructions = { short: "Paint every leaf.", full: { text: "Paint every leaf.\n\nLeave out stems." } };

/** Looks at what would be sent to AWS; makes no call and needs no account. */
function showRequest() {
  const session = createSession({
    region: "eu-west-1",
    role: "arn:aws:iam::123456789012:role/Leaves",
    workspace: "s3://leaves/run-1",
  });
  const job = session
    .labelingJob("label-leaves")
    .images("s3://leaves/images/")
    .classes(classes)
    .mechanicalTurk({ pricePerTaskUsd: "0.84", contentClassifiers: ["FreeOfPersonallyIdentifiableInformation"] })
    .instructions(instructions)
    .stopAfter({ humanLabeledObjects: 500 });
  console.log(JSON.stringify(job.toRequest(), undefined, 2));
  for (const { uri, body } of job.toFiles()) console.log(`\n${uri}\n${body}`);

  // What Ground Truth would refuse is refused here, before any call.
  try {
    job.attribute("leaves");
  } catch (error) {
    if (SegmentationError.is(error, "labeling.invalid")) console.log(error.message);
    else throw error;
  }
}

/** Runs a job with the embedded backend's annotators; the last image has no truth, so nobody can label it. */
async function runLocally() {
  await using local = await startLocal({ directory: await mkdtemp(path.join(tmpdir(), "leaves-")), speed: 100 });
  const session = local.session({ workspace: "s3://leaves/run-1" });
  for (let n = 0; n < 5; n++) {
    const { jpeg, truth } = picture(n);
    await session.store.write(`s3://leaves/images/leaf-${n}.jpg`, jpeg);
    if (n < 4) await session.store.write(`s3://leaves/truth/leaf-${n}.png`, truth);
  }
  const started = await session
    .labelingJob("label-leaves")
    .images("s3://leaves/images/")
    .classes(classes)
    .workteam(`arn:aws:sagemaker:${local.region}:${local.account}:workteam/private-crowd/painters`)
    .instructions(instructions)
    .start();

  for await (const { status, labeled, failed, total } of started.watch()) {
    console.log(`${status}: ${labeled} of ${total} labeled, ${failed} failed`);
  }
  // Any other process goes on from the name alone.
  const labels = await session.attachLabelingJob("label-leaves", classes).wait();
  for await (const entry of labels.entries()) {
    if (entry.state === "labeled") {
      const { mask } = await labels.mask(entry);
      console.log(`${entry.imageUri}: ${(100 * mask.share("leaf")).toFixed(1)} % leaf`);
    } else if (entry.state === "failed") {
      console.log(`${entry.imageUri}: ${entry.reason}`);
    }
  }
}

/** A green ellipse on gray. */
function picture(n: number) {
  const width = 64;
  const height = 48;
  const rgba = new Uint8Array(width * height * 4).fill(255);
  const truth = new Uint8Array(width * height);
  for (let at = 0; at < truth.length; at++) {
    const leaf = Math.hypot((at % width) - 32, 2 * (Math.floor(at / width) - 24)) < 14 + 3 * n;
    rgba.set(leaf ? [60, 140 + (at % 9), 50] : [170, 170, 165 + (at % 5)], 4 * at);
    truth[at] = leaf ? 1 : 0;
  }
  return {
    jpeg: encode({ data: rgba, width, height }, 90).data,
    truth: createMask(width, height, truth, classes).toPng(),
  };
}

async function main() {
  showRequest();
  await runLocally();
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
