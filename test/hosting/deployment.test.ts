import { describe, expect, it } from "vitest";
import { createAwsContext } from "../../src/aws/clients.js";
import type { NewDeployment } from "../../src/hosting/deployment.js";
import { modelFromArtifact } from "../../src/hosting/model.js";
import { defineClasses } from "../../src/mask/classes.js";
import { fakeSageMaker } from "../support/fake-sagemaker.js";
import type { WireAnswer, WireCall } from "../support/fake-sagemaker.js";
import { rejectionOf } from "../support/refusal-of.js";

const classes = defineClasses(["background", "sea turtle"]);
const role = "arn:aws:iam::123456789012:role/Turtles";
const artifact = "s3://turtle2022/run-1/output/turtles-1/output/model.tar.gz";

type Names = "background" | "sea turtle";

function deploymentOn(answer: (call: WireCall) => WireAnswer): { deploy: NewDeployment<Names>; calls: WireCall[] } {
  const { client, calls } = fakeSageMaker(answer);
  const context = createAwsContext({ region: "us-east-1", role, pollInterval: 1, clients: { sagemaker: client } });
  return { deploy: modelFromArtifact(context, { artifact, classes }).deploy(), calls };
}

/** A service that makes everything; the endpoint's looks give these statuses, the last one for ever. */
function service(
  statuses: readonly (string | WireAnswer)[],
  more: Readonly<Record<string, (call: WireCall) => WireAnswer | undefined>> = {},
): (call: WireCall) => WireAnswer {
  let look = 0;
  return (call) => {
    const special = more[call.operation]?.(call);
    if (special !== undefined) return special;
    if (call.operation !== "DescribeEndpoint") return { body: {} };
    const status = statuses[Math.min(look++, statuses.length - 1)] ?? "InService";
    if (typeof status !== "string") return status;
    return { body: { EndpointName: "turtles", EndpointStatus: status, EndpointConfigName: "turtles" } };
  };
}

const invalid = (message: string): WireAnswer => ({ error: "ValidationException", message });
const operations = (calls: readonly WireCall[]): string[] => calls.map(({ operation }) => operation);
const made = ["CreateModel", "CreateEndpointConfig", "CreateEndpoint"];

