import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { buffer } from "node:stream/consumers";
import { encode } from "jpeg-js";
import { SegmentationError, createSession, defineClasses } from "sagemaker-semseg";
import type { Predictor } from "sagemaker-semseg";
import { startLocal } from "sagemaker-semseg/local";
import type { LocalBackend } from "sagemaker-semseg/local";
import { createMask } from "sagemaker-semseg/masks";

const classes = defineClasses(["background", "sky"]);

/** The service: `POST /` a JPEG, get the mask as PNG, with the share of sky in a header. */
function skyService(predictor: Predictor<"background" | "sky">) {
  return createServer((request, response) => {
    void (async () => {
      try {
        const mask = await predictor.mask(await buffer(request));
        response.writeHead(200, { "content-type": "image/png", "x-sky": mask.share("sky").toFixed(3) });
        response.end(mask.toPng());
      } catch (error) {
        // A body that is no image is the caller's mistake, everything else is ours.
        response.writeHead(SegmentationError.is(error, "prediction.body") ? 400 : 502);
        response.end(error instanceof Error ? error.message : "unknown error");
      }
    })();
  });
}

async function main() {
  // Stands for an account in which somebody has deployed the endpoint "sky".
  await using local = await startLocal({ directory: await mkdtemp(path.join(tmpdir(), "sky-")), speed: 100 });
  await deploySky(local);

  // All that the service needs. In your account: createSession() without any option.
  const session = createSession({ region: local.region, endpoint: local.url, credentials: local.credentials });
  const server = skyService(session.endpoint("sky", classes).predictor());
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;

  const good = await fetch(url, { method: "POST", body: Uint8Array.from(picture(5).jpeg) });
  console.log(`a picture: ${good.status}, ${good.headers.get("content-type")}, sky ${good.headers.get("x-sky")}`);
  const bad = await fetch(url, { method: "POST", body: "no picture" });
  console.log(`no picture: ${bad.status}, ${await bad.text()}`);
  await new Promise((resolve) => server.close(resolve));
}

/** Blue above a horizon, green below. */
function picture(n: number) {
  const width = 64;
  const height = 48;
  const horizon = 12 + 4 * n;
  const rgba = new Uint8Array(width * height * 4).fill(255);
  const truth = new Uint8Array(width * height);
  for (let at = 0; at < truth.length; at++) {
    const sky = at / width < horizon;
    rgba.set(sky ? [120, 170, 230 - (at % 7)] : [70 + (at % 11), 120, 50], 4 * at);
    truth[at] = sky ? 1 : 0;
  }
  return {
    jpeg: encode({ data: rgba, width, height }, 90).data,
    png: createMask(width, height, truth, classes).toPng(),
  };
}

async function deploySky(local: LocalBackend) {
  const session = local.session({ workspace: "s3://sky/run-1" });
  for (let n = 0; n < 6; n++) {
    const { jpeg, png } = picture(n);
    await session.store.write(`s3://sky/images/${n}.jpg`, jpeg);
    await session.store.write(`s3://sky/masks/${n}.png`, png);
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
    .hyperparameters({ epochs: 3 })
    .fit();
  const model = await training.wait();
  await model.deploy().instance("ml.c5.xlarge").name("sky").create();
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
