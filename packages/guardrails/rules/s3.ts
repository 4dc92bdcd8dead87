import { everything, outcomeFor } from "../access/decide";
import { targetPolicies } from "../access/resource-policies";
import { arnOf } from "../access/symbolic-text";
import { allows, type Statement, statementsOf } from "../policy";
import { each, type Rule } from "../rule";
import type { Resource } from "../stack-view";
import { roleProblem } from "./deliveries/problems";
import { deliveryFindings, isFirehoseToBucket } from "./deliveries/rules";
import { deniesWithoutTls } from "./resource-policies";

const bucketType = "aws_s3_bucket";

/** Separate resources of a type that configure a bucket. */
function partsOf(bucket: Resource, type: string): readonly Resource[] {
  return bucket.stack.pointingAt(bucket, type, "bucket");
}

/** All statements of a bucket's policies. */
function policyOf(bucket: Resource): readonly Statement[] {
  return partsOf(bucket, "aws_s3_bucket_policy").flatMap((policy) => statementsOf(policy));
}

interface Delivery {
  readonly stream: Resource;
  readonly bucket: Resource;
  readonly role: Resource | undefined;
}

/** Firehose streams that write to buckets of the stack. */
function deliveriesOf(stack: Resource["stack"]): readonly Delivery[] {
  return stack.all("aws_kinesis_firehose_delivery_stream").flatMap((stream) => {
    const bucket = stream.follow("extended_s3_configuration.bucket_arn", bucketType);
    return bucket
      ? [{ stream, bucket, role: stream.follow("extended_s3_configuration.role_arn", "aws_iam_role") }]
      : [];
  });
}

/** Whether a bucket's policies deny writes to a role of the account that may otherwise do everything. */
function deniesOthers(bucket: Resource): boolean {
  const outcome = outcomeFor(
    bucket,
    { action: "s3:PutObject", resource: `${arnOf(bucket)}/an-object` },
    { identity: [everything], resource: targetPolicies(bucket) },
  );
  return outcome === "explicit-deny" || outcome === "unknown";
}

/** Whether a condition restricts a statement to your own account, organization or resource. */
const restrictsSource = ({ key }: Statement["conditions"][number]): boolean =>
  /^aws:(source(arn|account|orgid|orgpaths)|principal(arn|account|orgid))$/.test(key);

export const s3Rules: readonly Rule[] = [
  {
    id: "s3-log-bucket-deliverer-may-write",
    group: "s3",
    demands:
      "Firehose's delivery role is allowed to write to the bucket, and the bucket's policy does not deny it",
    why: "Firehose retries for a day and then drops the records. The log is lost, and only a metric shows it.",
    fix: "Allow s3:PutObject on the bucket's objects in the role's policy, and exempt the role's ARN from the bucket policy's Deny.",
    mirrors: [],
    check: ({ stack }) => deliveryFindings(stack, roleProblem, isFirehoseToBucket),
  },
  {
    id: "s3-log-bucket-nobody-else-writes",
    group: "s3",
    demands: "Only a log bucket's delivery roles and services can write to it",
    why: "Anyone else who can write there can forge log lines, or overwrite those that show what they did.",
    fix: "Deny s3:PutObject to * unless aws:PrincipalArn is the delivery role's ARN (or aws:PrincipalServiceName the service), and allow it to no one else.",
    mirrors: [],
    check: ({ stack }) => {
      const deliveries = deliveriesOf(stack);
      const holdsLogs = deliveries.filter(({ stream }) =>
        stack
          .all("aws_cloudwatch_log_subscription_filter")
          .some((filter) => filter.follow("destination_arn", stream.type) === stream),
      );
      return [...new Set(holdsLogs.map(({ bucket }) => bucket))].flatMap((bucket) => {
        const roles = deliveries.filter((one) => one.bucket === bucket).map(({ role }) => role);
        const statements = policyOf(bucket);
        const isDeliverer = (principal: string, statement: Statement) =>
          roles.some((role) => role && stack.follow(principal, "aws_iam_role") === role) ||
          (principal.startsWith("Service:") && statement.conditions.some(restrictsSource));
        const others = statements
          .filter((statement) => allows(statement, "s3:PutObject"))
          .flatMap((statement) =>
            statement.principals.filter((principal) => !isDeliverer(principal, statement)),
          );
        return [
          ...others.map((principal) => ({
            resource: bucket,
            found: `its policy allows ${principal} to write`,
          })),
          ...(deniesOthers(bucket)
            ? []
            : [{ resource: bucket, found: "its policy does not deny writes by anyone else" }]),
        ];
      });
    },
  },
  {
    id: "s3-log-bucket-expires",
    group: "s3",
    demands: "Objects that Firehose delivers expire or move to a cheaper storage class",
    why: "Otherwise logs grow forever, and so does their cost.",
    fix: "Add an S3BucketLifecycleConfiguration with an expiration or a transition.",
    mirrors: ["CKV2_AWS_61", "S3.13"],
    check: ({ stack }) =>
      [...new Set(deliveriesOf(stack).map(({ bucket }) => bucket))].flatMap((bucket) => {
        const rules = partsOf(bucket, "aws_s3_bucket_lifecycle_configuration").flatMap((one) =>
          one.blocks("rule"),
        );
        const acts = rules.some((rule) => rule.status === "Enabled" && (rule.expiration || rule.transition));
        return acts
          ? []
          : [{ resource: bucket, found: "no enabled lifecycle rule has an expiration or a transition" }];
      }),
  },
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
      const off = switches.filter((name) => !blocks.some((block) => block.isTrue(name)));
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
      const on = versioning.some((one) => one.value("versioning_configuration.status") === "Enabled");
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
    id: "s3-tls-only",
    group: "s3",
    demands: "A bucket's policy denies requests without TLS",
    why: "Otherwise a client configured for http sends data and signatures in clear text.",
    fix: 'Deny s3:* to * on the bucket and its objects when aws:SecureTransport is "false".',
    mirrors: ["S3.5", "AwsSolutions-S10"],
    check: each(bucketType, (bucket) => {
      const denied = deniesWithoutTls(bucket, "s3:GetObject", "/an-object");
      return !denied && "its policy does not deny s3:* when aws:SecureTransport is false";
    }),
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
