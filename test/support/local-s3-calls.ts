import { GetObjectCommand, PutObjectCommand, type PutObjectCommandInput } from "@aws-sdk/client-s3";
import type { LocalS3 } from "./local-s3.js";

/** Short calls on the objects of one bucket. */
export function callsOn({ s3 }: LocalS3, Bucket: string) {
  let count = 0;
  return {
    /** A key that no test has used. */
    fresh: (): string => `fresh/${count++}`,
    put: (Key: string, Body: PutObjectCommandInput["Body"] = "hello", more: Partial<PutObjectCommandInput> = {}) =>
      s3.send(new PutObjectCommand({ Bucket, Key, Body, ...more })),
    /** An object's bytes as text. */
    get: async (Key: string): Promise<string> => {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
      return (await Body?.transformToString()) ?? "";
    },
  };
}

/** Name and status of the error that a call ends in. */
export async function outcomeOf(call: Promise<unknown>): Promise<string> {
  const error = (await call.then(
    () => ({ name: "accepted" }),
    (reason: unknown) => reason,
  )) as { name: string; $metadata?: { httpStatusCode?: number } };
  return `${error.name} ${error.$metadata?.httpStatusCode ?? ""}`;
}
