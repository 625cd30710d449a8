import { SageMakerClient } from "@aws-sdk/client-sagemaker";
import { jsonWire } from "./json-wire.js";
import type { WireAnswer, WireCall } from "./json-wire.js";

export type { WireAnswer, WireCall } from "./json-wire.js";

/** A real client with its real serialiser over answers made here, and the list of calls it made. */
export function fakeSageMaker(answer: (call: WireCall) => WireAnswer): {
  readonly client: SageMakerClient;
  readonly calls: WireCall[];
} {
  const { config, calls } = jsonWire("SageMaker.", answer);
  return { client: new SageMakerClient(config), calls };
}
