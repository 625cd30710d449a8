import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { createAwsContext } from "../../src/aws/clients.js";
import { groundTruthRegions } from "../../src/facts/ground-truth-regions.js";
import { labelingJobBuilder } from "../../src/labeling/labeling-steps.js";
import { labelsFromManifest } from "../../src/manifest/labels.js";
import { defineClasses } from "../../src/mask/classes.js";
import { memoryStore } from "../support/memory-store.js";

const validator = path.resolve(import.meta.dirname, "../../../shared/peers/service-model/validate.py");
const python = process.platform === "win32" ? "python" : "python3";
const usable = existsSync(validator) && spawnSync(python, ["--version"]).status === 0;

const classes = defineClasses(["background", "sea turtle", "<b>rock</b>"]);
const instructions = { short: "Paint.", full: "<p>Paint.</p>" };

/** One job for each region and workforce, and one with every step at its limits. */
function requests(): unknown[] {
  const found: unknown[] = [];
  const begin = (region: string, name: string) =>
    labelingJobBuilder(
      createAwsContext({
        region,
        role: "arn:aws:iam::123456789012:role/service-role/Turtles",
        workspace: "s3://turtles/run-1",
      }),
      name,
    )
      .images("s3://turtles/images/")
      .classes(classes)
      .instructions(instructions);
  for (const region of groundTruthRegions) {
    found.push(
      begin(region, "team")
        .workteam(`arn:aws:sagemaker:${region}:123456789012:workteam/private-crowd/painters`)
        .toRequest(),
    );
    found.push(
      begin(region, "crowd")
        .mechanicalTurk({ pricePerTaskUsd: "1.20", contentClassifiers: ["FreeOfPersonallyIdentifiableInformation"] })
        .toRequest(),
    );
  }
  found.push(
    begin("us-east-1", "n".repeat(63))
      .workteam("arn:aws:sagemaker:us-east-1:123456789012:workteam/vendor-crowd/painters")
      .attribute(`${"a".repeat(123)}-ref`)
      .title("t".repeat(128))
      .description("d".repeat(255))
      .keywords(["a", "b c", "k".repeat(30), "d", "e"])
      .workersPerObject(9)
      .timeLimits({ taskSeconds: 28_800, availabilitySeconds: 2_592_000, maxConcurrentTasks: 5000 })
      .stopAfter({ humanLabeledObjects: 1, percentageLabeled: 100 })
      .tags({ "ключ/с пробелом": "v".repeat(256), [`k${"x".repeat(127)}`]: "" })
      .toRequest(),
  );
  const labels = labelsFromManifest({
    store: memoryStore({}),
    uri: "s3://turtles/out.manifest",
    classes,
    attribute: "old-ref",
  });
  const team = "arn:aws:sagemaker:us-east-1:123456789012:workteam/private-crowd/painters";
  const topic = "arn:aws:sns:us-east-1:123456789012:turtles";
  const staffed = (name: string) => begin("us-east-1", name).workteam(team);
  const model = "arn:aws:sagemaker:us-east-1:123456789012:model/turtles";
  const vpc = { subnets: ["subnet-1"], securityGroups: ["sg-1", "sg-2"] };
  found.push(
    staffed("adjust").adjust(labels).toRequest(),
    staffed("adjust-masks").adjustMasks([]).toRequest(),
    staffed("verify").verify(labels).toRequest(),
    staffed("chain").continueFrom(labels).toRequest(),
    staffed("automated").automatedLabeling().toRequest(),
    staffed("automated-all")
      .automatedLabeling({ initialModel: model, volumeKmsKey: "1234abcd-12ab", vpc })
      .outputKmsKey("arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab")
      .contentClassifiers(["FreeOfAdultContent", "FreeOfPersonallyIdentifiableInformation"])
      .toRequest(),
    staffed("stream")
      .streaming({ input: topic, output: `${topic}-out` })
      .toRequest(),
    labelingJobBuilder(
      createAwsContext({
        region: "us-east-1",
        role: "arn:aws:iam::123456789012:role/service-role/Turtles",
        workspace: "s3://turtles/run-1",
      }),
      "stream-alone",
    )
      .streaming({ input: topic })
      .classes(classes)
      .workteam(team)
      .instructions(instructions)
      .toRequest(),
  );
  return found.map((input) => ({ operation: "CreateLabelingJob", input }));
}

describe.skipIf(!usable)("labeling requests against the official service model (needs ../shared and Python)", () => {
  it("every request of the builder passes", () => {
    const folder = mkdtempSync(path.join(tmpdir(), "labeling-requests-"));
    try {
      const list = path.join(folder, "requests.json");
      writeFileSync(list, JSON.stringify(requests()));
      expect(execFileSync(python, [validator, list], { encoding: "utf8" })).not.toMatch(/ValidationException/);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
