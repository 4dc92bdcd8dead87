import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { LogBucket } from "../../constructs/log-bucket";
import { synthesizeStack } from "../support/synthesize";

interface Statement {
  readonly Sid: string;
}

const stack = synthesizeStack((testStack) => {
  const bucket = new LogBucket(testStack, "logs", { name: "logs", deletionProtection: true });
  const role = new IamRole(testStack, "role", { name: "delivery", assumeRolePolicy: "{}" });
  bucket.admitWriters(role, {
    accountId: "111122223333",
    sourceArn: "arn:aws:apigateway:eu-west-1::/restapis/a",
  });
});

const bucket = stack.only("aws_s3_bucket");
const role = stack.only("aws_iam_role").ref("arn");

const statement = (sid: string) =>
  (stack.only("aws_s3_bucket_policy").parsed("policy") as { Statement: Statement[] }).Statement.find(
    ({ Sid }) => Sid === sid,
  );

describe("LogBucket", () => {
  it("is encrypted, versioned, closed to the public, and kept if data is protected", () => {
    expect(stack.only("aws_s3_bucket_server_side_encryption_configuration").attributes.rule).toEqual([
      { apply_server_side_encryption_by_default: { sse_algorithm: "AES256" } },
    ]);
    expect(stack.only("aws_s3_bucket_versioning").attributes.versioning_configuration).toEqual({
      status: "Enabled",
    });
    expect(stack.only("aws_s3_bucket_public_access_block").attributes).toMatchObject({
      block_public_policy: true,
      restrict_public_buckets: true,
    });
    expect(bucket.attributes).toMatchObject({ force_destroy: false, lifecycle: { prevent_destroy: true } });
  });

  it("expires objects after 90 days and cleans up old versions and unfinished uploads, once versioning is on", () => {
    const lifecycle = stack.only("aws_s3_bucket_lifecycle_configuration");

    expect(stack.follow(lifecycle.attributes.bucket).type).toBe("aws_s3_bucket_versioning");
    expect(lifecycle.attributes.rule).toMatchObject([
      {
        status: "Enabled",
        expiration: [{ days: 90 }],
        noncurrent_version_expiration: [{ noncurrent_days: 1 }],
        abort_incomplete_multipart_upload: [{ days_after_initiation: 1 }],
      },
      { status: "Enabled", expiration: [{ expired_object_delete_marker: true }] },
    ]);
  });

  it("denies requests without TLS", () => {
    expect(statement("DenyWithoutTls")).toMatchObject({
      Effect: "Deny",
      Principal: "*",
      Action: "s3:*",
      Condition: { Bool: { "aws:SecureTransport": "false" } },
    });
  });

  it("lets Firehose's role deliver", () => {
    expect(statement("FirehoseDelivers")).toEqual({
      Sid: "FirehoseDelivers",
      Effect: "Allow",
      Principal: { AWS: role },
      Action: ["s3:PutObject", "s3:AbortMultipartUpload"],
      Resource: `${bucket.ref("arn")}/*`,
    });
  });

  it("lets API Gateway deliver for this account and this API only", () => {
    expect(statement("ApiGatewayDelivers")).toEqual({
      Sid: "ApiGatewayDelivers",
      Effect: "Allow",
      Principal: { Service: "apigateway.amazonaws.com" },
      Action: "s3:PutObject",
      Resource: `${bucket.ref("arn")}/*`,
      Condition: {
        StringEquals: { "aws:SourceAccount": "111122223333" },
        ArnLike: { "aws:SourceArn": "arn:aws:apigateway:eu-west-1::/restapis/a" },
      },
    });
  });

  it("lets nobody else write, whatever other policies allow", () => {
    expect(statement("NobodyElseWrites")).toEqual({
      Sid: "NobodyElseWrites",
      Effect: "Deny",
      Principal: "*",
      Action: "s3:PutObject",
      Resource: `${bucket.ref("arn")}/*`,
      Condition: {
        ArnNotEquals: { "aws:PrincipalArn": role },
        StringNotEquals: { "aws:PrincipalServiceName": "apigateway.amazonaws.com" },
      },
    });
  });
});
