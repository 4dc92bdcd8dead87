import type { Naming } from "./naming";
import type { PolicyStatement } from "./policy-document";

/**
 * What Terraform reads to plan the stacks, recorded from a plan of each: settings, names and tags. It does not include what
 * the resources hold, such as items, messages, log lines and access-log objects.
 */
const settingsReads = [
  "apigateway:GET",
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
  "firehose:DescribeDeliveryStream",
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
  "lambda:ListVersionsByFunction",
  "logs:DescribeLogGroups",
  "logs:DescribeLogStreams",
  "logs:DescribeSubscriptionFilters",
  "logs:ListTagsForResource",
  "route53:GetHostedZone",
  "route53:ListResourceRecordSets",
  "s3:GetAccelerateConfiguration",
  "s3:GetBucketAcl",
  "s3:GetBucketCORS",
  "s3:GetBucketLocation",
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

/** The statements of a role that plans every stack of the application, in any Region of its account. */
export function planReads(
  { application, organization }: Naming,
  stateBucketArn: string,
): readonly PolicyStatement[] {
  const prefix = `${organization}-${application}`;
  return [
    { Sid: "Settings", Effect: "Allow", Action: [...settingsReads], Resource: "*" },
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
      // Its response contains the variables, and a link to the package.
      Action: "lambda:GetFunction",
      Resource: `arn:aws:lambda:*:*:function:${application}-*`,
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
  ];
}
