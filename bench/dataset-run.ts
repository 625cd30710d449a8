/** Prepares and uploads the dataset of the bench in a process of its own: `node dataset-run.cjs ENDPOINT FOLDER`. */
import { S3Client } from "@aws-sdk/client-s3";
import { createSession } from "../src/session.js";
import { defineClasses } from "../src/mask/classes.js";

const [endpoint = "", folder = ""] = process.argv.slice(2);
const s3 = new S3Client({
  endpoint,
  region: "us-east-1",
  forcePathStyle: true,
  credentials: { accessKeyId: "local", secretAccessKey: "local" },
});

async function run(): Promise<void> {
  const started = performance.now();
  const dataset = await createSession({ region: "us-east-1", clients: { s3 } })
    .dataset(defineClasses(["background", "turtle", "crab"]))
    .pairs({ images: "s3://photos/images/", masks: "s3://photos/masks/" })
    .split({ train: 0.8, validation: 0.2, seed: 7 })
    .to(`s3://work/${folder}/`)
    .upload();
  const seconds = (performance.now() - started) / 1000;
  const megabytes = process.resourceUsage().maxRSS / 1024;
  console.log(JSON.stringify({ seconds, megabytes, images: dataset.counts.train + dataset.counts.validation }));
}
void run();
