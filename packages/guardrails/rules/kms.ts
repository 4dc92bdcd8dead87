import { each, type Rule } from "../rule";
import { policiesOf } from "./resource-policies";

const keyType = "aws_kms_key";

export const kmsRules: readonly Rule[] = [
  {
    id: "kms-rotation",
    group: "kms",
    demands: "A key is rotated every year",
    why: "What one key encrypted for years is lost all at once when it leaks.",
    fix: "Set enableKeyRotation: true.",
    mirrors: ["CKV_AWS_7", "KMS.4", "AwsSolutions-KMS5"],
    check: each(keyType, (key) => {
      const symmetric = ["SYMMETRIC_DEFAULT", undefined].includes(key.text("customer_master_key_spec"));
      return symmetric && !key.isTrue("enable_key_rotation") && "enable_key_rotation is not true";
    }),
  },
  {
    id: "kms-enabled",
    group: "kms",
    demands: "A key is enabled",
    why: "Whatever it encrypts cannot be read or written: the table, the queue and the functions fail at once.",
    fix: "Remove isEnabled, or set it to true.",
    mirrors: ["CKV_AWS_227"],
    check: each(keyType, (key) => key.text("is_enabled") === "false" && "is_enabled is false"),
  },
  {
    id: "kms-policy-admits-account",
    group: "kms",
    demands: "A key's policy leaves the key to its account",
    why: "AWS refuses a policy that locks everybody out; where it does not, only AWS support can open the key again.",
    fix: "Allow arn:aws:iam::<account>:root kms:* in the policy.",
    mirrors: ["CKV2_AWS_64"],
    check: each(keyType, (key) => {
      const statements = policiesOf(key, "aws_kms_key_policy", "key_id");
      const admitted = statements.some(
        ({ effect, actions, principals }) =>
          effect === "Allow" &&
          actions.includes("kms:*") &&
          principals.some((principal) => principal.startsWith("AWS:")),
      );
      return statements.length > 0 && !admitted && "its policy allows kms:* to no principal of an account";
    }),
  },
  {
    id: "kms-deletion-window",
    group: "kms",
    demands: "A key waits at least two weeks before it is deleted",
    why: "With the key goes all that it encrypted, backups included; a week is one holiday.",
    fix: "Set deletionWindowInDays: 30.",
    mirrors: [],
    check: each(keyType, (key) => {
      const days = key.number("deletion_window_in_days");
      return days !== undefined && days < 14 && `deletion_window_in_days is ${days}`;
    }),
  },
];
