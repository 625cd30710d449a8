import { CreateLabelingJobCommand, DescribeLabelingJobCommand } from "@aws-sdk/client-sagemaker";
import type { CreateLabelingJobCommandInput } from "@aws-sdk/client-sagemaker";
import { GetObjectCommand } from "@aws-sdk/client-s3";
import { squareScene, until } from "./local-backend.js";
import type { TestBackend } from "./local-backend.js";

/** A function of Ground Truth in us-east-1. */
export const lambda = (name: string) => `arn:aws:lambda:us-east-1:432418664414:function:${name}`;

/** Images, truth masks, manifest, categories and template in the bucket. */
export async function prepareLabeling(at: TestBackend, count: number): Promise<void> {
  const lines: string[] = [];
  for (let n = 0; n < count; n++) {
    const { image, mask } = squareScene(n);
    const uri = await at.put(`images/p${n}.jpg`, image);
    await at.put(`truth/p${n}.png`, mask);
    lines.push(`{"source-ref": "${uri}",  "station": "río", "n": ${n}}`);
  }
  await at.put("in.manifest", lines.join("\r\n"));
  await at.put("categories.json", JSON.stringify({ labels: [{ label: "square" }] }));
  await at.put("template.html", "<crowd-form></crowd-form>");
}

/** A request that labels the images of {@link prepareLabeling}. */
export function labelingRequest(
  name: string,
  changes: Partial<CreateLabelingJobCommandInput> = {},
): CreateLabelingJobCommandInput {
  return {
    LabelingJobName: name,
    LabelAttributeName: "squares-ref",
    InputConfig: { DataSource: { S3DataSource: { ManifestS3Uri: "s3://bucket/in.manifest" } } },
    OutputConfig: { S3OutputPath: "s3://bucket/out/" },
    RoleArn: "arn:aws:iam::123456789012:role/Test",
    LabelCategoryConfigS3Uri: "s3://bucket/categories.json",
    HumanTaskConfig: {
      WorkteamArn: "arn:aws:sagemaker:us-east-1:123456789012:workteam/private-crowd/painters",
      UiConfig: { UiTemplateS3Uri: "s3://bucket/template.html" },
      PreHumanTaskLambdaArn: lambda("PRE-SemanticSegmentation"),
      AnnotationConsolidationConfig: { AnnotationConsolidationLambdaArn: lambda("ACS-SemanticSegmentation") },
      TaskTitle: "Paint",
      TaskDescription: "Paint squares.",
      NumberOfHumanWorkersPerDataObject: 1,
      TaskTimeLimitInSeconds: 3600,
    },
    ...changes,
  };
}

/** Changes to the human task's settings. */
export const human = (changes: object) => ({
  HumanTaskConfig: { ...labelingRequest("x").HumanTaskConfig!, ...changes },
});

/** Calls about labeling jobs of a backend. */
export const labelingOf = (at: TestBackend) => {
  const look = (LabelingJobName: string) => at.sagemaker.send(new DescribeLabelingJobCommand({ LabelingJobName }));
  const read = async (uri: string): Promise<Uint8Array> => {
    const Key = uri.slice("s3://bucket/".length);
    const { Body } = await at.s3.send(new GetObjectCommand({ Bucket: "bucket", Key }));
    return Body!.transformToByteArray();
  };
  return {
    create: (input: CreateLabelingJobCommandInput) => at.sagemaker.send(new CreateLabelingJobCommand(input)),
    look,
    /** Waits for the end of a job. */
    finish: (name: string) =>
      until(
        () => look(name),
        (job) => ["Completed", "Failed", "Stopped"].includes(job.LabelingJobStatus!),
      ),
    /** Bytes of an object in the bucket. */
    read,
    /** Lines of a manifest. */
    lines: async (uri: string): Promise<Record<string, unknown>[]> =>
      new TextDecoder()
        .decode(await read(uri))
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line) as Record<string, unknown>),
  };
};
