import { each, type Rule } from "../rule";
import { bucketType, partsOf } from "./s3";

export const s3SettingsRules: readonly Rule[] = [
  {
    id: "s3-public-access-blocked",
    group: "s3",
    demands: "A bucket blocks all public access",
    why: "Otherwise one careless policy or ACL opens it to the internet.",
    fix: "Add an S3BucketPublicAccessBlock with all four settings true.",
    mirrors: [
      "CKV_AWS_53",
      "CKV_AWS_54",
      "CKV_AWS_55",
      "CKV_AWS_56",
      "CKV2_AWS_6",
      "S3.8",
      "AwsSolutions-S2",
    ],
    check: each(bucketType, (bucket) => {
      const blocks = partsOf(bucket, "aws_s3_bucket_public_access_block");
      const switches = [
        "block_public_acls",
        "block_public_policy",
        "ignore_public_acls",
        "restrict_public_buckets",
      ];
      const off = switches.filter((name) => !blocks.some((block) => block.mayBeTrue(name)));
      return off.length > 0 && `not true: ${off.join(", ")}`;
    }),
  },
  {
    id: "s3-versioning",
    group: "s3",
    demands: "A bucket has versioning enabled",
    why: "Otherwise an object that is overwritten or deleted by mistake is lost.",
    fix: 'Add an S3BucketVersioning with status "Enabled".',
    mirrors: ["CKV_AWS_21", "S3.14"],
    check: each(bucketType, (bucket) => {
      const versioning = partsOf(bucket, "aws_s3_bucket_versioning");
      const on = versioning.some((one) => one.mayBe("versioning_configuration.status", "Enabled"));
      return !on && "versioning is not enabled";
    }),
  },
  {
    id: "s3-encryption",
    group: "s3",
    demands: "A bucket configures its encryption explicitly",
    why: "AWS can change the default, and auditors ask for explicit configuration.",
    fix: "Add an S3BucketServerSideEncryptionConfiguration, with AES256 or a KMS key.",
    mirrors: ["CKV_AWS_19"],
    check: each(
      bucketType,
      (bucket) =>
        partsOf(bucket, "aws_s3_bucket_server_side_encryption_configuration").length === 0 &&
        "it has no server-side encryption configuration",
    ),
  },
  {
    id: "s3-ownership",
    group: "s3",
    demands: "A bucket's owner owns every object: BucketOwnerEnforced",
    why: "Otherwise an object belongs to the account that wrote it, and ACLs decide who can read it.",
    fix: 'Add an S3BucketOwnershipControls with objectOwnership "BucketOwnerEnforced".',
    mirrors: ["CKV2_AWS_65", "S3.12"],
    check: each(bucketType, (bucket) => {
      const controls = partsOf(bucket, "aws_s3_bucket_ownership_controls");
      const values = controls.map((one) => `${one.value("rule.object_ownership")}`);
      if (controls.some((one) => one.isUnknown("rule"))) return undefined;
      return !values.includes("BucketOwnerEnforced") && `object_ownership is ${values[0] ?? "absent"}`;
    }),
  },
  {
    id: "s3-no-acl",
    group: "s3",
    demands: "No ACL is set on a bucket or an object",
    why: "Under BucketOwnerEnforced, S3's default, AWS rejects an ACL at apply: AccessControlListNotSupported.",
    fix: "Remove the ACL, and grant access in the bucket's policy.",
    mirrors: ["CKV_AWS_20", "CKV_AWS_57", "S3.12"],
    check: each([bucketType, "aws_s3_bucket_acl", "aws_s3_object"], (one) => {
      if (one.type === "aws_s3_bucket_acl") return `acl is ${one.text("acl") ?? "a list of grants"}`;
      return one.has("acl") && `acl is ${one.text("acl")}`;
    }),
  },
  {
    id: "s3-deletion-protection",
    group: "s3",
    demands: "A bucket that holds data is protected from being emptied or destroyed",
    why: "Renaming a construct produces a plan that deletes the bucket and, with force_destroy, all its objects.",
    fix: "Set forceDestroy: false and lifecycle: { preventDestroy: true }. If the stack's data can be lost, pass protectsData: false.",
    mirrors: [],
    check: each(bucketType, (bucket, { settings }) => {
      if (!settings.protectsData) return undefined;
      return [
        ...(bucket.isTrue("force_destroy") ? ["force_destroy is true"] : []),
        ...(bucket.isTrue("lifecycle.prevent_destroy") ? [] : ["lifecycle.prevent_destroy is not true"]),
      ];
    }),
  },
];
