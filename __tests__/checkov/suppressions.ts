import type { Environment } from "../../stacks/environments";

/** What checkov finds and is left as it is. */
export interface Suppression {
  /** The check's id, for example `CKV_AWS_18`. */
  readonly id: string;
  /** The types of resources that it is suppressed for, all of which it must find. */
  readonly types: readonly string[];
  readonly reason: string;
}

const everywhere: readonly Suppression[] = [
  {
    id: "CKV_AWS_18",
    types: ["aws_s3_bucket"],
    reason:
      "An access log of a bucket is one more bucket of logs. Writers are held off by the bucket's policy, and CloudTrail's data events tell who read, where an account wants to know",
  },
  {
    id: "CKV_AWS_144",
    types: ["aws_s3_bucket"],
    reason:
      "Logs and packages are not worth a second Region: packages are built again from the sources, byte by byte",
  },
];

/** What every environment has. */
const environments: readonly Suppression[] = [
  ...everywhere,
  {
    id: "CKV_AWS_117",
    types: ["aws_lambda_function"],
    reason:
      "The functions call nothing but AWS's public endpoints: a VPC adds NAT gateways to pay, and nothing to protect",
  },
  {
    id: "CKV_AWS_120",
    types: ["aws_api_gateway_stage"],
    reason: "A cache is paid by the hour, and would answer with items that have changed since",
  },
  {
    id: "CKV_AWS_225",
    types: ["aws_api_gateway_method_settings"],
    reason: "A cache is paid by the hour, and would answer with items that have changed since",
  },
  {
    id: "CKV_AWS_145",
    types: ["aws_s3_bucket"],
    reason: "The log bucket is encrypted by S3's own keys, so that a reader of logs needs no right on a key",
  },
  {
    id: "CKV_AWS_272",
    types: ["aws_lambda_function"],
    reason:
      "The package's key is a hash of its content, and its bucket takes writes of the deployer alone: a signature by the same deployer would prove no more",
  },
  {
    id: "CKV_AWS_338",
    types: ["aws_cloudwatch_log_group"],
    reason: "CloudWatch keeps 14 days for searching; the access log's 90 days are in the log bucket",
  },
  {
    id: "CKV2_AWS_29",
    types: ["aws_api_gateway_stage"],
    reason:
      "A web ACL costs about nine dollars a month, and every request is signed: it is a switch, webAcl in environments.ts",
  },
  {
    id: "CKV2_AWS_34",
    types: ["aws_ssm_parameter"],
    reason: "The parameters are names and addresses for other stacks to read, none of them a secret",
  },
  {
    id: "CKV2_AWS_51",
    types: ["aws_api_gateway_stage"],
    reason:
      "API Gateway shows a client certificate to HTTP back ends; it calls Lambda by IAM, and there is no other",
  },
];

/** What a key of the environment's own would fix, which costs about a dollar a month: prod has one. */
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
    "Encrypted by AWS's own keys; customerKey in environments.ts, on in prod, is for data that needs more",
}));

const account: readonly Suppression[] = [
  ...everywhere,
  {
    id: "CKV_AWS_145",
    types: ["aws_s3_bucket"],
    reason: "The state's bucket is there before any key is: S3's own keys encrypt it",
  },
  {
    id: "CKV2_AWS_61",
    types: ["aws_s3_bucket"],
    reason: "Old states are what a recovery needs: none goes by itself",
  },
];

/** What is suppressed in an environment's stack, or in the account's where none is given. */
export function suppressionsOf(environment?: Environment): readonly Suppression[] {
  if (!environment) return account;
  return environment.customerKey ? environments : [...environments, ...withoutCustomerKey];
}
