import { each, type Rule } from "../rule";
import { accountManages } from "./iam/roles";

const keyType = "aws_kms_key";

export const kmsRules: readonly Rule[] = [
  {
    id: "kms-rotation",
    group: "kms",
    demands: "A key is rotated automatically",
    why: "Otherwise a leaked key exposes everything it ever encrypted.",
    fix: "Set enableKeyRotation: true.",
    mirrors: ["CKV_AWS_7", "KMS.4", "AwsSolutions-KMS5"],
    check: each(keyType, (key) => {
      const symmetric = ["SYMMETRIC_DEFAULT", undefined].includes(key.text("customer_master_key_spec"));
      return symmetric && !key.mayBeTrue("enable_key_rotation") && "enable_key_rotation is not true";
    }),
  },
  {
    id: "kms-enabled",
    group: "kms",
    demands: "A key is enabled",
    why: "A disabled key can neither encrypt nor decrypt: the table, the queue and the functions that use it all fail.",
    fix: "Remove isEnabled, or set it to true.",
    mirrors: ["CKV_AWS_227"],
    check: each(keyType, (key) => key.text("is_enabled") === "false" && "is_enabled is false"),
  },
  {
    id: "kms-policy-admits-account",
    group: "kms",
    demands: "A key's policy lets its account manage the key",
    why: "AWS rejects most policies that lock everyone out. If it accepts one, only AWS Support can recover the key.",
    fix: "Allow kms:* to arn:aws:iam::<account>:root in the policy.",
    mirrors: ["CKV2_AWS_64"],
    check: each(
      keyType,
      (key) => !accountManages(key) && "its policy does not let the account's root user manage the key",
    ),
  },
  {
    id: "kms-deletion-window",
    group: "kms",
    demands: "A key has a deletion window of at least two weeks",
    why: "Deleting a key destroys everything it encrypted, including backups. One week is a single vacation.",
    fix: "Set deletionWindowInDays: 30.",
    mirrors: [],
    check: each(keyType, (key) => {
      const days = key.number("deletion_window_in_days");
      return days !== undefined && days < 14 && `deletion_window_in_days is ${days}`;
    }),
  },
];
