import type { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { S3BucketLifecycleConfiguration } from "@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration";
import { Construct } from "constructs";
import { bucketName } from "./naming";
import { PrivateBucket } from "./private-bucket";

export interface LogBucketProps {
  /** Name without prefixes and environment suffix. */
  readonly name: string;
  readonly deletionProtection: boolean;
  /** Days after which an object goes, 1 or more. @default 90 */
  readonly expireAfterDays?: number;
}

/**
 * A bucket of log files: encrypted, versioned, private, open to TLS alone. Nobody may write to it but whom it admits,
 * whatever other policies say, so that a log cannot be forged or filled up. What is in it goes after 90 days, and the
 * versions and unfinished uploads that nobody sees with it, a day later.
 *
 * Its encryption is S3's own (AES256): a reader of logs needs no right on a key.
 */
export class LogBucket extends Construct {
  /** The bucket's name, once its policy is in place. */
  readonly name: string;
  readonly arn: string;
  private readonly bucket: PrivateBucket;
  private writer: IamRole | undefined;

  constructor(scope: Construct, id: string, props: LogBucketProps) {
    super(scope, id);
    const { deletionProtection, expireAfterDays = 90 } = props;
    this.bucket = new PrivateBucket(this, "bucket", {
      name: bucketName(this, props.name),
      deletionProtection,
    });
    new S3BucketLifecycleConfiguration(this, "lifecycle", {
      // S3 refuses rules on old versions without versioning. The policy, which waits for the API's stage, is not awaited:
      // the provider waits a minute for a lifecycle.
      bucket: this.bucket.versionedName,
      rule: [
        {
          id: "expire",
          status: "Enabled",
          filter: [{ prefix: "" }],
          expiration: [{ days: expireAfterDays }],
          noncurrentVersionExpiration: [{ noncurrentDays: 1 }],
          abortIncompleteMultipartUpload: [{ daysAfterInitiation: 1 }],
        },
        {
          id: "forget-expired",
          status: "Enabled",
          filter: [{ prefix: "" }],
          // S3 takes this and a number of days in one rule for a contradiction.
          expiration: [{ expiredObjectDeleteMarker: true }],
        },
      ],
    });
    this.name = this.bucket.name;
    this.arn = this.bucket.arn;
  }

  /**
   * Admits the role by which Firehose delivers, and, for when it can, API Gateway's own deliveries of one API's logs.
   * API Gateway writes its logs to CloudWatch or Firehose and cannot write to S3: nothing uses that statement today.
   */
  admitWriters(role: IamRole, apiGateway: { readonly accountId: string; readonly sourceArn: string }): void {
    if (this.writer) throw new Error(`${this.node.path}: writers are admitted already`);
    this.writer = role;
    const objects = `${this.arn}/*`;
    this.bucket.addToPolicy({
      Sid: "FirehoseDelivers",
      Effect: "Allow",
      Principal: { AWS: role.arn },
      Action: ["s3:PutObject", "s3:AbortMultipartUpload"],
      Resource: objects,
    });
    this.bucket.addToPolicy({
      Sid: "ApiGatewayDelivers",
      Effect: "Allow",
      Principal: { Service: "apigateway.amazonaws.com" },
      Action: "s3:PutObject",
      Resource: objects,
      Condition: {
        StringEquals: { "aws:SourceAccount": apiGateway.accountId },
        ArnLike: { "aws:SourceArn": apiGateway.sourceArn },
      },
    });
    this.bucket.addToPolicy({
      Sid: "NobodyElseWrites",
      Effect: "Deny",
      Principal: "*",
      Action: "s3:PutObject",
      Resource: objects,
      // Both hold for everybody else: a key that a request lacks counts as not equal.
      Condition: {
        ArnNotEquals: { "aws:PrincipalArn": role.arn },
        StringNotEquals: { "aws:PrincipalServiceName": "apigateway.amazonaws.com" },
      },
    });
  }
}