describe("create", () => {
  it("makes model, configuration and endpoint and waits until it answers", async () => {
    const { deploy, calls } = deploymentOn(service(["Creating", "Creating", "InService"]));
    const reports: string[] = [];
    const endpoint = await deploy
      .instance("ml.c5.xlarge")
      .name("turtles")
      .create({ progress: ({ detail }) => reports.push(detail ?? "") });
    expect(endpoint.name).toBe("turtles");
    expect(operations(calls)).toEqual([...made, "DescribeEndpoint", "DescribeEndpoint", "DescribeEndpoint"]);
    expect(reports).toEqual(["Creating", "Creating", "InService"]);
  });

  it("tells the name that it made up before anything is made", async () => {
    const names: [name: string, calls: number][] = [];
    const { deploy, calls } = deploymentOn(service(["InService"]));
    await deploy.instance("ml.c5.xlarge").create({ onName: (name) => names.push([name, calls.length]) });
    expect(names).toEqual([[calls[2]?.input["EndpointName"], 0]]);

    const full = new Error("the disk is full");
    const onName = (): never => {
      throw full;
    };
    await expect(deploy.instance("ml.c5.xlarge").create({ onName })).rejects.toBe(full);
    expect(operations(calls).filter((operation) => operation === "CreateModel")).toHaveLength(1);
  });

  it("repeats CreateEndpoint while AWS does not find the new configuration", async () => {
    let tries = 0;
    const { deploy, calls } = deploymentOn(
      service(["InService"], {
        CreateEndpoint: () => (tries++ < 2 ? invalid('Could not find endpoint configuration "arn:x".') : undefined),
      }),
    );
    await deploy.instance("ml.c5.xlarge").name("turtles").create();
    expect(tries).toBe(3);
    expect(operations(calls)).not.toContain("DeleteModel");
  });

  it("deletes everything again when the endpoint fails, and gives AWS's reason", async () => {
    const FailureReason =
      "Unable to provision requested ML compute capacity due to InsufficientInstanceCapacity error.";
    const failed = { body: { EndpointName: "turtles", EndpointStatus: "Failed", FailureReason } };
    const { deploy, calls } = deploymentOn(service(["Creating", failed]));
    const error = await rejectionOf(deploy.instance("ml.c5.xlarge").name("turtles").create());
    const model = calls[0]?.input["ModelName"] as string;
    expect(error.code).toBe("endpoint.failed");
    expect(error.details).toEqual({
      endpoint: "turtles",
      reason: FailureReason,
      removed: ["endpoint turtles", "endpoint configuration turtles", `model ${model}`],
      remaining: [],
    });
    expect(calls.slice(-3)).toEqual([
      { operation: "DeleteEndpoint", input: { EndpointName: "turtles" } },
      { operation: "DeleteEndpointConfig", input: { EndpointConfigName: "turtles" } },
      { operation: "DeleteModel", input: { ModelName: model } },
    ]);
  });

  it("rolls back when CreateEndpoint is refused, and never touches an endpoint of that name", async () => {
    const quota: WireAnswer = {
      error: "ResourceLimitExceeded",
      message: "The account-level service limit ... is 0 Instances",
    };
    const notFound = invalid('Could not find endpoint "arn:x".');
    const limited = deploymentOn(service([notFound], { CreateEndpoint: () => quota }));
    const error = await rejectionOf(limited.deploy.instance("ml.p3.2xlarge").name("turtles").create());
    expect(error).toMatchObject({ code: "endpoint.failed", cause: { code: "aws.limit" } });
    expect(operations(limited.calls).slice(-2)).toEqual(["DeleteEndpointConfig", "DeleteModel"]);

    // Somebody else's endpoint has the name; its configuration is another.
    const foreign: WireAnswer = {
      body: { EndpointName: "turtles", EndpointStatus: "InService", EndpointConfigName: "theirs" },
    };
    const taken = deploymentOn(
      service([foreign], { CreateEndpoint: () => invalid('Cannot create already existing endpoint "arn:x".') }),
    );
    await rejectionOf(taken.deploy.instance("ml.c5.xlarge").name("turtles").create());
    expect(operations(taken.calls)).not.toContain("DeleteEndpoint");
  });

  it("recognises its own endpoint when the answer was lost", async () => {
    const { deploy, calls } = deploymentOn(
      service(["Creating", "InService"], {
        CreateEndpoint: () => invalid('Cannot create already existing endpoint "arn:x".'),
      }),
    );
    const endpoint = await deploy.instance("ml.c5.xlarge").name("turtles").create();
    await endpoint.delete();
    expect(operations(calls)).toContain("DeleteEndpoint");
  });

  it("throws AWS's error as it is when nothing had been made", async () => {
    const missing = invalid("Could not find model data at s3://b/k.");
    const { deploy, calls } = deploymentOn(service([], { CreateModel: () => missing }));
    expect((await rejectionOf(deploy.instance("ml.c5.xlarge").create())).code).toBe("aws.validation");
    expect(operations(calls)).toEqual(["CreateModel"]);
  });

  it("tells what remains when rolling back fails, and keeps what the endpoint needs", async () => {
    const denied: WireAnswer = { error: "AccessDeniedException", message: "not authorized" };
    const { deploy, calls } = deploymentOn(service(["Failed"], { DeleteEndpoint: () => denied }));
    const { details } = await rejectionOf(deploy.instance("ml.c5.xlarge").name("turtles").create());
    expect(details).toMatchObject({
      removed: [],
      remaining: ["endpoint turtles", "endpoint configuration turtles", expect.stringMatching(/^model /)],
    });
    expect(operations(calls)).not.toContain("DeleteEndpointConfig");
  });

  it("waits hiccups out", async () => {
    const busy: WireAnswer = { error: "ThrottlingException", message: "Rate exceeded" };
    const { deploy } = deploymentOn(service([busy, "Creating", busy, "InService"]));
    expect((await deploy.instance("ml.c5.xlarge").name("turtles").create()).name).toBe("turtles");
  });

  it("leaves a running endpoint alone on abort, or deletes it when told to", async () => {
    const reason = new Error("enough");
    for (const [onAbort, deleted] of [
      ["keep", false],
      ["delete", true],
    ] as const) {
      const stop = new AbortController();
      const { deploy, calls } = deploymentOn(service(["Creating"]));
      const progress = (): void => stop.abort(reason);
      const creating = deploy
        .instance("ml.c5.xlarge")
        .name("turtles")
        .create({ signal: stop.signal, progress, onAbort });
      await expect(creating).rejects.toBe(reason);
      expect(operations(calls).includes("DeleteEndpoint")).toBe(deleted);
      expect(operations(calls).includes("DeleteModel")).toBe(deleted);
    }
  });

  it("waits after an abort until the endpoint can be deleted", async () => {
    const reason = new Error("enough");
    const stop = new AbortController();
    let looks = 0;
    const { deploy, calls } = deploymentOn((call) => {
      if (call.operation === "DescribeEndpoint") looks++;
      const status = looks < 20 ? "Creating" : "InService";
      if (call.operation === "DeleteEndpoint" && looks < 20)
        return invalid('Cannot update in-progress endpoint "arn:x".');
      return { body: { EndpointName: "turtles", EndpointStatus: status } };
    });
    const creating = deploy
      .instance("ml.c5.xlarge")
      .name("turtles")
      .create({ signal: stop.signal, progress: () => stop.abort(reason), onAbort: "delete" });
    await expect(creating).rejects.toBe(reason);
    expect(operations(calls).slice(-3)).toEqual(["DeleteEndpoint", "DeleteEndpointConfig", "DeleteModel"]);
  });

  it("tells what it could not delete after an abort", async () => {
    const reason = new Error("enough");
    const stop = new AbortController();
    const denied = (): WireAnswer => ({ error: "AccessDeniedException", message: "not authorized" });
    const { deploy } = deploymentOn(service(["Creating"], { DeleteEndpoint: denied }));
    const progress = (): void => stop.abort(reason);
    const creating = deploy
      .instance("ml.c5.xlarge")
      .name("turtles")
      .create({ signal: stop.signal, progress, onAbort: "delete" });
    const error = await rejectionOf(creating);
    expect(error).toMatchObject({ code: "endpoint.remaining", cause: reason });
    expect(error.details).toMatchObject({ endpoint: "turtles" });
    expect(JSON.stringify(error.details)).toContain("endpoint turtles");
  });

  it("takes unfinished parts back on abort", async () => {
    const reason = new Error("enough");
    const stop = new AbortController();
    const { deploy, calls } = deploymentOn(
      service([invalid('Could not find endpoint "arn:x".')], {
        CreateEndpointConfig: () => {
          stop.abort(reason);
          return undefined;
        },
      }),
    );
    await expect(deploy.instance("ml.c5.xlarge").create({ signal: stop.signal })).rejects.toBe(reason);
    expect(operations(calls)).toContain("DeleteModel");
    expect(operations(calls)).not.toContain("CreateEndpoint");
  });

  it("ends waiting after the time given, and the endpoint goes on", async () => {
    const { deploy, calls } = deploymentOn(service(["Creating"]));
    const creating = deploy.instance("ml.c5.xlarge").name("turtles").create({ timeout: 5 });
    expect((await rejectionOf(creating)).code).toBe("job.timeout");
    expect(operations(calls)).not.toContain("DeleteEndpoint");
  });
});
