import { describe, expect, it } from "vitest";
import { createAwsContext } from "../../src/aws/clients.js";
import type { AwsContext } from "../../src/aws/context.js";
import { createOwnershipLedger } from "../../src/aws/ownership.js";
import { attachEndpoint, ownedEndpoint } from "../../src/hosting/endpoint.js";
import type { OwnedEndpoint } from "../../src/hosting/endpoint.js";
import { defineClasses } from "../../src/mask/classes.js";
import { fakeSageMaker } from "../support/fake-sagemaker.js";
import type { WireAnswer, WireCall } from "../support/fake-sagemaker.js";
import { refusalOf, rejectionOf } from "../support/refusal-of.js";

const classes = defineClasses(["background", "sea turtle"]);

function contextOn(answer: (call: WireCall) => WireAnswer): { context: AwsContext; calls: WireCall[] } {
  const { client, calls } = fakeSageMaker(answer);
  return { context: createAwsContext({ region: "us-east-1", pollInterval: 1, clients: { sagemaker: client } }), calls };
}

function owned(context: AwsContext): OwnedEndpoint<"background" | "sea turtle"> {
  const ledger = createOwnershipLedger();
  ledger.add("model", "turtles-model");
  ledger.add("endpoint-config", "turtles-config");
  ledger.add("endpoint", "turtles");
  return ownedEndpoint(context, "turtles", classes, ledger);
}

const operations = (calls: readonly WireCall[]): string[] => calls.map(({ operation }) => operation);
const gone: WireAnswer = { error: "ValidationException", message: 'Could not find endpoint "arn:x".' };
const inProgress: WireAnswer = { error: "ValidationException", message: 'Cannot update in-progress endpoint "arn:x".' };
const all = ["DeleteEndpoint", "DeleteEndpointConfig", "DeleteModel"];

describe("an owned endpoint", () => {
  it("is deleted with its parts on the way out, once", async () => {
    const { context, calls } = contextOn(() => ({ body: {} }));
    {
      await using endpoint = owned(context);
      expect(calls).toEqual([]);
      await endpoint.delete();
    }
    expect(operations(calls)).toEqual(all);
  });

  it("takes what somebody else deleted for deleted", async () => {
    const { context, calls } = contextOn(() => gone);
    await owned(context).delete();
    expect(operations(calls)).toEqual(all);
  });

  it("tells what it left behind, and tries that again when called again", async () => {
    let denied = true;
    const { context, calls } = contextOn(({ operation }) =>
      operation === "DeleteEndpointConfig" && denied
        ? { error: "AccessDeniedException", message: "not authorized" }
        : { body: {} },
    );
    const endpoint = owned(context);
    const { code, details } = await rejectionOf(endpoint.delete());
    expect(code).toBe("endpoint.remaining");
    expect(details).toEqual({
      endpoint: "turtles",
      remaining: ["endpoint configuration turtles-config", "model turtles-model"],
    });
    denied = false;
    await endpoint.delete();
    expect(operations(calls)).toEqual([
      "DeleteEndpoint",
      "DeleteEndpointConfig",
      "DeleteEndpointConfig",
      "DeleteModel",
    ]);
  });

  it("waits for an endpoint that is being made, as long as that takes, and deletes it then", async () => {
    let looks = 0;
    const { context, calls } = contextOn(({ operation }) => {
      if (operation === "DescribeEndpoint")
        return { body: { EndpointName: "turtles", EndpointStatus: ++looks < 40 ? "Creating" : "InService" } };
      return operation === "DeleteEndpoint" && looks < 40 ? inProgress : { body: {} };
    });
    await owned(context).delete();
    expect(looks).toBe(40);
    expect(operations(calls).filter((operation) => operation.startsWith("Delete"))).toEqual(["DeleteEndpoint", ...all]);
  });

  it("takes an endpoint that is gone after the waiting for deleted", async () => {
    const { context, calls } = contextOn(({ operation }) => {
      if (operation === "DescribeEndpoint") return gone;
      const first = calls.filter((call) => call.operation === "DeleteEndpoint").length === 1;
      return operation === "DeleteEndpoint" ? (first ? inProgress : gone) : { body: {} };
    });
    await owned(context).delete();
    expect(operations(calls).slice(-2)).toEqual(["DeleteEndpointConfig", "DeleteModel"]);
  });

  it("gives up when AWS refuses to delete a settled endpoint again and again", async () => {
    const { context, calls } = contextOn(({ operation }) =>
      operation === "DescribeEndpoint"
        ? { body: { EndpointName: "turtles", EndpointStatus: "InService" } }
        : inProgress,
    );
    const error = await rejectionOf(owned(context).delete());
    expect(error).toMatchObject({ code: "endpoint.remaining", cause: { code: "aws.conflict" } });
    expect(operations(calls).filter((operation) => operation === "DeleteEndpoint")).toHaveLength(6);
  });

  it("ends the waiting on abort with the signal's own reason", async () => {
    const reason = new Error("enough");
    const stop = new AbortController();
    const { context } = contextOn(({ operation }) => {
      if (operation !== "DescribeEndpoint") return inProgress;
      stop.abort(reason);
      return { body: { EndpointName: "turtles", EndpointStatus: "Creating" } };
    });
    await expect(owned(context).delete({ signal: stop.signal })).rejects.toBe(reason);
  });
});

