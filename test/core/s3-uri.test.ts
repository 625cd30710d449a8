import { describe, expect, it } from "vitest";
import { SegmentationError } from "../../src/core/errors.js";
import { baseName, folderUri, formatS3Uri, joinS3Uri, parseS3Uri, stem } from "../../src/core/s3-uri.js";

describe("S3 addresses", () => {
  it.each([
    ["s3://bucket/a/b.jpg", "bucket", "a/b.jpg"],
    ["s3://bucket", "bucket", ""],
    ["s3://bucket/", "bucket", ""],
    ["s3://my.bucket-1//double//slash/", "my.bucket-1", "/double//slash/"],
    ["s3://bucket/über 100%+.jpg", "bucket", "über 100%+.jpg"],
    ["s3://bucket/line\nbreak", "bucket", "line\nbreak"],
  ])("reads %j", (uri, bucket, key) => {
    expect(parseS3Uri(uri)).toEqual({ bucket, key });
    if (uri !== "s3://bucket") expect(formatS3Uri({ bucket, key })).toBe(uri);
  });

  it.each([
    "",
    "bucket/key",
    "http://bucket/key",
    "S3://bucket/key",
    "s3://",
    "s3:///key",
    "s3://ab/key",
    "s3://Bucket/key",
    "s3://-ab/key",
    "s3://a_b/key",
  ])("refuses %j", (uri) => {
    try {
      parseS3Uri(uri);
      expect.unreachable();
    } catch (error) {
      expect(SegmentationError.is(error, "s3.uri") && error.details.uri).toBe(uri);
    }
  });

  it("ends a folder in exactly one slash: without it S3Prefix would also take train_annotation/", () => {
    expect(folderUri("s3://b01/data/train")).toBe("s3://b01/data/train/");
    expect(folderUri("s3://b01/data/train///")).toBe("s3://b01/data/train/");
    expect(folderUri("s3://b01")).toBe("s3://b01/");
  });

  it("joins with one slash and leaves the key as it is otherwise", () => {
    expect(joinS3Uri("s3://b01/run-1", "dataset", "train/x.jpg")).toBe("s3://b01/run-1/dataset/train/x.jpg");
    expect(joinS3Uri("s3://b01/run-1/", "/dataset/")).toBe("s3://b01/run-1/dataset/");
  });

  it("names a file and its stem", () => {
    expect(baseName("s3://b01/a/cat.v2.jpg")).toBe("cat.v2.jpg");
    expect([stem("cat.v2.jpg"), stem("cat"), stem(".hidden")]).toEqual(["cat.v2", "cat", ".hidden"]);
  });
});
