import { SegmentationError } from "../core/errors.js";
import { parseS3Uri } from "../core/s3-uri.js";
import { checkTopic } from "./keys-and-topics.js";
import { refusal } from "./refusal.js";

/** Topics of a streaming job. */
export interface StreamingTopics {
  /** ARN of the SNS topic from which the job takes its images; the role needs `sns:Subscribe` on it. */
  readonly input: string;
  /** ARN of the SNS topic to which the job sends each labeled line; the role needs `sns:Publish` on it. */
  readonly output?: string;
}

/** Checks and copies the topics. */
export function checkStreaming({ input, output }: StreamingTopics): StreamingTopics {
  checkTopic("streaming.input", input);
  if (output === undefined) return { input };
  checkTopic("streaming.output", output);
  // The job would label its own results.
  if (output === input) throw refusal("streaming.output", output, "another topic than the input's");
  return { input, output };
}

/** Options of {@link streamingMessage}. */
export interface StreamingMessageOptions {
  /**
   * An id of your own, at most 1,024 characters: an image that is sent again under the same id is labeled once.
   * Without it the service makes an id of its own for each message.
   */
  readonly id?: string;
  /** Name of the key that the id stands under; default `object-id`. */
  readonly idKey?: string;
  /** Further keys of the line, which the job passes through. */
  readonly extra?: Readonly<Record<string, unknown>>;
}

const idPattern = /^[a-zA-Z0-9](?:-*[a-zA-Z0-9])*$/;

/**
 * The message that a producer publishes to the input topic of a streaming job, as the `Message` of SNS's `Publish`: one
 * line of an input manifest (guide, sms-streaming-labeling-job).
 *
 * Send nothing while the job is `Initializing`. Object-created events of S3 on the same topic work as well; never let
 * them point at the job's output.
 *
 * @param image - Address of the image, in the job's region.
 * @returns A JSON text in one line.
 * @throws `s3.uri`, `labeling.invalid` for keys and ids that Ground Truth refuses.
 *
 * @example
 * ```ts
 * import { streamingMessage } from "sagemaker-semseg";
 *
 * streamingMessage("s3://turtle2022/new/shot-7.jpg", { id: "shot-7" });
 * ```
 */
export function streamingMessage(image: string, options: StreamingMessageOptions = {}): string {
  if (parseS3Uri(image).key === "") {
    throw new SegmentationError("s3.uri", `"${image}" names no object.`, { uri: image, expected: "s3://bucket/key" });
  }
  const { id, idKey = "object-id", extra = {} } = options;
  for (const key of Object.keys(extra)) {
    if (key === "source" || key === "source-ref" || key.startsWith("$") || key === "dataset-objectid-attribute-name") {
      throw refusal("extra", key, "keys other than Ground Truth's own");
    }
  }
  if (id !== undefined && (id.length < 1 || id.length > 1024)) throw refusal("id", id, "1 to 1,024 characters");
  if (idKey.length > 140 || !idPattern.test(idKey) || idKey === "source-ref" || Object.hasOwn(extra, idKey)) {
    throw refusal("idKey", idKey, "1 to 140 letters, digits and inner hyphens, no key that stands in the line already");
  }
  const line = JSON.stringify({
    "source-ref": image,
    ...extra,
    ...(id === undefined ? {} : { [idKey]: id, "dataset-objectid-attribute-name": idKey }),
  });
  // Limit of SNS; a manifest line may have 100,000 characters.
  if (line.length > 100_000) throw refusal("extra", line.length, "at most 100,000 characters in all");
  return line;
}
