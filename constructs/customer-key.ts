import { KmsAlias } from "@cdktf/provider-aws/lib/kms-alias";
import { KmsKey } from "@cdktf/provider-aws/lib/kms-key";
import { KmsKeyPolicy } from "@cdktf/provider-aws/lib/kms-key-policy";
import { Fn, Lazy } from "cdktf";
import { Construct } from "constructs";
import { accountIdOf, regionOf } from "./arn";
import { physicalName } from "./naming";
import { type PolicyStatement, policyDocument } from "./policy-document";

export interface CustomerKeyProps {
  /** Name of the alias without prefix and environment suffix. */
  readonly name: string;
  /** Days in which a deletion can still be taken back, 7 to 30. @default 30 */
  readonly deletionWindowDays?: number;
}

/**
 * A customer-managed KMS key, rotated each year, whose policy leaves it to IAM who in the account may use it, and
 * admits AWS services as the constructs that need it say, each for its own purpose alone. It costs about one dollar a
 * month, and one for each of its first two rotations, plus its requests.
 */
export class CustomerKey extends Construct {
  /** The key's ARN, once its policy is in place: a log group is refused before that. */
  readonly arn: string;
  /** The account in which the key is, taken from its ARN. */
  readonly accountId: string;
  /** The key's Region, taken from its ARN. */
  readonly region: string;
  private readonly statements: PolicyStatement[] = [];
  private readonly logGroupNames: string[] = [];

  constructor(scope: Construct, id: string, props: CustomerKeyProps) {
    super(scope, id);
    const key = new KmsKey(this, "key", {
      description: `Encrypts ${physicalName(this, props.name)}`,
      enableKeyRotation: true,
      deletionWindowInDays: props.deletionWindowDays ?? 30,
    });
    new KmsAlias(this, "alias", {
      name: `alias/${physicalName(this, props.name)}`,
      targetKeyId: key.keyId,
    });
    this.accountId = accountIdOf(this, key.arn);
    this.region = regionOf(this, key.arn);
    this.admit({
      Sid: "LeaveItToIam",
      Principal: { AWS: `arn:aws:iam::${this.accountId}:root` },
      Action: "kms:*",
    });
    // Apart from the key, as it names the account, which the key's own ARN tells.
    const policy = new KmsKeyPolicy(this, "policy", {
      keyId: key.keyId,
      policy: Lazy.stringValue({
        produce: () => policyDocument(...this.statements, ...this.logStatements()),
      }),
    });
    // The key's own ARN; with the policy's id in it, whatever has it waits for the policy.
    this.arn = `${Fn.replace(key.arn, key.keyId, policy.keyId)}`;
  }

  /** Lets a principal use the key; a key's policy speaks of that key alone, so the resource is always `*`. */
  admit(statement: Omit<PolicyStatement, "Effect" | "Resource">): void {
    this.statements.push({ ...statement, Effect: "Allow", Resource: "*" });
  }

  /**
   * Lets CloudWatch Logs use the key for a log group. The group is named by an ARN that is put together from its name:
   * its own would make a cycle, as it cannot be made before the key.
   */
  admitLogGroup(name: string): void {
    this.logGroupNames.push(name);
  }

  private logStatements(): PolicyStatement[] {
    if (this.logGroupNames.length === 0) return [];
    const arns = this.logGroupNames.map(
      (name) => `arn:aws:logs:${this.region}:${this.accountId}:log-group:${name}`,
    );
    return [
      {
        Sid: "LogGroups",
        Effect: "Allow",
        Principal: { Service: `logs.${this.region}.amazonaws.com` },
        Action: ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"],
        Resource: "*",
        Condition: { ArnEquals: { "kms:EncryptionContext:aws:logs:arn": arns } },
      },
    ];
  }
}
