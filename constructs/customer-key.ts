import { KmsAlias } from "@cdktf/provider-aws/lib/kms-alias";
import { KmsKey } from "@cdktf/provider-aws/lib/kms-key";
import { KmsKeyPolicy } from "@cdktf/provider-aws/lib/kms-key-policy";
import { Fn, Lazy } from "cdktf";
import { Construct } from "constructs";
import { promise } from "../packages/guardrails/promise";
import { accountIdOf, regionOf } from "./arn";
import { physicalName } from "./naming";
import { type PolicyStatement, policyDocument } from "./policy-document";
import { validateProps } from "./validation";

export interface CustomerKeyProps {
  /** Name of the alias without prefix and environment suffix. */
  readonly name: string;
  /** Days during which a deletion can still be cancelled, 7 to 30. @default 30 */
  readonly deletionWindowDays?: number;
}

/**
 * A customer-managed KMS key that is rotated every year. Its policy lets IAM decide who in the account can use it.
 * A construct whose AWS service needs the key allows that service to use it, for that one purpose only. The key costs
 * about one dollar a month, one more after each of its first two rotations, plus requests.
 */
export class CustomerKey extends Construct {
  /** The key's ARN, available once its policy is in place: before that, AWS refuses to create a log group that uses it. */
  readonly arn: string;
  /** The key's account, taken from its ARN. */
  readonly accountId: string;
  /** The key's Region, taken from its ARN. */
  readonly region: string;
  private readonly statements: PolicyStatement[] = [];
  private readonly logGroupNames: string[] = [];

  constructor(scope: Construct, id: string, props: CustomerKeyProps) {
    super(scope, id);
    const { deletionWindowDays = 30 } = props;
    validateProps(this, { deletionWindowDays: { value: deletionWindowDays, minimum: 7, maximum: 30 } });
    const key = new KmsKey(this, "key", {
      description: `Encrypts ${physicalName(this, props.name)}`,
      enableKeyRotation: true,
      deletionWindowInDays: deletionWindowDays,
    });
    const alias = new KmsAlias(this, "alias", {
      name: `alias/${physicalName(this, props.name)}`,
      targetKeyId: key.keyId,
    });
    this.accountId = accountIdOf(this, key.arn);
    this.region = regionOf(this, key.arn);
    this.allow({
      Sid: "LeaveItToIam",
      Principal: { AWS: `arn:aws:iam::${this.accountId}:root` },
      Action: "kms:*",
    });
    // Separate from the key, because the policy contains the account id, which comes from the key's ARN.
    const policy = new KmsKeyPolicy(this, "policy", {
      keyId: key.keyId,
      policy: Lazy.stringValue({
        produce: () => policyDocument(...this.statements, ...this.logStatements()),
      }),
    });
    promise(key, "what it encrypts must stay readable", [
      "enable_key_rotation",
      "deletion_window_in_days",
      "is_enabled",
      "key_usage",
      "customer_master_key_spec",
      "multi_region",
    ]);
    promise(alias, "operators find the key by it", ["name", "target_key_id"]);
    promise(policy, "the account, its log groups and its alarms use the key", ["key_id", "policy"]);
    // Evaluates to the key's ARN, but refers to the policy, so whatever uses it is created after the policy.
    this.arn = `${Fn.replace(key.arn, key.keyId, policy.keyId)}`;
  }

  /** Lets a principal use the key. A key policy applies to its own key only, so the resource is always `*`. */
  allow(statement: Omit<PolicyStatement, "Effect" | "Resource">): void {
    this.statements.push({ ...statement, Effect: "Allow", Resource: "*" });
  }

  /**
   * Lets CloudWatch Logs use the key for a log group. The policy builds the group's ARN from its name. A reference to the
   * group would be a cycle, because the group is created after the key.
   */
  allowLogGroup(name: string): void {
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
