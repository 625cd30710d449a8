import { describe, expect, it } from "vitest";
import { defineClasses } from "../../src/mask/classes.js";
import { refusalOf } from "../support/refusal-of.js";
import { begin, classes, instructions, ready, teamArn } from "./ready-labeling-job.js";

// Members, patterns and limits: service model 2017-07-24, CreateLabelingJob.
describe("settings of a labeling job beyond the first ones", () => {
  it("labels automatically with Ground Truth's own algorithm", () => {
    expect(ready().automatedLabeling().toRequest().LabelingJobAlgorithmsConfig).toEqual({
      LabelingJobAlgorithmSpecificationArn:
        "arn:aws:sagemaker:us-east-1:027400017018:labeling-job-algorithm-specification/semantic-segmentation",
    });
    const request = ready()
      .automatedLabeling({
        initialModel: "arn:aws:sagemaker:us-east-1:123456789012:model/turtles",
        volumeKmsKey: "arn:aws:kms:us-east-1:123456789012:key/1234abcd",
        vpc: { subnets: ["subnet-1", "subnet-2"], securityGroups: ["sg-1"] },
      })
      .toRequest();
    expect(request.LabelingJobAlgorithmsConfig).toEqual({
      LabelingJobAlgorithmSpecificationArn:
        "arn:aws:sagemaker:us-east-1:027400017018:labeling-job-algorithm-specification/semantic-segmentation",
      InitialActiveLearningModelArn: "arn:aws:sagemaker:us-east-1:123456789012:model/turtles",
      LabelingJobResourceConfig: {
        VolumeKmsKeyId: "arn:aws:kms:us-east-1:123456789012:key/1234abcd",
        VpcConfig: { SecurityGroupIds: ["sg-1"], Subnets: ["subnet-1", "subnet-2"] },
      },
    });
  });

  it("encrypts results, says what a team's images are free of, takes a vendor's team", () => {
    const vendor = teamArn.replace("private-crowd", "vendor-crowd");
    const request = ready()
      .workteam(vendor)
      .outputKmsKey("1234abcd-12ab-34cd-56ef-1234567890ab")
      .contentClassifiers(["FreeOfAdultContent", "FreeOfAdultContent"])
      .toRequest();
    expect(request.OutputConfig).toEqual({
      S3OutputPath: "s3://turtles/run-1/labels/",
      KmsKeyId: "1234abcd-12ab-34cd-56ef-1234567890ab",
    });
    expect(request.InputConfig?.DataAttributes).toEqual({ ContentClassifiers: ["FreeOfAdultContent"] });
    expect(request.HumanTaskConfig?.WorkteamArn).toBe(vendor);
  });

  it("joins classifiers of the step with those of the public crowd's terms", () => {
    const request = ready()
      .contentClassifiers(["FreeOfAdultContent"])
      .mechanicalTurk({ pricePerTaskUsd: "0.84", contentClassifiers: ["FreeOfPersonallyIdentifiableInformation"] })
      .toRequest();
    expect(request.InputConfig?.DataAttributes?.ContentClassifiers?.toSorted()).toEqual([
      "FreeOfAdultContent",
      "FreeOfPersonallyIdentifiableInformation",
    ]);
  });

  it("streams from topics, with a manifest or without", () => {
    const topics = { input: "arn:aws:sns:us-east-1:123456789012:in", output: "arn:aws:sns:us-east-1:123456789012:out" };
    const request = ready().streaming(topics).toRequest();
    expect(request.InputConfig?.DataSource).toEqual({
      S3DataSource: { ManifestS3Uri: "s3://turtles/run-1/labeling/label-turtles/input.manifest" },
      SnsDataSource: { SnsTopicArn: topics.input },
    });
    expect(request.OutputConfig?.SnsTopicArn).toBe(topics.output);
  });

  const two = defineClasses(["background", ...Array.from({ length: 21 }, (_, n) => `class ${n}`)]);
  it.each([
    ["a model of another kind", () => ready().automatedLabeling({ initialModel: "turtles" }), /initialModel/],
    ["a key that is none", () => ready().outputKmsKey("my key"), /outputKmsKey/],
    ["no subnet", () => ready().automatedLabeling({ vpc: { subnets: [], securityGroups: ["sg-1"] } }), /vpc\.subnets/],
    [
      "six security groups",
      () =>
        ready().automatedLabeling({ vpc: { subnets: ["subnet-1"], securityGroups: ["a", "b", "c", "d", "e", "f"] } }),
      /vpc\.securityGroups/,
    ],
    [
      "a subnet with a blank",
      () => ready().automatedLabeling({ vpc: { subnets: ["a b"], securityGroups: ["a"] } }),
      /a b/,
    ],
    ["a topic that is none", () => ready().streaming({ input: "turtles" }), /streaming\.input/],
    [
      "one topic for both ways",
      () =>
        ready().streaming({
          input: "arn:aws:sns:us-east-1:123456789012:t",
          output: "arn:aws:sns:us-east-1:123456789012:t",
        }),
      /another topic/,
    ],
    [
      "a topic of another region",
      () => ready().streaming({ input: "arn:aws:sns:eu-west-1:123456789012:t" }).toRequest(),
      /us-east-1/,
    ],
    // Guide, sms-streaming-labeling-job: neither is for streams.
    [
      "a stream that labels automatically",
      () => ready().streaming({ input: "arn:aws:sns:us-east-1:123456789012:t" }).automatedLabeling().toRequest(),
      /streaming jobs/,
    ],
    [
      "a stream that stops by count",
      () =>
        ready()
          .streaming({ input: "arn:aws:sns:us-east-1:123456789012:t" })
          .stopAfter({ humanLabeledObjects: 5 })
          .toRequest(),
      /ignores it/,
    ],
    // Guide, sms-label-cat-config-attributes: 20 labels.
    ["21 labels", () => ready().classes(two).automatedLabeling().toRequest(), /at most 20/],
  ])("refuses %s", (_, make, message) => {
    expect(refusalOf(make)).toMatchObject({ code: "labeling.invalid" });
    expect(make).toThrow(message);
  });

  it("needs no images where a topic brings them", () => {
    const source = ready().streaming({ input: "arn:aws:sns:us-east-1:123456789012:in" });
    expect(source.toFiles()).toHaveLength(2);
  });

  it("asks for what is still missing, in its type and when it runs", () => {
    const topic = "arn:aws:sns:us-east-1:123456789012:in";
    const started = begin("typed").streaming({ input: topic }).workteam(teamArn).instructions(instructions);
    // @ts-expect-error -- classes are missing
    expect(() => started.toRequest()).toThrow(/\.classes\(\.\.\.\)/);
    expect(started.classes(classes).toRequest().InputConfig?.DataSource).toEqual({
      SnsDataSource: { SnsTopicArn: topic },
    });
    // @ts-expect-error -- masks alone say nothing of their classes
    expect(() => begin("typed").adjustMasks([]).workteam(teamArn).instructions(instructions).toRequest()).toThrow(
      /classes/,
    );
  });
});
