import type { LocalRequest, LocalResponse, LocalService, LocalWorld } from "../contracts.js";
import type { FaultPlan } from "../faults.js";
import { Refusal } from "../http/index.js";
import { ApiError, asApiError } from "../wire/api-error.js";
import { checkedInput, jsonService, unknownOperation } from "../wire/json-service.js";
import type { Input, Operations } from "../wire/operation.js";
import { cloudWatchOperations } from "./api.js";
import { CborTime, decodeCbor, encodeCbor } from "./cbor.js";
import type { MetricStore } from "./metric-store.js";
import { formParameters, nestedInput } from "../wire/query-form.js";
import { queryError, queryResponse } from "../wire/query-xml.js";
import { doublesAsJson, timesOfAnswer, timesOfRequest, typedQuery } from "./wire-values.js";

const xmlNamespace = "http://monitoring.amazonaws.com/doc/2010-08-01/";
const cborPath = "/service/GraniteServiceVersion20100801/operation/";
const limit = 4 * 1024 * 1024;

/** CloudWatch in its three wire forms: JSON 1.0 (JavaScript, boto3), CBOR (Go), Query with XML (Java, older clients). */
export function cloudWatchService(world: LocalWorld, store: MetricStore, faults: FaultPlan): LocalService {
  const operations = cloudWatchOperations(world, store);
  const json = jsonService(
    {
      model: "cloudwatch",
      targetPrefix: "GraniteServiceVersion20100801",
      version: "1.0",
      operations,
      stringify: doublesAsJson,
      errorHeaders: ({ type, status }) => ({ "x-amzn-query-error": `${type};${status < 500 ? "Sender" : "Receiver"}` }),
    },
    faults,
  );
  const isCbor = (request: LocalRequest): boolean => request.path.startsWith(cborPath);
  // All clients post; a page's `<img>` could get, with a signature in the query that nobody checks.
  const isQuery = (request: LocalRequest): boolean =>
    request.service === "monitoring" && request.path === "/" && request.method === "POST";
  return {
    accepts: (request) => json.accepts(request) || isCbor(request) || isQuery(request),
    handle(request) {
      if (json.accepts(request)) return json.handle(request);
      return isCbor(request) ? handleCbor(operations, faults, request) : handleQuery(operations, faults, request);
    },
  };
}

async function run(
  operations: Operations,
  faults: FaultPlan,
  name: string,
  input: Input,
  region: string,
): Promise<unknown> {
  const operation = operations.get(name);
  if (operation === undefined) throw unknownOperation();
  const planned = faults.take(name);
  if (planned !== undefined) throw new ApiError(planned.name, planned.message, planned.status ?? 400);
  return operation(checkedInput("cloudwatch", name, input), { region });
}

async function handleCbor(operations: Operations, faults: FaultPlan, request: LocalRequest): Promise<LocalResponse> {
  const headers = { "content-type": "application/cbor", "smithy-protocol": "rpc-v2-cbor" };
  try {
    const body = await request.body(limit);
    const input = body.length === 0 ? {} : decodeCbor(body);
    if (typeof input !== "object" || input === null || Array.isArray(input) || input instanceof Uint8Array)
      throw new ApiError("SerializationException", "Expected a map.");
    const output = await run(
      operations,
      faults,
      request.path.slice(cborPath.length),
      timesOfRequest(input),
      request.region,
    );
    return { status: 200, headers, body: encodeCbor(timesOfAnswer(output, (seconds) => new CborTime(seconds))) };
  } catch (thrown) {
    if (thrown instanceof Refusal) throw thrown;
    const error = asApiError(thrown);
    return {
      status: error.status,
      headers: { ...headers, "x-amzn-query-error": `${error.type};Sender` },
      body: encodeCbor({ __type: error.type, message: error.message }),
    };
  }
}

async function handleQuery(operations: Operations, faults: FaultPlan, request: LocalRequest): Promise<LocalResponse> {
  try {
    const parameters = await formParameters(request, limit);
    const action = parameters.get("Action") ?? "";
    const input = typedQuery(nestedInput(parameters));
    const output = await run(operations, faults, action, input, request.region);
    const times = timesOfAnswer(output, (seconds) => new Date(seconds * 1000).toISOString());
    return queryResponse(xmlNamespace, action, times);
  } catch (thrown) {
    if (thrown instanceof Refusal) throw thrown;
    return queryError(xmlNamespace, asApiError(thrown));
  }
}
