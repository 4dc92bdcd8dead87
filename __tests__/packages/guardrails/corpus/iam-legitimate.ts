import { add, both, type Edit, remove, set } from "../edit";
import {
  allow,
  deny,
  document,
  grants,
  key,
  type Legitimate,
  queueArn,
  role,
  roleArn,
  secondPolicy,
  table,
  tableArn,
  tls,
  topicArn,
  trust,
  workerMay,
} from "./parts";

const may = (name: string, ...statements: readonly object[]): Legitimate => ({
  name: `a role that may ${name}`,
  plant: workerMay({}, ...statements),
});
const attached = (id: string, policy: string): Edit =>
  add("aws_iam_role_policy_attachment", id, {
    role: "${aws_iam_role.worker.name}",
    policy_arn: `arn:aws:iam::aws:policy/service-role/${policy}`,
  });
const worker = (plant: Edit): Edit =>
  both(
    plant,
    set("aws_lambda_function", "worker", "depends_on", [
      "aws_iam_role_policy.worker",
      "aws_cloudwatch_log_group.worker",
    ]),
  );
const failedPolicy = (...more: readonly object[]): Edit =>
  set(
    "aws_sqs_queue_policy",
    "failed",
    "policy",
    document(
      tls("sqs:*", queueArn("failed")),
      ...["sns", "events"].map((name) => ({
        Effect: "Allow",
        Principal: { Service: `${name}.amazonaws.com` },
        Action: "sqs:SendMessage",
        Resource: queueArn("failed"),
        Condition: { StringEquals: { "aws:SourceAccount": "123456789012" } },
      })),
      ...more,
    ),
  );
const bounded = (name: string, Condition: object): Legitimate => ({
  name: `a queue for everybody, bounded by ${name}`,
  plant: failedPolicy({
    Effect: "Allow",
    Principal: "*",
    Action: "sqs:SendMessage",
    Resource: queueArn("failed"),
    Condition,
  }),
});

