import { S3Object } from "@cdktf/provider-aws/lib/s3-object";
import { CustomerKey } from "../../constructs/customer-key";
import { PrivateBucket } from "../../constructs/private-bucket";
import { synthesizeStack } from "../support/synthesize";

const privateBucket = (deletionProtection = true, props: { keepOldVersionsDays?: number } = {}) =>
  synthesizeStack((stack) => {
    new PrivateBucket(stack, "logs", { name: "acme-shop-logs-test", deletionProtection, ...props });
  });

describe("PrivateBucket", () => {
  it.each([true, false])("is kept with its objects, or deleted with its stack: %s", (deletionProtection) => {
    const stack = privateBucket(deletionProtection);

    const bucket = stack.only("aws_s3_bucket");

    expect(bucket.attributes).toEqual({
      bucket: "acme-shop-logs-test",
      force_destroy: !deletionProtection,
      lifecycle: { prevent_destroy: deletionProtection },
    });
  });

  it("is encrypted with the customer-managed key if there is one", () => {
    const stack = synthesizeStack((testStack) => {
      const encryptionKey = new CustomerKey(testStack, "key", { name: "data" });
      new PrivateBucket(testStack, "logs", { name: "logs", deletionProtection: true, encryptionKey });
    });

    const encryption = stack.only("aws_s3_bucket_server_side_encryption_configuration");

    expect(encryption.attributes.rule).toEqual([
      {
        apply_server_side_encryption_by_default: {
          sse_algorithm: "aws:kms",
          kms_master_key_id: expect.stringContaining(stack.only("aws_kms_key_policy").address),
        },
        bucket_key_enabled: true,
      },
    ]);
  });

  it("encrypts its objects", () => {
    const stack = privateBucket();

    const encryption = stack.only("aws_s3_bucket_server_side_encryption_configuration");

    expect(encryption.attributes).toEqual({
      bucket: stack.only("aws_s3_bucket").ref("id"),
      rule: [{ apply_server_side_encryption_by_default: { sse_algorithm: "AES256" } }],
    });
  });

  it("keeps the versions of an object", () => {
    const stack = privateBucket();

    const versioning = stack.only("aws_s3_bucket_versioning");

    expect(versioning.attributes).toEqual({
      bucket: stack.only("aws_s3_bucket").ref("id"),
      versioning_configuration: { status: "Enabled" },
    });
  });

  it("blocks all public access", () => {
    const stack = privateBucket();

    const publicAccess = stack.only("aws_s3_bucket_public_access_block");

    expect(publicAccess.attributes).toEqual({
      bucket: stack.only("aws_s3_bucket").ref("id"),
      block_public_acls: true,
      block_public_policy: true,
      ignore_public_acls: true,
      restrict_public_buckets: true,
    });
  });

  it("turns access control lists off", () => {
    const stack = privateBucket();

    const ownership = stack.only("aws_s3_bucket_ownership_controls");

    expect(ownership.attributes).toEqual({
      bucket: stack.only("aws_s3_bucket").ref("id"),
      rule: { object_ownership: "BucketOwnerEnforced" },
    });
  });

  it("denies every action on itself and its objects without TLS", () => {
    const stack = privateBucket();

    const bucket = stack.only("aws_s3_bucket");
    const policy = stack.only("aws_s3_bucket_policy");

    expect(policy.parsed("policy")).toEqual({
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "DenyWithoutTls",
          Effect: "Deny",
          Principal: "*",
          Action: "s3:*",
          Resource: [bucket.ref("arn"), `${bucket.ref("arn")}/*`],
          Condition: { Bool: { "aws:SecureTransport": "false" } },
        },
      ],
    });
  });

  it("creates its policy after its public access block, because S3 refuses both at once", () => {
    const stack = privateBucket();

    const policy = stack.only("aws_s3_bucket_policy");

    expect(policy.attributes.depends_on).toEqual([stack.only("aws_s3_bucket_public_access_block").address]);
  });

  it("takes no object before it is versioned and TLS only", () => {
    const stack = synthesizeStack((testStack) => {
      const bucket = new PrivateBucket(testStack, "logs", { name: "logs", deletionProtection: true });
      new S3Object(testStack, "object", { bucket: bucket.name, key: "key" });
    });

    const policy = stack.follow(stack.only("aws_s3_object").attributes.bucket);
    const versioning = stack.follow(policy.attributes.bucket);
    const bucket = stack.follow(versioning.attributes.bucket);

    expect([policy, versioning, bucket].map(({ type }) => type)).toEqual([
      "aws_s3_bucket_policy",
      "aws_s3_bucket_versioning",
      "aws_s3_bucket",
    ]);
  });

  it("sends events about its objects to EventBridge", () => {
    const stack = privateBucket();

    const notification = stack.only("aws_s3_bucket_notification");

    expect(notification.attributes).toEqual({
      bucket: stack.only("aws_s3_bucket").ref("id"),
      eventbridge: true,
    });
  });

  it("keeps old versions forever, or as long as it is told", () => {
    const lifecycles = [{}, { keepOldVersionsDays: 30 }].map((props) =>
      privateBucket(true, props).resources("aws_s3_bucket_lifecycle_configuration"),
    );

    expect(lifecycles.map((found) => found.map(({ attributes }) => attributes.rule))).toEqual([
      [],
      [
        [
          {
            id: "forget-old-versions",
            status: "Enabled",
            filter: [{ prefix: "" }],
            expiration: [{ expired_object_delete_marker: true }],
            noncurrent_version_expiration: [{ noncurrent_days: 30 }],
            abort_incomplete_multipart_upload: [{ days_after_initiation: 1 }],
          },
        ],
      ],
    ]);
  });
});
