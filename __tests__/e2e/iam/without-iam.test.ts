import { CreateTableCommand, DynamoDBClient, ListTablesCommand } from "@aws-sdk/client-dynamodb";
import { CreateFunctionCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { CreateBucketCommand, PutBucketPolicyCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { zipOf } from "../../support/zip";
import { account, useEmulators } from "../gaps/emulators";
import { createRole, document, sessionOf } from "./account";

describe("a laptop without IAM", () => {
  const emulators = useEmulators(false);

  it("checks no signature", async () => {
    const credentials = { accessKeyId: "unknown", secretAccessKey: "wrong" };

    const listed = new DynamoDBClient({ ...emulators.withGaps, credentials }).send(new ListTablesCommand({}));

    await expect(listed).resolves.toMatchObject({ TableNames: [] });
  });

  it("lets a role without a policy do everything", async () => {
    const session = await sessionOf(emulators.withGaps, await createRole(emulators.withGaps, "nothing"));

    const created = new DynamoDBClient(session).send(
      new CreateTableCommand({
        TableName: "allowed",
        BillingMode: "PAY_PER_REQUEST",
        KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
        AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
      }),
    );

    await expect(created).resolves.toBeDefined();
  });

  it("follows no bucket policy and asks for no trust", async () => {
    const s3 = new S3Client({ ...emulators.withGaps, forcePathStyle: true });
    await s3.send(new CreateBucketCommand({ Bucket: "open" }));
    const everything = {
      Effect: "Deny",
      Principal: "*",
      Action: "s3:PutObject",
      Resource: "arn:aws:s3:::open/*",
    };
    await s3.send(new PutBucketPolicyCommand({ Bucket: "open", Policy: document(everything) }));

    const put = s3.send(new PutObjectCommand({ Bucket: "open", Key: "k", Body: "b" }));
    const created = new LambdaClient(emulators.withGaps).send(
      new CreateFunctionCommand({
        FunctionName: "roleless",
        Role: `arn:aws:iam::${account}:role/missing`,
        Runtime: "nodejs22.x",
        Handler: "index.handler",
        Code: { ZipFile: zipOf("index.js", "exports.handler = async () => {};") },
      }),
    );

    await expect(put).resolves.toBeDefined();
    await expect(created).resolves.toBeDefined();
    expect(emulators.denied).toEqual([]);
  });
});
