import { actionCovers } from "../../iam/coverage";
import { allows, type Statement, statementsOf } from "../policy";
import { each, type Rule } from "../rule";
import type { Resource } from "../stack-view";
import { roleProblem } from "./deliveries/problems";
import { deliveryFindings, isFirehoseToBucket } from "./deliveries/rules";
import { deniesWithoutTls } from "./resource-policies";

export const bucketType = "aws_s3_bucket";

/** Separate resources of a type that configure a bucket. */
export function partsOf(bucket: Resource, type: string): readonly Resource[] {
  return bucket.stack.pointingAt(bucket, type, "bucket");
}

/** All statements of a bucket's policies. */
function policyOf(bucket: Resource): readonly Statement[] {
  return partsOf(bucket, "aws_s3_bucket_policy").flatMap((policy) => statementsOf(policy));
}

function hasUnknownPolicy(bucket: Resource): boolean {
  const policies = partsOf(bucket, "aws_s3_bucket_policy");
  return policies.some((policy) => policy.json("policy") === undefined && policy.isUnknown("policy"));
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

const denies = (statement: Statement, action: string): boolean =>
  statement.effect === "Deny" && statement.actions.some((pattern) => actionCovers(pattern, action));

/** Whether a statement denies writes to everyone except the principals in its conditions. */
const deniesAllBut = (statement: Statement): boolean =>
  denies(statement, "s3:PutObject") &&
  statement.principals.includes("*") &&
  statement.conditions.some(
    ({ operator, key }) => /Not(Equals|Like)/.test(operator) && key.startsWith("aws:principal"),
  );

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
        // Only Terraform knows who may write, or who delivers.
        if (roles.includes(undefined) || hasUnknownPolicy(bucket)) return [];
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
          ...(statements.some(deniesAllBut)
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
        const isOpen = partsOf(bucket, "aws_s3_bucket_lifecycle_configuration").some((one) =>
          [one.raw("rule")].flat().some((rule) => typeof rule === "string"),
        );
        const acts =
          isOpen || rules.some((rule) => rule.status === "Enabled" && (rule.expiration || rule.transition));
        return acts
          ? []
          : [{ resource: bucket, found: "no enabled lifecycle rule has an expiration or a transition" }];
      }),
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
];
