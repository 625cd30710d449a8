import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { InvokeEndpointCommand, SageMakerRuntimeClient } from "@aws-sdk/client-sagemaker-runtime";
import { encode } from "jpeg-js";
import type * as Sdk from "../src/index.js";
import { later, measure } from "./measure.js";
import { sampleMask } from "./sample-masks.js";

/**
 * How much longer a prediction takes than the bare command and the decoding of its answer, against a local server that
 * answers a mask at once.
 */
export async function predictorOverhead(
  sdk: typeof Sdk,
  rounds: number,
  slice: number,
): Promise<{ readonly bare: number; readonly ratio: number; readonly bytes: number }> {
  const [width, height] = [640, 480];
  const classes = sdk.defineClasses(["background", ...Array.from({ length: 20 }, (_, n) => `class ${n + 1}`)]);
  const answer = sdk.encodeMask({ width, height, data: sampleMask(width, height, 5) }, { kind: "gray" });
  const image = photograph(width, height);
  const server = createServer((request, response) => {
    request.resume();
    request.on("end", () => response.writeHead(200, { "content-type": "image/png" }).end(answer));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const settings = { region: "us-east-1", endpoint, credentials: { accessKeyId: "bench", secretAccessKey: "bench" } };
  const client = new SageMakerRuntimeClient(settings);
  const predictor = sdk
    .createSession({ region: "us-east-1", clients: { runtime: client } })
    .endpoint("bench", classes)
    .predictor();
  try {
    const [bare, ours] = await measure(
      [
        later("the bare command", async () => {
          const command = new InvokeEndpointCommand({
            EndpointName: "bench",
            Body: image,
            ContentType: "image/jpeg",
            Accept: "image/png",
          });
          const { Body: body } = await client.send(command);
          sdk.decodeMask(body, { classes });
          return undefined;
        }),
        later("predictor.mask", async () => {
          await predictor.mask(image);
          return undefined;
        }),
      ],
      rounds,
      slice,
    );
    return { bare: bare!.ms, ratio: ours!.ratio, bytes: image.length };
  } finally {
    client.destroy();
    server.close();
    server.closeAllConnections();
  }
}

/** A JPEG of about 100 KB. */
function photograph(width: number, height: number): Uint8Array {
  const data = Buffer.alloc(width * height * 4, 255);
  let state = 1;
  for (let at = 0; at < data.length; at += 4) {
    state = (state * 1103515245 + 12345) & 0x7fffffff;
    const [x, y] = [(at >> 2) % width, Math.floor((at >> 2) / width)];
    const value = 128 + 80 * Math.sin(x / 37) * Math.cos(y / 23) + ((state >> 16) % 40);
    data.fill(Math.max(0, Math.min(255, value)), at, at + 3);
  }
  return new Uint8Array(encode({ width, height, data }, 86).data);
}
