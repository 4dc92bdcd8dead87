import { KmsAlias } from "@cdktf/provider-aws/lib/kms-alias";
import { KmsKey } from "@cdktf/provider-aws/lib/kms-key";
import { KmsKeyPolicy } from "@cdktf/provider-aws/lib/kms-key-policy";
import { Lazy } from "cdktf";
import { Construct } from "constructs";
import { accountIdOf } from "./arn";
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
  private readonly statements: PolicyStatement[] = [];

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
    this.accountId = accountIdOf(key.arn);
    this.admit({
      Sid: "LeaveItToIam",
      Principal: { AWS: `arn:aws:iam::${this.accountId}:root` },
      Action: "kms:*",
    });
    // Apart from the key, as it names the account, which the key's own ARN tells.
    const policy = new KmsKeyPolicy(this, "policy", {
      keyId: key.arn,
      policy: Lazy.stringValue({ produce: () => policyDocument(...this.statements) }),
    });
    this.arn = policy.keyId;
  }

  /** Lets a principal use the key; a key's policy speaks of that key alone, so the resource is always `*`. */
  admit(statement: Omit<PolicyStatement, "Effect" | "Resource">): void {
    this.statements.push({ ...statement, Effect: "Allow", Resource: "*" });
  }
}
