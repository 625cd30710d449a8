import { Refusal } from "../http/index.js";

/** The error answers of S3 that more than one operation gives; texts as Amazon S3 sends them. */
export const s3Error = {
  noSuchBucket: (bucket: string) =>
    new Refusal(404, "NoSuchBucket", "The specified bucket does not exist", { BucketName: bucket }),
  noSuchKey: (key: string) => new Refusal(404, "NoSuchKey", "The specified key does not exist.", { Key: key }),
  noSuchUpload: (id: string) =>
    new Refusal(
      404,
      "NoSuchUpload",
      "The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.",
      { UploadId: id },
    ),
  invalidBucketName: (bucket: string) =>
    new Refusal(400, "InvalidBucketName", "The specified bucket is not valid.", { BucketName: bucket }),
  preconditionFailed: (condition: string) =>
    new Refusal(412, "PreconditionFailed", "At least one of the pre-conditions you specified did not hold", {
      Condition: condition,
    }),
  malformedXml: () =>
    new Refusal(
      400,
      "MalformedXML",
      "The XML you provided was not well-formed or did not validate against our published schema",
    ),
  invalidArgument: (name: string, value: string, message: string) =>
    new Refusal(400, "InvalidArgument", message, { ArgumentName: name, ArgumentValue: value.slice(0, 200) }),
  invalidRequest: (message: string) => new Refusal(400, "InvalidRequest", message),
  notImplemented: () =>
    new Refusal(501, "NotImplemented", "A header you provided implies functionality that is not implemented"),
} as const;
