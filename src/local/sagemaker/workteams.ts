import { ApiError, validationError } from "../wire/api-error.js";
import type { CallContext, Input, Operation, Output } from "../wire/operation.js";
import type { SageMaker } from "./context.js";

/** The private teams that an account of the embedded backend has. */
const teams: readonly { readonly name: string; readonly description: string }[] = [
  { name: "annotators", description: "Simulated annotators of the embedded backend" },
  { name: "painters", description: "Simulated annotators of the embedded backend, second team" },
];

const born = Date.UTC(2024, 0, 1) / 1000;

/** A vendor's team of the AWS Marketplace, which the account has subscribed to. */
const vendorTeam = "vendor-painters";

/** ListWorkteams, DescribeWorkteam, ListSubscribedWorkteams, DescribeSubscribedWorkteam. */
export function workteamOperations(sagemaker: SageMaker): [string, Operation][] {
  const describe = (name: string, { region }: CallContext): Output => ({
    WorkteamName: name,
    WorkteamArn: `arn:aws:sagemaker:${region}:${sagemaker.world.account}:workteam/private-crowd/${name}`,
    WorkforceArn: `arn:aws:sagemaker:${region}:${sagemaker.world.account}:workforce/private-crowd`,
    Description: teams.find((team) => team.name === name)?.description,
    MemberDefinitions: [
      { CognitoMemberDefinition: { UserPool: `${region}_local`, UserGroup: name, ClientId: "embeddedbackend" } },
    ],
    SubDomain: `local.labeling.${region}.sagemaker.aws`,
    CreateDate: born,
    LastUpdatedDate: born,
  });
  const subscribed = ({ region }: CallContext): Output => ({
    WorkteamArn: `arn:aws:sagemaker:${region}:${sagemaker.world.account}:workteam/vendor-crowd/${vendorTeam}`,
    MarketplaceTitle: "Simulated annotators",
    SellerName: "Embedded backend",
    MarketplaceDescription: "Simulated annotators of the embedded backend",
    ListingId: "embedded-backend",
  });
  return [
    ["ListSubscribedWorkteams", (_, call) => ({ SubscribedWorkteams: [subscribed(call)] })],
    [
      "DescribeSubscribedWorkteam",
      (input, call) => {
        const team = subscribed(call);
        if (input["WorkteamArn"] === team["WorkteamArn"]) return { SubscribedWorkteam: team };
        throw validationError("The account has not subscribed to this work team.");
      },
    ],
    ["ListWorkteams", (input, call) => list(input, (name) => describe(name, call))],
    [
      "DescribeWorkteam",
      (input, call) => {
        const name = String(input["WorkteamName"]);
        if (!teams.some((team) => team.name === name)) {
          throw new ApiError("ValidationException", `The work team ${name} does not exist.`);
        }
        return { Workteam: describe(name, call) };
      },
    ],
  ];
}

function list(input: Input, describe: (name: string) => Output): Output {
  const part = ((input["NameContains"] as string | undefined) ?? "").toLowerCase();
  const names = teams.map((team) => team.name).filter((name) => name.includes(part));
  names.sort();
  if (input["SortOrder"] === "Descending") names.reverse();
  const token = input["NextToken"] as string | undefined;
  const start = token === undefined ? 0 : names.indexOf(token);
  if (start < 0) throw validationError("The pagination token is invalid.");
  const end = start + ((input["MaxResults"] as number | undefined) ?? 10);
  return { Workteams: names.slice(start, end).map(describe), NextToken: names[end] };
}
