import type { Environment } from "../../stacks/environments";

/** A checkov finding that we accept. */
export interface Suppression {
  /** The check's id, for example `CKV_AWS_18`. */
  readonly id: string;
  /** The resource types that it is suppressed for. checkov must find it in each. */
  readonly types: readonly string[];
  readonly reason: string;
}

const everywhere: readonly Suppression[] = [
  {
    id: "CKV_AWS_18",
    types: ["aws_s3_bucket"],
    reason:
      "Logging access to a bucket needs one more bucket of logs. The bucket's policy limits who can write, and CloudTrail data events show who read, if an account needs that",
  },
  {
    id: "CKV_AWS_144",
    types: ["aws_s3_bucket"],
    reason:
      "Logs and packages are not worth a second Region: packages can be rebuilt byte for byte from the sources",
  },
];

/** Suppressed in every environment. */
const environments: readonly Suppression[] = [
  ...everywhere,
  {
    id: "CKV_AWS_117",
    types: ["aws_lambda_function"],
    reason:
      "The functions call only AWS's public endpoints: a VPC would add the cost of NAT gateways and protect nothing",
  },
  {
    id: "CKV_AWS_120",
    types: ["aws_api_gateway_stage"],
    reason: "A cache is billed by the hour and would return stale items",
  },
  {
    id: "CKV_AWS_225",
    types: ["aws_api_gateway_method_settings"],
    reason: "A cache is billed by the hour and would return stale items",
  },
  {
    id: "CKV_AWS_145",
    types: ["aws_s3_bucket"],
    reason:
      "The log bucket is encrypted with S3-managed keys, so that reading logs needs no permission on a key",
  },
  {
    id: "CKV_AWS_272",
    types: ["aws_lambda_function"],
    reason:
      "The package's key is a hash of its content, and only the deployer can write to its bucket: a signature by the same deployer would prove nothing more",
  },
  {
    id: "CKV_AWS_338",
    types: ["aws_cloudwatch_log_group"],
    reason: "CloudWatch keeps 14 days for searching; the log bucket keeps the access log for 90 days",
  },
  {
    id: "CKV2_AWS_29",
    types: ["aws_api_gateway_stage"],
    reason:
      "A web ACL costs about nine dollars per month, and every request is signed: it is optional, webAcl in environments.ts",
  },
  {
    id: "CKV2_AWS_34",
    types: ["aws_ssm_parameter"],
    reason: "The parameters are names and addresses for other stacks to read, and none is a secret",
  },
  {
    id: "CKV2_AWS_51",
    types: ["aws_api_gateway_stage"],
    reason:
      "API Gateway presents a client certificate only to HTTP back ends; it calls Lambda through IAM, and the API has no other back end",
  },
];

/** Findings that a customer-managed key would fix. It costs about one dollar per month, and prod has one. */
const withoutCustomerKey: readonly Suppression[] = [
  ["CKV_AWS_26", "aws_sns_topic"],
  ["CKV_AWS_119", "aws_dynamodb_table"],
  ["CKV_AWS_158", "aws_cloudwatch_log_group"],
  ["CKV_AWS_173", "aws_lambda_function"],
  ["CKV_AWS_241", "aws_kinesis_firehose_delivery_stream"],
].map(([id = "", type = ""]) => ({
  id,
  types: [type],
  reason:
    "Encrypted with AWS-owned keys; customerKey in environments.ts, on in prod, is for data that needs more",
}));

const account: readonly Suppression[] = [
  ...everywhere,
  {
    id: "CKV_AWS_145",
    types: ["aws_s3_bucket"],
    reason: "The state bucket exists before any key does, so S3-managed keys encrypt it",
  },
  {
    id: "CKV2_AWS_61",
    types: ["aws_s3_bucket"],
    reason: "A recovery needs old states, so none expires",
  },
];

/** The suppressions for an environment's stack, or for the account's stack if no environment is given. */
export function suppressionsOf(environment?: Environment): readonly Suppression[] {
  if (!environment) return account;
  return environment.customerKey ? environments : [...environments, ...withoutCustomerKey];
}