describe("an attached endpoint", () => {
  it("is made without a call and is not disposable", () => {
    const { context, calls } = contextOn(() => ({ body: {} }));
    const endpoint = attachEndpoint(context, "turtles", classes);
    expect(calls).toEqual([]);
    expect(Symbol.asyncDispose in endpoint).toBe(false);
    expect(refusalOf(() => attachEndpoint(context, "under_score", classes)).code).toBe("input.invalid");
  });

  it("deletes itself only, unless everything is asked for", async () => {
    const answer = ({ operation }: WireCall): WireAnswer => {
      if (operation === "DescribeEndpoint")
        return { body: { EndpointStatus: "InService", EndpointConfigName: "config-1" } };
      if (operation !== "DescribeEndpointConfig") return { body: {} };
      return { body: { ProductionVariants: [{ VariantName: "AllTraffic", ModelName: "model-1" }] } };
    };
    const one = contextOn(answer);
    await attachEndpoint(one.context, "turtles", classes).delete();
    expect(one.calls).toEqual([{ operation: "DeleteEndpoint", input: { EndpointName: "turtles" } }]);

    const every = contextOn(answer);
    await attachEndpoint(every.context, "turtles", classes).delete({ everything: true });
    expect(every.calls.slice(2)).toEqual([
      { operation: "DeleteEndpoint", input: { EndpointName: "turtles" } },
      { operation: "DeleteEndpointConfig", input: { EndpointConfigName: "config-1" } },
      { operation: "DeleteModel", input: { ModelName: "model-1" } },
    ]);
  });

  it("describes and waits", async () => {
    let look = 0;
    const { context } = contextOn(() => ({
      body: {
        EndpointName: "turtles",
        EndpointConfigName: "c",
        EndpointStatus: look++ === 0 ? "Updating" : "InService",
      },
    }));
    const endpoint = attachEndpoint(context, "turtles", classes);
    expect(await endpoint.describe()).toMatchObject({ status: "Updating", configName: "c" });
    expect((await endpoint.wait()).status).toBe("InService");
  });

  it.each(["Failed", "OutOfService", "Deleting", "SomethingNew"])(
    "does not wait for ever: %s",
    async (EndpointStatus) => {
      const { context } = contextOn(() => ({ body: { EndpointName: "turtles", EndpointStatus } }));
      const { code, details } = await rejectionOf(attachEndpoint(context, "turtles", classes).wait());
      expect(code).toBe("endpoint.failed");
      expect(details).toMatchObject({ reason: expect.stringContaining(EndpointStatus) as string });
    },
  );

  it("knows no endpoint of that name", async () => {
    const { context } = contextOn(() => gone);
    expect((await rejectionOf(attachEndpoint(context, "turtles", classes).wait())).code).toBe("aws.not-found");
  });
});
