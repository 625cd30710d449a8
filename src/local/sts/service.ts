import type { LocalService, LocalWorld } from "../contracts.js";
import { Refusal } from "../http/index.js";
import { ApiError, asApiError } from "../wire/api-error.js";
import { formParameters } from "../wire/query-form.js";
import { queryError, queryResponse } from "../wire/query-xml.js";

const xmlNamespace = "https://sts.amazonaws.com/doc/2011-06-15/";

/** STS: GetCallerIdentity, by which clients find their account. */
export function stsService(world: LocalWorld): LocalService {
  return {
    accepts: (request) => request.service === "sts" && request.path === "/",
    async handle(request) {
      try {
        const parameters = await formParameters(request, 64 * 1024);
        if (parameters.get("Action") !== "GetCallerIdentity") {
          throw new ApiError("InvalidAction", "The embedded backend offers GetCallerIdentity only.");
        }
        return queryResponse(xmlNamespace, "GetCallerIdentity", {
          Arn: `arn:aws:iam::${world.account}:user/local`,
          UserId: "AIDALOCALLOCALLOCALLO",
          Account: world.account,
        });
      } catch (thrown) {
        if (thrown instanceof Refusal) throw thrown;
        return queryError(xmlNamespace, asApiError(thrown));
      }
    },
  };
}
