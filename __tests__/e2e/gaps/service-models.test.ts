import { createHash } from "node:crypto";
import http from "node:http";
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  PutRetentionPolicyCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { CreateRoleCommand, IAMClient } from "@aws-sdk/client-iam";
import { CreateFunctionCommand, type CreateFunctionCommandInput, LambdaClient } from "@aws-sdk/client-lambda";
import {
  CreateBucketCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { signedHeaders } from "../signed-fetch";
import { type ClientConfig, expectGap, useEmulators } from "./emulators";

const role = {
  RoleName: "r".repeat(65),
  AssumeRolePolicyDocument: JSON.stringify({ Version: "2012-10-17", Statement: [] }),
};
const smallFunction: CreateFunctionCommandInput = {
  FunctionName: "f",
  Role: "arn:aws:iam::000000000000:role/r",
  Runtime: "nodejs22.x",
  Handler: "index.handler",
  Code: { ZipFile: Buffer.from("zip") },
  MemorySize: 64,
};

describe("AWS's service models", () => {
  const emulators = useEmulators();

  it("are not held to by MiniStack", async () => {
    const made = await new IAMClient(emulators.bare).send(new CreateRoleCommand(role)).catch(() => undefined);

    expectGap(made === undefined, "service-models");
  });

  it("refuse a role's name of 65 characters in the query protocol", async () => {
    const call = new IAMClient(emulators.withGaps).send(new CreateRoleCommand(role));

    await expect(call).rejects.toMatchObject({
      name: "ValidationError",
      message:
        "1 validation error detected: Value at 'roleName' failed to satisfy constraint: Member must have length less than or equal to 64",
      $metadata: { httpStatusCode: 400 },
    });
  });

  it("refuse 64 MB of memory in REST with JSON", async () => {
    const call = new LambdaClient(emulators.withGaps).send(new CreateFunctionCommand(smallFunction));

    await expect(call).rejects.toMatchObject({
      name: "ValidationException",
      message:
        "1 validation error detected: Value '64' at 'memorySize' failed to satisfy constraint: Member must have value greater than or equal to 128",
      $metadata: { httpStatusCode: 400 },
    });
  });

  it("refuse a retention of 8 days in JSON", async () => {
    const logs = new CloudWatchLogsClient(emulators.withGaps);
    await logs.send(new CreateLogGroupCommand({ logGroupName: "g" }));

    const call = logs.send(new PutRetentionPolicyCommand({ logGroupName: "g", retentionInDays: 8 }));

    await expect(call).rejects.toMatchObject({ name: "InvalidParameterException" });
  });

  it("refuse a document that is not as published in XML, and let objects through as they are", async () => {
    const s3 = new S3Client({ ...emulators.withGaps, forcePathStyle: true });
    await s3.send(new CreateBucketCommand({ Bucket: "objects" }));
    const versioning = { Bucket: "objects", VersioningConfiguration: { Status: "On" as never } };
    const object = { Bucket: "objects", Key: "a?b%c/é" };
    const body = Buffer.alloc(6_000_000, "0123456789");

    await s3.send(new PutObjectCommand({ ...object, Body: body }));
    const { ContentLength } = await s3.send(new HeadObjectCommand(object));
    const { Body } = await s3.send(new GetObjectCommand(object));
    const read = Buffer.from((await Body?.transformToByteArray()) ?? []);

    await expect(s3.send(new PutBucketVersioningCommand(versioning))).rejects.toMatchObject({
      name: "MalformedXML",
    });
    expect([ContentLength, sha256(read)]).toEqual([body.length, sha256(body)]);
  });

  it("let a body pass that is sent in chunks", async () => {
    const status = await sendInChunks(emulators.withGaps, ["{", "}"]);

    expect(status).toBe(200);
  });
});

function sha256(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** ListTables, without a Content-Length header. */
async function sendInChunks(
  { endpoint }: ClientConfig,
  chunks: readonly string[],
): Promise<number | undefined> {
  const headers = {
    "x-amz-target": "DynamoDB_20120810.ListTables",
    "content-type": "application/x-amz-json-1.0",
  };
  const toSign = { method: "POST", headers, body: chunks.join("") };
  const signed = await signedHeaders(endpoint, toSign, { service: "dynamodb" });
  return new Promise((resolve, reject) => {
    const request = http.request(endpoint, {
      method: "POST",
      headers: { ...signed, "transfer-encoding": "chunked" },
    });
    request.on("response", (response) => resolve(response.resume().statusCode));
    request.on("error", reject);
    for (const chunk of chunks) request.write(chunk);
    request.end();
  });
}
