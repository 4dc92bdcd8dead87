import type { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { S3BucketLifecycleConfiguration } from "@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration";
import { Construct } from "constructs";
import { promise } from "../packages/guardrails/promise";
import { bucketName } from "./naming";
import { PrivateBucket } from "./private-bucket";

export interface LogBucketProps {
  /** Name without prefixes and environment suffix. */
  readonly name: string;
  readonly deletionProtection: boolean;
  /** Days after which an object expires, 1 or more. @default 90 */
  readonly expireAfterDays?: number;
}

/**
 * A bucket for log files: encrypted, versioned, private, TLS only. Only the writers that it allows can write to it,
 * whatever other policies allow, so nobody can forge a log or flood the bucket. Objects expire after 90 days. Old versions
 * are deleted after one more day, and unfinished uploads one day after they start.
 *
 * S3 encrypts it with its own key (AES256), so a reader of logs needs no permission on a key.
 */
export class LogBucket extends Construct {
  /** The bucket's name, available once its policy is in place. */
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
    const lifecycle = new S3BucketLifecycleConfiguration(this, "lifecycle", {
      // S3 refuses rules on old versions before versioning is enabled. Depend on nothing else: the provider needs a
      // minute for a lifecycle, and the bucket's policy comes after the API's stage.
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
          // S3 refuses a rule that combines this with a number of days.
          expiration: [{ expiredObjectDeleteMarker: true }],
        },
      ],
    });
    promise(lifecycle, "logs expire after as many days as the stack says", ["bucket", "rule"]);
    this.name = this.bucket.name;
    this.arn = this.bucket.arn;
  }

  /**
   * Allows writes by the role that Firehose delivers with, and by API Gateway for the logs of one API. API Gateway writes
   * its logs to CloudWatch or Firehose and cannot write to S3, so nothing uses its statement today.
   */
  admitWriters(role: IamRole, apiGateway: { readonly accountId: string; readonly sourceArn: string }): void {
    if (this.writer) throw new Error(`${this.node.path}: writers have already been allowed`);
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
      // Both conditions are true for everyone else: a key that is missing from a request counts as not equal.
      Condition: {
        ArnNotEquals: { "aws:PrincipalArn": role.arn },
        StringNotEquals: { "aws:PrincipalServiceName": "apigateway.amazonaws.com" },
      },
    });
  }
}
