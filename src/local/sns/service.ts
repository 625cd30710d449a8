import type { LocalRequest, LocalResponse, LocalService, LocalWorld } from "../contracts.js";
import type { FaultPlan } from "../faults.js";
import { Refusal } from "../http/index.js";
import { ApiError, asApiError } from "../wire/api-error.js";
import { formParameters } from "../wire/query-form.js";
import { queryError, queryResponse } from "../wire/query-xml.js";
import type { Topics } from "./topics.js";

const xmlNamespace = "http://sns.amazonaws.com/doc/2010-03-31/";
/** Largest message of SNS: 256 KB; the form around it is percent-encoded. */
const longestMessage = 256 * 1024;
const bodyLimit = 4 * longestMessage;

/** SNS, as far as streaming labeling jobs need it: CreateTopic and Publish. */
export function snsService(world: LocalWorld, topics: Topics, faults: FaultPlan): LocalService {
  return {
    accepts: (request) => request.service === "sns" && request.path === "/",
    async handle(request) {
      try {
        return await answer(request, world, topics, faults);
      } catch (thrown) {
        if (thrown instanceof Refusal) throw thrown;
        return queryError(xmlNamespace, asApiError(thrown));
      }
    },
  };
}

async function answer(
  request: LocalRequest,
  world: LocalWorld,
  topics: Topics,
  faults: FaultPlan,
): Promise<LocalResponse> {
  const parameters = await formParameters(request, bodyLimit);
  const action = parameters.get("Action") ?? "";
  const planned = faults.take(action);
  if (planned !== undefined) throw new ApiError(planned.name, planned.message, planned.status ?? 400);
  if (action === "CreateTopic") {
    const name = parameters.get("Name") ?? "";
    if (!/^[a-zA-Z0-9_-]{1,256}$/.test(name)) throw new ApiError("InvalidParameter", "Invalid parameter: Topic Name");
    return queryResponse(xmlNamespace, action, { TopicArn: `arn:aws:sns:${request.region}:${world.account}:${name}` });
  }
  if (action === "Publish") {
    const topic = parameters.get("TopicArn") ?? parameters.get("TargetArn") ?? "";
    const message = parameters.get("Message") ?? "";
    if (!new RegExp(`^arn:aws:sns:${request.region}:${world.account}:[a-zA-Z0-9_.-]{1,256}$`).test(topic)) {
      throw new ApiError("NotFound", "Topic does not exist", 404);
    }
    if (message === "") throw new ApiError("InvalidParameter", "Invalid parameter: Empty message");
    if (Buffer.byteLength(message) > longestMessage) {
      throw new ApiError("InvalidParameter", "Invalid parameter: Message too long");
    }
    return queryResponse(xmlNamespace, action, { MessageId: topics.publish(topic, message) });
  }
  throw new ApiError("InvalidAction", "The embedded backend offers CreateTopic and Publish only.");
}
