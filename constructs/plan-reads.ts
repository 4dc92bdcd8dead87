import type { Naming } from "./naming";
import type { PolicyStatement } from "./policy-document";

/**
 * What Terraform reads of every resource to plan the stacks, recorded from a plan of each: settings, names and tags. No
 * response of these includes items, messages, log lines, objects or their keys, variables or credentials. What does is in
 * a statement of its own below, for the application's own resources.
 */
const settingsReads = [
  "budgets:ListTagsForResource",
  "budgets:ViewBudget",
  "cloudwatch:DescribeAlarms",
  "cloudwatch:GetDashboard",
  "cloudwatch:ListTagsForResource",
  "dynamodb:DescribeContinuousBackups",
  "dynamodb:DescribeTable",
  "dynamodb:DescribeTimeToLive",
  "dynamodb:ListTagsOfResource",
  "events:DescribeEventBus",
  "events:ListTagsForResource",
  "firehose:ListTagsForDeliveryStream",
  "iam:GetOpenIDConnectProvider",
  "iam:GetPolicy",
  "iam:GetPolicyVersion",
  "iam:GetRole",
  "iam:GetRolePolicy",
  "iam:ListAttachedRolePolicies",
  "iam:ListRolePolicies",
  "kms:DescribeKey",
  "kms:GetKeyPolicy",
  "kms:GetKeyRotationStatus",
  "kms:ListAliases",
  "kms:ListResourceTags",
  "lambda:GetAlias",
  "lambda:GetEventSourceMapping",
  "lambda:GetFunctionCodeSigningConfig",
  "lambda:GetFunctionEventInvokeConfig",
  "lambda:GetPolicy",
  "lambda:ListTags",
  "logs:DescribeLogGroups",
  "logs:DescribeLogStreams",
  "logs:DescribeSubscriptionFilters",
  "logs:ListTagsForResource",
  "sns:GetSubscriptionAttributes",
  "sns:GetTopicAttributes",
  "sns:ListTagsForResource",
  "sqs:GetQueueAttributes",
  "sqs:ListQueueTags",
  "ssm:DescribeParameters",
  "ssm:ListTagsForResource",
  "wafv2:GetWebACL",
  "wafv2:GetWebACLForResource",
  "wafv2:ListTagsForResource",
] as const;

/** `s3:ListBucket` is how Terraform asks whether a bucket exists. It also lists the keys of its objects. */
const bucketReads = [
  "s3:GetAccelerateConfiguration",
  "s3:GetBucketAcl",
  "s3:GetBucketCORS",
  "s3:GetBucketLogging",
  "s3:GetBucketNotification",
  "s3:GetBucketObjectLockConfiguration",
  "s3:GetBucketOwnershipControls",
  "s3:GetBucketPolicy",
  "s3:GetBucketPublicAccessBlock",
  "s3:GetBucketRequestPayment",
  "s3:GetBucketTagging",
  "s3:GetBucketVersioning",
  "s3:GetBucketWebsite",
  "s3:GetEncryptionConfiguration",
  "s3:GetLifecycleConfiguration",
  "s3:GetReplicationConfiguration",
  "s3:ListBucket",
] as const;

export interface PlanReadsProps {
  readonly naming: Pick<Naming, "application" | "organization">;
  readonly stateBucketArn: string;
  /** Route 53 zones that have the domains' records. */
  readonly hostedZoneIds: readonly string[];
}

/** The statements of a role that plans every stack of the application, in any Region of its account. */
export function planReads({
  naming: { application, organization },
  stateBucketArn,
  hostedZoneIds,
}: PlanReadsProps): readonly PolicyStatement[] {
  const prefix = `${organization}-${application}`;
  return [
    { Sid: "Settings", Effect: "Allow", Action: [...settingsReads], Resource: "*" },
    {
      Sid: "Apis",
      Effect: "Allow",
      Action: "apigateway:GET",
      // The ids of APIs come from AWS. Not *, which includes the values of API keys.
      Resource: ["account", "domainnames/*", "restapis/*"].map((path) => `arn:aws:apigateway:*::/${path}`),
    },
    {
      Sid: "OwnBuckets",
      Effect: "Allow",
      Action: [...bucketReads],
      Resource: [stateBucketArn, `arn:aws:s3:::${prefix}-*`],
    },
    {
      Sid: "State",
      Effect: "Allow",
      Action: "s3:GetObject",
      Resource: `${stateBucketArn}/*/terraform.tfstate*`,
    },
    {
      Sid: "Packages",
      Effect: "Allow",
      Action: ["s3:GetObject", "s3:GetObjectTagging"],
      Resource: `arn:aws:s3:::${prefix}-artifacts-*/*`,
    },
    {
      Sid: "OwnFunctions",
      Effect: "Allow",
      // The responses include the variables and, of GetFunction, a link to the package.
      Action: ["lambda:GetFunction", "lambda:ListVersionsByFunction"],
      Resource: `arn:aws:lambda:*:*:function:${application}-*`,
    },
    {
      Sid: "OwnDeliveryStreams",
      Effect: "Allow",
      // The response includes the URL or the token of a destination that is not S3.
      Action: "firehose:DescribeDeliveryStream",
      Resource: `arn:aws:firehose:*:*:deliverystream/${application}-*`,
    },
    {
      Sid: "OwnParameters",
      Effect: "Allow",
      Action: "ssm:GetParameter",
      Resource: `arn:aws:ssm:*:*:parameter/${application}/*`,
    },
    {
      Sid: "VariablesOfFunctions",
      Effect: "Allow",
      // Without it, Lambda leaves out variables that the environment's own key encrypts, and a plan would add them.
      Action: "kms:Decrypt",
      Resource: "*",
      Condition: {
        StringLike: {
          "kms:ViaService": "lambda.*.amazonaws.com",
          "kms:EncryptionContext:aws:lambda:FunctionArn": `arn:aws:lambda:*:*:function:${application}-*`,
        },
      },
    },
    ...(hostedZoneIds.length === 0
      ? []
      : [
          {
            Sid: "Zones",
            Effect: "Allow" as const,
            // The response includes every record of the zone.
            Action: ["route53:GetHostedZone", "route53:ListResourceRecordSets"],
            Resource: hostedZoneIds.map((id) => `arn:aws:route53:::hostedzone/${id}`),
          },
        ]),
  ];
}
