/**
 * Uploads a dataset in a process of its own, which kills itself at a given moment:
 * `node upload.cjs URL JOURNAL KILL_AT PHASE`. `KILL_AT` counts requests; `PHASE` is `before` or `after` one, or
 * milliseconds after it was sent. `JOURNAL` may be `-`.
 */
import { S3Client } from "@aws-sdk/client-s3";
import { createS3Store } from "../../src/aws/s3-store.js";
import { datasetBuilder } from "../../src/dataset/builder.js";
import { defineClasses } from "../../src/mask/classes.js";

const [url = "", journal = "-", killAt = "0", phase = "before"] = process.argv.slice(2);
let requests = 0;
const die = (): void => void process.kill(process.pid, "SIGKILL");
const s3 = new S3Client({
  endpoint: url,
  region: "us-east-1",
  forcePathStyle: true,
  credentials: { accessKeyId: "local", secretAccessKey: "local" },
});
s3.middlewareStack.add(
  (next) => async (args) => {
    const number = ++requests;
    if (number !== Number(killAt)) return next(args);
    if (phase === "before") die();
    if (phase !== "after") setTimeout(die, Number(phase));
    const answer = await next(args);
    die();
    return answer;
  },
  { step: "finalizeRequest", priority: "low" },
);
const context = { store: createS3Store(() => Promise.resolve(s3)), workspace: () => "s3://work/run/" };

async function upload(): Promise<void> {
  const dataset = await datasetBuilder(context, defineClasses(["background", "turtle"]))
    .pairs({ images: "s3://photos/images/", masks: "s3://photos/masks/" })
    .split({ train: 0.7, validation: 0.3, seed: 3 })
    .upload(journal === "-" ? {} : { journal });
  process.stdout.write(JSON.stringify({ requests, counts: dataset.counts }));
}
void upload();
