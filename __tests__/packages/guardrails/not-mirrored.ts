/** Other checkers' rules about these resource types that have no counterpart here, and why. other-checkers.json has their titles. */
export const notMirrored: readonly { readonly ids: readonly string[]; readonly why: string }[] = [
  {
    ids: ["CKV_AWS_18", "S3.9", "AwsSolutions-S1"],
    why: "CloudTrail data events show who read an object, once for the whole account. A bucket for access logs would log itself.",
  },
  {
    ids: ["CKV_AWS_26"],
    why: "A topic needs no customer-managed key. sns-alarm-topic-key covers alarm topics, which do not work with the AWS-managed key.",
  },
  {
    ids: ["CKV_AWS_117", "Lambda.3", "Lambda.5"],
    why: "Nothing here is in a VPC. A function in one would only lose access to AWS's services.",
  },
  {
    ids: [
      "CKV_AWS_119",
      "CKV_AWS_145",
      "CKV_AWS_158",
      "CKV_AWS_173",
      "CKV_AWS_241",
      "CKV_AWS_337",
      "CKV2_AWS_73",
      "S3.17",
    ],
    why: "A customer-managed key costs one dollar per month plus a call per access. Whether that is worth it depends on the environment.",
  },
  {
    ids: ["CKV_AWS_120", "CKV_AWS_225"],
    why: "A cache serves stale data and is billed by the hour. If you enable one, api-gateway-cache-encrypted requires encryption.",
  },
  {
    ids: ["CKV_AWS_143", "S3.15"],
    why: "Nobody can delete locked objects, but logs must expire.",
  },
  {
    ids: ["CKV_AWS_144", "S3.7"],
    why: "A copy in another Region is for data that cannot be recreated. Logs and zips are not worth twice the storage.",
  },
  {
    ids: ["CKV_AWS_192", "CKV2_AWS_77"],
    why: "Log4j is a Java library, and these functions run on Node.js.",
  },
  {
    ids: ["CKV_AWS_272"],
    why: "Signing needs an AWS Signer profile created outside the stack. The state already contains the package's hash.",
  },
  {
    ids: ["CKV_AWS_338", "CloudWatch.16"],
    why: "How long to keep a log depends on cost and law. logs-retention requires an explicit choice.",
  },
  {
    ids: ["CKV_AWS_385", "S3.6"],
    why: "A synth does not know which accounts are yours. iam-not-public rejects policies for everyone.",
  },
  {
    ids: ["CKV2_AWS_29", "APIGateway.4", "AwsSolutions-APIG3"],
    why: "A web ACL costs at least nine dollars per month. Signed requests need it less, so it is optional.",
  },
  {
    ids: ["CKV2_AWS_31", "WAF.11", "WAF.12"],
    why: "Sampled requests and per-rule metrics are available without a log that is billed per request.",
  },
  {
    ids: ["CKV2_AWS_36"],
    why: "No data source sends anything over http. The stacks use only the AWS and archive providers.",
  },
  {
    ids: ["CKV2_AWS_51", "APIGateway.2"],
    why: "The gateway calls functions through IAM: there is no server that could check its certificate.",
  },
  {
    ids: ["CKV2_AWS_62", "S3.11"],
    why: "Nothing reacts to new objects, and an event without a consumer is useless.",
  },
  {
    ids: ["CKV2_AWS_75"],
    why: "CORS does not block callers. lambda-url-authorized checks who can call a function URL.",
  },
  { ids: ["DynamoDB.3", "DynamoDB.7", "AwsSolutions-DDB4"], why: "The stacks have no DAX cluster." },
  {
    ids: ["DynamoDB.4"],
    why: "A backup plan belongs to the account. dynamodb-point-in-time-recovery already makes every second of the last 35 days restorable.",
  },
  {
    ids: ["EventBridge.3"],
    why: "Without a policy, a bus accepts events only from its own account, as intended.",
  },
  {
    ids: ["IAM.3", "IAM.5", "IAM.8", "IAM.19", "IAM.22"],
    why: "They are about users, and iam-no-users forbids those.",
  },
  {
    ids: ["IAM.4", "IAM.6", "IAM.7", "IAM.9", "IAM.10", "IAM.26"],
    why: "They are about account settings, which no stack here manages.",
  },
  {
    ids: ["KMS.3"],
    why: "It detects a key that is already scheduled for deletion. kms-deletion-window checks the waiting period.",
  },
  { ids: ["S3.1"], why: "It is about the account. s3-public-access-blocked checks each bucket." },
  {
    ids: ["S3.10"],
    why: "Versioned objects that never expire, such as function zips, are kept for rollback. s3-lifecycle-old-versions covers buckets with expiry.",
  },
  { ids: ["S3.19"], why: "The stacks have no access points." },
  {
    ids: ["S3.20"],
    why: "Only the root user can enable MFA delete, and lifecycle rules do not work with it.",
  },
  { ids: ["SNS.1"], why: "Same as CKV_AWS_26." },
  { ids: ["SNS.2"], why: "sns-subscription-redrive sends undeliverable messages to a dead-letter queue." },
  {
    ids: ["WAF.1", "WAF.2", "WAF.3", "WAF.4", "WAF.6", "WAF.7", "WAF.8"],
    why: "They are about WAF Classic, which AWS has retired.",
  },
  { ids: ["AwsSolutions-S5"], why: "The stacks have no bucket that serves a website." },
  {
    ids: ["cfn-lint-serverless WS1002"],
    why: "A function can have several callers. lambda-permission-source checks each one.",
  },
];
