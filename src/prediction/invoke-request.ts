import type { InvokeEndpointCommandInput } from "@aws-sdk/client-sagemaker-runtime";
import type { RequestBody } from "./request-body.js";

/**
 * The two names under which the container answers with probabilities: the one that AWS's notebook uses, and the one of
 * the developer guide. The bytes are the same.
 */
export type ProbabilityAccept = "application/x-protobuf" | "application/x-recordio-protobuf";

/** What an answer may be asked for as. */
export type Accept = "image/png" | ProbabilityAccept;

/** The InvokeEndpoint request: one image, its own bytes. */
export function invokeRequest(
  endpoint: string,
  accept: Accept,
  { bytes, contentType }: RequestBody,
): InvokeEndpointCommandInput {
  return { EndpointName: endpoint, ContentType: contentType, Accept: accept, Body: bytes };
}
