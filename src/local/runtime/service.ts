import { seededRandom } from "../../core/random.js";
import type { LocalRequest, LocalResponse, LocalService } from "../contracts.js";
import { ContainerError } from "../contracts.js";
import { Refusal, decodePercent } from "../http/index.js";
import { checkedInput } from "../wire/json-service.js";
import type { SageMaker } from "../sagemaker/context.js";
import type { EndpointRecord, ServingVariant } from "../state/record-types.js";
import { ApiError, asApiError } from "../wire/api-error.js";
import { chooseAnswer, imageTypes, mediaType, writeAnswer, writeMask } from "./content.js";
import { EndpointModels } from "./endpoint-models.js";
import { InferenceQueue } from "./inference-queue.js";
import { Invocation } from "./invocation.js";

/** Current limit of real-time endpoints (hosting FAQ); the service model still says 6 MB. */
const bodyLimit = 25 * 1024 * 1024;
const target = /^\/endpoints\/([^/]+)\/invocations$/;

/** What all requests share. */
interface Runtime {
  readonly sagemaker: SageMaker;
  readonly models: EndpointModels;
  readonly queue: InferenceQueue;
  /** Chooses among variants. */
  readonly random: () => number;
}

/** SageMaker Runtime: InvokeEndpoint. */
export function runtimeService(sagemaker: SageMaker): LocalService {
  const runtime: Runtime = {
    sagemaker,
    models: new EndpointModels(sagemaker),
    queue: new InferenceQueue(),
    random: seededRandom(`variants ${sagemaker.world.seed}`),
  };
  return {
    accepts: (request) =>
      request.method === "POST" && request.service === "sagemaker" && request.path.startsWith("/endpoints/"),
    async handle(request) {
      try {
        return await invoke(runtime, request);
      } catch (thrown) {
        if (thrown instanceof Refusal) throw thrown;
        return errorAnswer(asApiError(thrown));
      }
    },
    close: () => runtime.models.close(),
  };
}

async function invoke(runtime: Runtime, request: LocalRequest): Promise<LocalResponse> {
  const { sagemaker } = runtime;
  const match = target.exec(request.path);
  if (match === null)
    throw new ApiError("UnknownOperationException", "The operation is not known to the embedded backend.");
  const planned = sagemaker.faults.take("InvokeEndpoint");
  if (planned !== undefined) throw new ApiError(planned.name, planned.message, planned.status ?? 400);
  const name = decodePercent(match[1] ?? "");
  checkHeaders(request, name);
  const endpoint = sagemaker.state.endpoints.get(name);
  if (endpoint === undefined || (endpoint.status !== "InService" && endpoint.status !== "Updating")) {
    throw new ApiError("ValidationError", `Endpoint ${name} of account ${sagemaker.world.account} not found.`);
  }
  const serving = chooseVariant(endpoint, request.headers["x-amzn-sagemaker-target-variant"], runtime.random);
  const announced = Number(request.headers["content-length"] ?? bodyLimit);
  const leave = runtime.queue.enter(Math.min(announced, bodyLimit));
  try {
    return await answer(runtime, request, endpoint, serving);
  } finally {
    leave();
  }
}

async function answer(
  { sagemaker, models, queue }: Runtime,
  request: LocalRequest,
  endpoint: EndpointRecord,
  serving: ServingVariant,
): Promise<LocalResponse> {
  const body = await request.body(bodyLimit);
  const invocation = new Invocation(sagemaker, endpoint, serving);
  const contentType = mediaType(request.headers["content-type"] ?? "");
  const accept = chooseAnswer(request.headers["accept"]);
  if (!imageTypes.has(contentType)) {
    throw invocation.refused(415, `Unsupported content type "${contentType}": send image/jpeg.`);
  }
  if (accept === undefined) {
    throw invocation.refused(
      406,
      `Unsupported Accept "${request.headers["accept"]}": ask for image/png or application/x-protobuf.`,
    );
  }
  const predicted = await queue.inTurn(() => predict(models, serving, body, accept, invocation));
  invocation.succeeded();
  const custom = request.headers["x-amzn-sagemaker-custom-attributes"];
  return {
    status: 200,
    headers: {
      "content-type": accept,
      "x-amzn-invoked-production-variant": serving.variant.VariantName,
      ...(custom === undefined ? {} : { "x-amzn-sagemaker-custom-attributes": custom }),
    },
    body: predicted,
  };
}

async function predict(
  models: EndpointModels,
  serving: ServingVariant,
  body: Uint8Array,
  accept: string,
  invocation: Invocation,
): Promise<Uint8Array> {
  try {
    const model = await models.of(serving.container);
    invocation.begun();
    if (accept === "image/png" && model.mask !== undefined) return writeMask(await model.mask(body));
    return writeAnswer(accept, await model.predict(body), model.classes);
  } catch (error) {
    if (error instanceof ContainerError && error.kind === "ClientError") throw invocation.refused(400, error.message);
    throw invocation.refused(500, "The model failed to answer.");
  }
}

/** Lengths and patterns of the headers, as the service model has them; the body has a limit of its own. */
function checkHeaders(request: LocalRequest, endpoint: string): void {
  const header = (name: string): Record<string, string> => {
    const value = request.headers[`x-amzn-sagemaker-${name.toLowerCase().replaceAll(" ", "-")}`];
    return value === undefined ? {} : { [name.replaceAll(" ", "")]: value };
  };
  try {
    checkedInput("sagemaker-runtime", "InvokeEndpoint", {
      EndpointName: endpoint,
      ...(request.headers["content-type"] === undefined ? {} : { ContentType: request.headers["content-type"] }),
      ...(request.headers["accept"] === undefined ? {} : { Accept: request.headers["accept"] }),
      ...header("Custom Attributes"),
      ...header("Target Model"),
      ...header("Target Variant"),
      ...header("Inference Id"),
      Body: new Uint8Array(0),
    });
  } catch (error) {
    // The runtime has a name of its own for this error.
    throw error instanceof ApiError ? new ApiError("ValidationError", error.message) : error;
  }
}

/** The named variant, or one by weight. */
function chooseVariant(endpoint: EndpointRecord, wanted: string | undefined, random: () => number): ServingVariant {
  if (wanted !== undefined) {
    const named = endpoint.variants.find(({ variant }) => variant.VariantName === wanted);
    if (named === undefined) {
      throw new ApiError("ValidationError", `Variant ${wanted} not found for endpoint ${endpoint.name}.`);
    }
    return named;
  }
  const total = endpoint.variants.reduce((sum, item) => sum + item.weight, 0);
  let place = random() * total;
  const found = endpoint.variants.find((item) => (place -= item.weight) < 0) ?? endpoint.variants[0];
  if (found === undefined) throw new ApiError("ValidationError", `Endpoint ${endpoint.name} has no variants.`);
  return found;
}

function errorAnswer(error: ApiError): LocalResponse {
  return {
    status: error.status,
    headers: { "content-type": "application/json", "x-amzn-errortype": error.type },
    body: JSON.stringify({ Message: error.message, ...error.members }),
  };
}
