import { createServer } from "node:http";
import type { Server, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { createAwsContext } from "../../src/aws/clients.js";
import { defineClasses } from "../../src/mask/classes.js";
import { createPredictor } from "../../src/prediction/predictor.js";
import { jpegBytes } from "../support/jpeg-bytes.js";
import { rejectionOf } from "../support/refusal-of.js";

const classes = defineClasses(["background", "sea turtle"]);
let server: Server;

/** A context whose endpoint is a server that does this with each request and then nothing. */
async function contextOver(answer: (response: ServerResponse) => void) {
  server = createServer((request, response) => {
    request.resume();
    answer(response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const credentials = { accessKeyId: "test", secretAccessKey: "test" };
  return createAwsContext({ region: "us-east-1", credentials, endpoint: `http://127.0.0.1:${port}` });
}

afterEach(() => {
  server.closeAllConnections();
  server.close();
});

describe("an endpoint that falls silent", () => {
  it.each<[when: string, answer: (response: ServerResponse) => void]>([
    ["before the answer", () => undefined],
    ["in the middle of the answer", (response) => response.writeHead(200, { "content-length": "9" }).write("half")],
  ])("is asked once: %s", async (_, answer) => {
    let asked = 0;
    const context = await contextOver((response) => {
      asked++;
      answer(response);
    });
    const predictor = createPredictor(context, "turtles", classes, { timeout: 400 });
    const error = await rejectionOf(predictor.mask(jpegBytes({ width: 3, height: 1 })));
    expect(error).toMatchObject({ code: "aws.network", details: { name: "TimeoutError" } });
    expect(asked).toBeLessThanOrEqual(1);
    // Only the predictor's time counts: the client repeats after a time-out of its own.
    const { requestHandler } = (await context.clients.runtime()).config;
    // The handler for Node has it, and the client's type covers browsers as well.
    const { httpHandlerConfigs } = requestHandler as { httpHandlerConfigs?: () => object };
    expect(httpHandlerConfigs?.call(requestHandler)).toMatchObject({ socketTimeout: 0, connectionTimeout: 10_000 });
  });
});
