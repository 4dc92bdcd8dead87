import { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket";
import { S3BucketLifecycleConfiguration } from "@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration";
import { S3BucketNotification } from "@cdktf/provider-aws/lib/s3-bucket-notification";
import { S3BucketOwnershipControls } from "@cdktf/provider-aws/lib/s3-bucket-ownership-controls";
import { S3BucketPolicy } from "@cdktf/provider-aws/lib/s3-bucket-policy";
import { S3BucketPublicAccessBlock } from "@cdktf/provider-aws/lib/s3-bucket-public-access-block";
import { S3BucketServerSideEncryptionConfigurationA } from "@cdktf/provider-aws/lib/s3-bucket-server-side-encryption-configuration";
import { S3BucketVersioningA } from "@cdktf/provider-aws/lib/s3-bucket-versioning";
import { Lazy } from "cdktf";
import { Construct } from "constructs";
import { promise } from "../packages/guardrails/promise";
import type { CustomerKey } from "./customer-key";
import { denyWithoutTls, type PolicyStatement, policyDocument } from "./policy-document";

export interface PrivateBucketProps {
  /** The full name, which must be globally unique; see `bucketName`. */
  readonly name: string;
  /** Whether Terraform refuses to destroy the bucket. If not, it deletes the bucket with everything in it. */
  readonly deletionProtection: boolean;
  /** @default a key that S3 owns (SSE-S3) */
  readonly encryptionKey?: CustomerKey | undefined;
  /** Days for which a replaced or deleted object can be restored, 1 or more. @default forever */
  readonly keepOldVersionsDays?: number;
}

/**
 * An S3 bucket that is encrypted, versioned, TLS only, and closed to the public and to ACLs. It sends events about its
 * objects to EventBridge's default bus, where any team that watches the account can react to them with a rule. An event
 * that no rule matches is dropped.
 */
export class PrivateBucket extends Construct {
  /** The bucket's name, available once its versioning and policy are in place. */
  readonly name: string;
  /** The bucket's name, once its versioning is on: enough for a lifecycle, which takes a minute to come into force. */
  readonly versionedName: string;
  readonly arn: string;
  readonly policy: S3BucketPolicy;
  private readonly statements: PolicyStatement[] = [];

  constructor(scope: Construct, id: string, props: PrivateBucketProps) {
    super(scope, id);
    const bucket = new S3Bucket(this, "bucket", {
      bucket: props.name,
      forceDestroy: !props.deletionProtection,
      lifecycle: { preventDestroy: props.deletionProtection },
    });
    const ownership = new S3BucketOwnershipControls(this, "ownership", {
      bucket: bucket.id,
      rule: { objectOwnership: "BucketOwnerEnforced" },
    });
    const encryption = new S3BucketServerSideEncryptionConfigurationA(this, "encryption", {
      bucket: bucket.id,
      rule: [
        props.encryptionKey
          ? {
              applyServerSideEncryptionByDefault: {
                sseAlgorithm: "aws:kms",
                kmsMasterKeyId: props.encryptionKey.arn,
              },
              // A bucket-level key for many objects: fewer calls to KMS, and lower cost.
              bucketKeyEnabled: true,
            }
          : { applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } },
      ],
    });
    const versioning = new S3BucketVersioningA(this, "versioning", {
      bucket: bucket.id,
      versioningConfiguration: { status: "Enabled" },
    });
    const publicAccess = new S3BucketPublicAccessBlock(this, "public-access", {
      bucket: bucket.id,
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    });
    this.addToPolicy(denyWithoutTls("s3:*", [bucket.arn, `${bucket.arn}/*`]));
    this.policy = new S3BucketPolicy(this, "policy", {
      bucket: versioning.bucket,
      policy: Lazy.stringValue({ produce: () => policyDocument(...this.statements) }),
      // S3 returns 409 for a policy that arrives while the public access block is being written.
      dependsOn: [publicAccess],
    });
    const notification = new S3BucketNotification(this, "notification", {
      bucket: bucket.id,
      eventbridge: true,
    });
    promise(bucket, "its objects are kept", ["bucket", "force_destroy", "lifecycle.prevent_destroy"]);
    promise(ownership, "the account owns every object", ["bucket", "rule"]);
    promise(encryption, "its objects are encrypted", ["bucket", "rule"]);
    promise(versioning, "a deleted object can be restored", ["bucket", "versioning_configuration"]);
    promise(publicAccess, "it is closed to the public", [
      "bucket",
      "block_public_acls",
      "block_public_policy",
      "ignore_public_acls",
      "restrict_public_buckets",
    ]);
    promise(this.policy, "only its writers write, over TLS", ["bucket", "policy"]);
    promise(notification, "other teams' rules receive its events", ["bucket", "eventbridge"]);
    if (props.keepOldVersionsDays) {
      const lifecycle = new S3BucketLifecycleConfiguration(this, "lifecycle", {
        // The bucket's name, resolved only once versioning is enabled: before that, S3 refuses a rule on old versions.
        bucket: versioning.bucket,
        rule: [
          {
            id: "forget-old-versions",
            status: "Enabled",
            filter: [{ prefix: "" }],
            expiration: [{ expiredObjectDeleteMarker: true }],
            noncurrentVersionExpiration: [{ noncurrentDays: props.keepOldVersionsDays }],
            abortIncompleteMultipartUpload: [{ daysAfterInitiation: 1 }],
          },
        ],
      });
      promise(lifecycle, "old versions go after as many days as the stack says", ["bucket", "rule"]);
    }
    this.name = this.policy.bucket;
    this.versionedName = versioning.bucket;
    this.arn = bucket.arn;
  }

  addToPolicy(statement: PolicyStatement): void {
    this.statements.push(statement);
  }
}
