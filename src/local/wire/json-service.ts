import type { LocalRequest, LocalResponse, LocalService } from "../contracts.js";
import type { FaultPlan } from "../faults.js";
import { Refusal } from "../http/index.js";
import { hasOperation, validate } from "../model/validate.js";
import { ApiError, asApiError } from "./api-error.js";
import { readJsonObject } from "./json-body.js";
import type { Input, Operations } from "./operation.js";

/** One service that speaks AWS JSON. */
export interface JsonApi {
  /** Name in the service model, e.g. `sagemaker`. */
  readonly model: string;
  /** What stands before the dot in `X-Amz-Target`. */
  readonly targetPrefix: string;
  readonly version: "1.0" | "1.1";
  readonly operations: Operations;
  /** The service's name for a request that its model refuses; default `ValidationException`. */
  readonly refusalType?: string;
  /** Writes an answer; default `JSON.stringify`. */
  readonly stringify?: (output: unknown) => string;
  /** Turns an error into further headers (CloudWatch's query compatibility). */
  readonly errorHeaders?: (error: ApiError) => Readonly<Record<string, string>>;
}

/** Makes the {@link LocalService} of an API: target header in, checked input to the operation, JSON out. */
export function jsonService(api: JsonApi, faults: FaultPlan): LocalService {
  const prefix = `${api.targetPrefix}.`;
  const contentType = `application/x-amz-json-${api.version}`;
  return {
    accepts: (request) => request.headers["x-amz-target"]?.startsWith(prefix) === true,
    async handle(request: LocalRequest): Promise<LocalResponse> {
      try {
        const name = (request.headers["x-amz-target"] ?? "").slice(prefix.length);
        const output = await call(api, faults, name, request);
        return {
          status: 200,
          headers: { "content-type": contentType },
          body: (api.stringify ?? JSON.stringify)(output),
        };
      } catch (thrown) {
        const error = refusalOf(thrown);
        return {
          status: error.status,
          headers: { "content-type": contentType, "x-amzn-errortype": error.type, ...api.errorHeaders?.(error) },
          body: JSON.stringify({ __type: error.type, message: error.message, ...error.members }),
        };
      }
    },
  };
}

async function call(api: JsonApi, faults: FaultPlan, name: string, request: LocalRequest): Promise<unknown> {
  const operation = api.operations.get(name);
  if (operation === undefined) throw unknownOperation();
  const planned = faults.take(name);
  if (planned !== undefined) throw new ApiError(planned.name, planned.message, planned.status ?? 400);
  const body = await readJsonObject(request);
  return operation(checkedInput(api.model, name, body, api.refusalType), { region: request.region });
}

/** The input as the service model knows it; throws the service's refusal. Operations that the model lacks pass as they are. */
export function checkedInput(
  service: string,
  operation: string,
  input: Input,
  refusalType = "ValidationException",
): Input {
  if (!hasOperation(service, operation)) return input;
  const { type, message = "", value } = validate(service, operation, input);
  if (type !== undefined) throw new ApiError(type === "ValidationException" ? refusalType : type, message);
  return value;
}

/** The refusal of operations that nobody serves. */
export function unknownOperation(): ApiError {
  return new ApiError("UnknownOperationException", "The operation is not known to the embedded backend.");
}

/** An error as a service answers it. Refusals of the HTTP front (a body above the limit, a cut-off body) go on to it. */
function refusalOf(thrown: unknown): ApiError {
  if (thrown instanceof ApiError) return thrown;
  if (thrown instanceof Refusal) throw thrown;
  return asApiError(thrown);
}

/** Answers for targets of services that are not here, so that a JSON client never reads an XML page. */
export const strangeTargets: LocalService = {
  accepts: (request) => request.headers["x-amz-target"] !== undefined,
  handle: () => {
    const error = unknownOperation();
    return Promise.resolve({
      status: error.status,
      headers: { "content-type": "application/x-amz-json-1.1", "x-amzn-errortype": error.type },
      body: JSON.stringify({ __type: error.type, message: error.message }),
    });
  },
};
