import { type Policy, parsePolicy } from "../../iam/policy";
import { hasUnknown } from "../../iam/unknown";

/**
 * What some AWS-managed policies grant, by their names. Each action is granted on every resource.
 * https://docs.aws.amazon.com/aws-managed-policy/latest/reference
 */
const grants: Readonly<Record<string, readonly string[]>> = {
  AdministratorAccess: ["*"],
  AWSLambdaBasicExecutionRole: ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"],
  AWSXRayDaemonWriteAccess: [
    "xray:GetSamplingRules",
    "xray:GetSamplingStatisticSummaries",
    "xray:GetSamplingTargets",
    "xray:PutTelemetryRecords",
    "xray:PutTraceSegments",
  ],
  AWSLambdaDynamoDBExecutionRole: [
    "dynamodb:DescribeStream",
    "dynamodb:GetRecords",
    "dynamodb:GetShardIterator",
    "dynamodb:ListStreams",
    "logs:CreateLogGroup",
    "logs:CreateLogStream",
    "logs:PutLogEvents",
  ],
  AWSLambdaKinesisExecutionRole: [
    "kinesis:DescribeStream",
    "kinesis:DescribeStreamSummary",
    "kinesis:GetRecords",
    "kinesis:GetShardIterator",
    "kinesis:ListShards",
    "kinesis:ListStreams",
    "kinesis:SubscribeToShard",
    "logs:CreateLogGroup",
    "logs:CreateLogStream",
    "logs:PutLogEvents",
  ],
  AWSLambdaSQSQueueExecutionRole: [
    "logs:CreateLogGroup",
    "logs:CreateLogStream",
    "logs:PutLogEvents",
    "sqs:DeleteMessage",
    "sqs:GetQueueAttributes",
    "sqs:ReceiveMessage",
  ],
  AWSLambdaVPCAccessExecutionRole: [
    "ec2:AssignPrivateIpAddresses",
    "ec2:CreateNetworkInterface",
    "ec2:DeleteNetworkInterface",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSubnets",
    "ec2:UnassignPrivateIpAddresses",
    "logs:CreateLogGroup",
    "logs:CreateLogStream",
    "logs:PutLogEvents",
  ],
  AmazonAPIGatewayPushToCloudWatchLogs: [
    "logs:CreateLogGroup",
    "logs:CreateLogStream",
    "logs:DescribeLogGroups",
    "logs:DescribeLogStreams",
    "logs:FilterLogEvents",
    "logs:GetLogEvents",
    "logs:PutLogEvents",
  ],
};

/** AWS-managed policies that grant far more than one function needs. */
const broadPolicies =
  /^(AdministratorAccess|PowerUserAccess|IAMFullAccess|\w+FullAccess|AWSLambda_FullAccess)$/;

/** The name of an AWS-managed policy, from its ARN in any partition. */
export function managedPolicyName(arn: string): string | undefined {
  const [, name] = /:iam::aws:policy\/(?:[\w-]+\/)*([\w+=,.@-]+)$/.exec(arn) ?? [];
  return name === undefined || hasUnknown(name) ? undefined : name;
}

/** What an AWS-managed policy grants. Undefined if it is not in the table. */
export function managedPolicy(name: string): Policy | undefined {
  const actions = grants[name];
  return (
    actions &&
    parsePolicy({
      Version: "2012-10-17",
      Statement: { Effect: "Allow", Action: actions, Resource: "*" },
    })
  );
}

export function isBroadManagedPolicy(name: string): boolean {
  return broadPolicies.test(name);
}