export const iamLegitimate: readonly Legitimate[] = [
  may(
    "write metrics of one namespace",
    allow("cloudwatch:PutMetricData", "*", {
      Condition: { StringEquals: { "cloudwatch:namespace": "Shop" } },
    }),
  ),
  may(
    "tag what it creates",
    allow("ec2:CreateTags", "*", { Condition: { StringEquals: { "ec2:CreateAction": "RunInstances" } } }),
  ),
  may(
    "send from one address",
    allow("ses:SendEmail", "*", { Condition: { StringEquals: { "ses:FromAddress": "shop@example.com" } } }),
  ),
  may(
    "decrypt through S3",
    allow("kms:Decrypt", "*", {
      Condition: {
        StringEquals: { "kms:ViaService": "s3.eu-west-1.amazonaws.com", "kms:CallerAccount": "123456789012" },
      },
    }),
  ),
  may(
    "use what is tagged",
    allow("secretsmanager:GetSecretValue", "*", {
      Condition: { StringEquals: { "aws:ResourceTag/team": "orders" } },
    }),
  ),
  ...[
    "xray:PutTraceSegments",
    "ec2:Describe*",
    "s3:ListAllMyBuckets",
    "sts:GetCallerIdentity",
    "ecr:GetAuthorizationToken",
    "logs:DescribeLogGroups",
    "cloudwatch:PutMetricData",
  ].map((action) => may(`call ${action} on *`, allow(action, "*"))),
  may(
    "read one table by patterns",
    allow(["dynamodb:Get*", "dynamodb:Query"], "arn:aws:dynamodb:eu-west-1:123456789012:table/orders"),
  ),
  may(
    "use tables of one prefix",
    allow("dynamodb:GetItem", "arn:aws:dynamodb:eu-west-1:123456789012:table/orders-*"),
  ),
  may(
    "read a parameter's tree",
    allow("ssm:GetParameter", "arn:aws:ssm:eu-west-1:123456789012:parameter/shop/*"),
  ),
  may(
    "read objects of a prefix",
    allow("s3:GetObject", "arn:aws:s3:::reports/daily/*"),
    allow("s3:ListBucket", "arn:aws:s3:::reports", { Condition: { StringLike: { "s3:prefix": "daily/*" } } }),
  ),
  may(
    "read secrets by the beginning of a name",
    allow("secretsmanager:GetSecretValue", "arn:aws:secretsmanager:eu-west-1:123456789012:secret:prod/db-*"),
  ),
  may(
    "pass one role to one service",
    allow("iam:PassRole", "arn:aws:iam::123456789012:role/scheduler", {
      Condition: { StringEquals: { "iam:PassedToService": "scheduler.amazonaws.com" } },
    }),
  ),
  may(
    "connect its own network interfaces",
    allow(["ec2:CreateNetworkInterface", "ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets"], "*"),
  ),
  may(
    "call another function's alias",
    allow("lambda:InvokeFunction", "arn:aws:lambda:eu-west-1:123456789012:function:other:live"),
  ),
  may("put events of one source", allow("events:PutEvents", "${aws_cloudwatch_event_bus.orders.arn}")),
  may(
    "write to a log group of its own by name",
    allow(
      ["logs:CreateLogStream", "logs:PutLogEvents"],
      "arn:aws:logs:eu-west-1:123456789012:log-group:/shop/audit:*",
    ),
  ),
  may("send to a queue that a variable names", allow("sqs:SendMessage", "${var.queue_arn}")),
  may("assume another account's role", allow("sts:AssumeRole", "arn:aws:iam::999999999999:role/reader")),
  may("deny itself other Regions", {
    Effect: "Deny",
    NotAction: ["iam:*", "sts:*", "sqs:*", "logs:*", "xray:*"],
    Resource: "*",
    Condition: { StringNotEquals: { "aws:RequestedRegion": "eu-west-1" } },
  }),
  may("read an index", allow("s3:GetObject", "arn:aws:s3:::index/*")),
  {
    name: "queries of two indexes",
    plant: both(table(), workerMay({}, allow("dynamodb:Query", [tableArn, `${tableArn}/index/*`]))),
  },
  {
    name: "grants on a stream",
    plant: both(
      table(),
      workerMay(
        {},
        allow(
          ["dynamodb:GetRecords", "dynamodb:GetShardIterator", "dynamodb:DescribeStream"],
          "${aws_dynamodb_table.orders.stream_arn}",
        ),
        allow("dynamodb:ListStreams", `${tableArn}/stream/*`),
      ),
    ),
  },
  {
    name: "a denial that only concerns requests without TLS",
    plant: secondPolicy(deny("sqs:Send*", "*", { Condition: { Bool: { "aws:SecureTransport": "false" } } })),
  },
  {
    name: "a denial of everything but what is used",
    plant: secondPolicy({
      Effect: "Deny",
      Action: "*",
      NotResource: [queueArn("jobs"), queueArn("failed"), "${aws_cloudwatch_log_group.worker.arn}:*", "*"],
    }),
  },
  {
    name: "a denial outside of the organization",
    plant: secondPolicy(
      deny("s3:*", "*", { Condition: { StringNotEqualsIfExists: { "aws:ResourceOrgID": "o-abc1234567" } } }),
    ),
  },
  {
    name: "logs in the stack's own Region",
    plant: workerMay({
      logs: { ...grants.logs, Condition: { StringEquals: { "aws:RequestedRegion": "eu-west-1" } } },
    }),
  },
  {
    name: "logs for the team of the role's tag",
    plant: both(
      set("aws_iam_role", "worker", "tags", { team: "orders" }),
      workerMay({
        logs: { ...grants.logs, Condition: { StringEquals: { "aws:PrincipalTag/team": ["orders"] } } },
      }),
    ),
  },
  {
    name: "logs for the owner in the provider's default tags",
    plant: workerMay({
      logs: { ...grants.logs, Condition: { StringEquals: { "aws:PrincipalTag/Owner": "team" } } },
    }),
  },
  {
    name: "logs under a condition that only Terraform knows",
    plant: workerMay({
      logs: { ...grants.logs, Condition: { StringEquals: { "aws:RequestedRegion": "${var.region}" } } },
    }),
  },
  {
    name: "logs of all groups of the account's functions",
    plant: workerMay({ logs: { ...grants.logs, Resource: "arn:aws:logs:*:*:log-group:/aws/lambda/*:*" } }),
  },
  {
    name: "a boundary of another stack",
    plant: set("aws_iam_role", "worker", "permissions_boundary", "arn:aws:iam::123456789012:policy/boundary"),
  },
  {
    name: "a boundary that allows what is used",
    plant: both(
      add("aws_iam_policy", "boundary", {
        name: "boundary",
        policy: document(
          allow(
            ["logs:PutLogEvents", "logs:CreateLogStream"],
            "arn:aws:logs:eu-west-1:123456789012:log-group:/aws/lambda/worker:*",
          ),
          allow(["xray:PutTraceSegments", "xray:PutTelemetryRecords"], "*"),
          allow(
            ["sqs:SendMessage", "sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"],
            ["arn:aws:sqs:eu-west-1:123456789012:jobs", "arn:aws:sqs:eu-west-1:123456789012:jobs-failed"],
          ),
        ),
      }),
      set("aws_iam_role", "worker", "permissions_boundary", "${aws_iam_policy.boundary.arn}"),
    ),
  },
  {
    name: "GitHub's pipelines of one repository",
    plant: role("ci", {
      Effect: "Allow",
      Principal: { Federated: "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com" },
      Action: "sts:AssumeRoleWithWebIdentity",
      Condition: {
        StringEquals: { "token.actions.githubusercontent.com:aud": "sts.amazonaws.com" },
        StringLike: { "token.actions.githubusercontent.com:sub": "repo:o/r:*" },
      },
    }),
  },
  {
    name: "another account with an external id",
    plant: role("partner", {
      Effect: "Allow",
      Principal: { AWS: "arn:aws:iam::999999999999:root" },
      Action: "sts:AssumeRole",
      Condition: { StringEquals: { "sts:ExternalId": "7f3c" } },
    }),
  },
  {
    name: "SAML",
    plant: role("people", {
      Effect: "Allow",
      Principal: { Federated: "arn:aws:iam::123456789012:saml-provider/corp" },
      Action: "sts:AssumeRoleWithSAML",
      Condition: { StringEquals: { "SAML:aud": "https://signin.aws.amazon.com/saml" } },
    }),
  },
  {
    name: "a guard of people without a second factor",
    plant: role(
      "people",
      { Effect: "Allow", Principal: { AWS: "arn:aws:iam::123456789012:root" }, Action: "sts:AssumeRole" },
      {
        Effect: "Deny",
        NotAction: ["iam:ListUsers", "sts:GetSessionToken"],
        Resource: "*",
        Condition: { BoolIfExists: { "aws:MultiFactorAuthPresent": "false" } },
      },
    ),
  },
  bounded("the organization", { StringEquals: { "aws:PrincipalOrgID": "o-abc1234567" } }),
  bounded("an endpoint", { StringEquals: { "aws:SourceVpce": "vpce-0123456789abcdef0" } }),
  bounded("one role", { ArnEquals: { "aws:PrincipalArn": "arn:aws:iam::999999999999:role/reader" } }),
  bounded("roles of one account", { ArnLike: { "aws:PrincipalArn": "arn:aws:iam::999999999999:role/*" } }),
  bounded("one topic", { ArnEquals: { "aws:SourceArn": topicArn("alarms") } }),
  bounded("topics of one account", { ArnLike: { "aws:SourceArn": "arn:aws:sns:*:123456789012:*" } }),
  bounded("one account", { StringEquals: { "aws:SourceAccount": "123456789012" } }),
  bounded("one's own account, by its data", {
    StringEquals: { "aws:PrincipalAccount": "${data.aws_caller_identity.me.account_id}" },
  }),
  bounded("an office", { IpAddress: { "aws:SourceIp": ["203.0.113.0/24", "198.51.100.7"] } }),
  bounded("what a variable says", { StringEquals: { "aws:PrincipalOrgID": "${var.org}" } }),
  bounded("two conditions of which one does not bound", {
    StringEquals: { "aws:PrincipalOrgID": "o-abc1234567" },
    Bool: { "aws:SecureTransport": "true" },
  }),
  {
    name: "a queue for everybody, of whom others are denied",
    plant: failedPolicy(
      { Effect: "Allow", Principal: "*", Action: "sqs:SendMessage", Resource: queueArn("failed") },
      {
        Effect: "Deny",
        Principal: "*",
        Action: "sqs:SendMessage",
        Resource: queueArn("failed"),
        Condition: {
          StringNotEquals: { "aws:PrincipalAccount": "123456789012" },
          Bool: { "aws:PrincipalIsAWSService": "false" },
        },
      },
    ),
  },
  {
    name: "grants that are split over policies of several kinds",
    plant: both(
      remove("aws_iam_role_policy", "worker"),
      ...(["logs", "reads"] as const).map((id) =>
        both(
          add("aws_iam_policy", id, { name: id, policy: document(grants[id]) }),
          add("aws_iam_role_policy_attachment", id, {
            role: "${aws_iam_role.worker.name}",
            policy_arn: `\${aws_iam_policy.${id}.arn}`,
          }),
        ),
      ),
      set("aws_lambda_function", "worker", "depends_on", ["aws_iam_role_policy_attachment.logs"]),
      set("aws_iam_role", "worker", "inline_policy", [
        { name: "rest", policy: document(grants.traces, grants.deadLetters) },
      ]),
    ),
  },
  {
    name: "an exclusive list that names everything",
    plant: both(
      workerMay({ logs: undefined }),
      add("aws_iam_policy", "logs", { name: "logs", policy: document(grants.logs) }),
      add("aws_iam_role_policy_attachments_exclusive", "all", {
        role_name: "${aws_iam_role.worker.name}",
        policy_arns: ["${aws_iam_policy.logs.arn}"],
      }),
      add("aws_iam_role_policies_exclusive", "all", {
        role_name: "${aws_iam_role.worker.name}",
        policy_names: ["worker"],
      }),
    ),
  },
  {
    name: "logs by an AWS-managed policy",
    plant: both(workerMay({ logs: undefined }), attached("logs", "AWSLambdaBasicExecutionRole")),
  },
  {
    name: "a queue by an AWS-managed policy",
    plant: both(
      workerMay({ logs: undefined, reads: undefined }),
      attached("queue", "AWSLambdaSQSQueueExecutionRole"),
    ),
  },
  {
    name: "a network by an AWS-managed policy",
    plant: both(workerMay({ logs: undefined }), attached("vpc", "AWSLambdaVPCAccessExecutionRole")),
  },
  {
    name: "AWS-managed policies inside of the role",
    plant: both(
      workerMay({ logs: undefined, traces: undefined }),
      set("aws_iam_role", "worker", "managed_policy_arns", [
        "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole",
        "arn:aws:iam::aws:policy/AWSXRayDaemonWriteAccess",
      ]),
    ),
  },
  {
    name: "a policy of another team",
    plant: both(
      workerMay({ logs: undefined }),
      add("aws_iam_role_policy_attachment", "team", {
        role: "${aws_iam_role.worker.name}",
        policy_arn: "${data.terraform_remote_state.team.outputs.policy}",
      }),
    ),
  },
  {
    name: "a policy from a file",
    plant: worker(set("aws_iam_role_policy", "worker", "policy", '${file("policy.json")}')),
  },
  {
    name: "a policy from a variable",
    plant: worker(set("aws_iam_role_policy", "worker", "policy", "${var.policy}")),
  },
  {
    name: "a policy by jsonencode",
    plant: worker(
      set(
        "aws_iam_role_policy",
        "worker",
        "policy",
        '${jsonencode({"Version" = "2012-10-17", "Statement" = [{"Effect" = "Allow", "Action" = ["logs:CreateLogStream", "logs:PutLogEvents"], "Resource" = "${aws_cloudwatch_log_group.worker.arn}:*"}, {"Effect" = "Allow", "Action" = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"], "Resource" = aws_sqs_queue.jobs.arn}, {"Effect" = "Allow", "Action" = "sqs:SendMessage", "Resource" = aws_sqs_queue.failed.arn}, {"Effect" = "Allow", "Action" = ["xray:PutTraceSegments"], "Resource" = "*"}]})}',
      ),
    ),
  },
  {
    name: "a document with other documents in it",
    plant: both(
      add("data.aws_iam_policy_document", "all", {
        source_policy_documents: ["${data.aws_iam_policy_document.worker.json}"],
      }),
      set("aws_iam_role_policy", "worker", "policy", "${data.aws_iam_policy_document.all.json}"),
    ),
  },
  {
    name: "a document with dynamic statements",
    plant: both(
      add("data.aws_iam_policy_document", "all", {
        dynamic: {
          statement: [{ for_each: "${var.grants}", content: [{ actions: "${statement.value.actions}" }] }],
        },
      }),
      set("aws_iam_role_policy", "worker", "policy", "${data.aws_iam_policy_document.all.json}"),
    ),
  },
  {
    name: "a policy in each instance of a for_each",
    plant: both(
      workerMay({ logs: undefined }),
      add("aws_iam_role_policy", "each", {
        for_each: "${var.grants}",
        name: "${each.key}",
        role: "${each.value.role}",
        policy: "${each.value.policy}",
      }),
    ),
  },
  {
    name: "a table that another account's role may read",
    plant: both(
      table(),
      add("aws_dynamodb_resource_policy", "orders", {
        resource_arn: tableArn,
        policy: document({
          Effect: "Allow",
          Principal: { AWS: "arn:aws:iam::999999999999:role/reader" },
          Action: "dynamodb:GetItem",
          Resource: tableArn,
        }),
      }),
    ),
  },
  {
    name: "a key for another account",
    plant: key("shared", {
      Effect: "Allow",
      Principal: { AWS: "999999999999" },
      Action: ["kms:Decrypt", "kms:DescribeKey"],
      Resource: "*",
    }),
  },
  { name: "a key that leaves everything to IAM", plant: key("plain") },
  {
    name: "a key with the default policy",
    plant: add("aws_kms_key", "plain", { enable_key_rotation: true }),
  },
  {
    name: "a role for two services",
    plant: both(
      set(
        "aws_iam_role",
        "worker",
        "assume_role_policy",
        document({
          ...trust("lambda.amazonaws.com"),
          Principal: { Service: ["lambda.amazonaws.com", "edgelambda.amazonaws.com"] },
        }),
      ),
    ),
  },
  {
    name: "a trust that is bound to one's own account",
    plant: set(
      "aws_iam_role",
      "worker",
      "assume_role_policy",
      document({
        ...trust("lambda.amazonaws.com"),
        Condition: { StringEquals: { "aws:SourceAccount": "${data.aws_caller_identity.me.account_id}" } },
      }),
    ),
  },
  {
    name: "a role with a path",
    plant: both(
      set("aws_iam_role", "worker", "path", "/shop/"),
      failedPolicy({
        Effect: "Allow",
        Principal: { AWS: roleArn("worker") },
        Action: "sqs:SendMessage",
        Resource: queueArn("failed"),
      }),
      workerMay({ deadLetters: undefined }),
    ),
  },
  {
    name: "ARNs with the Region and account of data sources",
    plant: workerMay({
      deadLetters: allow(
        "sqs:SendMessage",
        "arn:${data.aws_partition.p.partition}:sqs:${data.aws_region.here.name}:${data.aws_caller_identity.me.account_id}:jobs-failed",
      ),
    }),
  },
];
