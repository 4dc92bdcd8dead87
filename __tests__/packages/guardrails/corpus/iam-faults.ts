import { add, both, set } from "../edit";
import {
  allow,
  bucket,
  deny,
  document,
  type Faulty,
  grants,
  key,
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

const worker = "aws_lambda_function.worker";
const policy = "aws_iam_role_policy.worker";
const lambdaService = trust("lambda.amazonaws.com");
const group = "${aws_cloudwatch_log_group.worker.arn}";
const letters = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZ"];

/** What the role cannot do although a policy seems to allow it. */
const denied: readonly Faulty[] = [
  [
    "dead letters denied by a second policy",
    secondPolicy(deny("sqs:Send*", "*")),
    "lambda-dead-letter-permission",
  ],
  [
    "everything but the table denied, by NotResource",
    secondPolicy({ Effect: "Deny", Action: "*", NotResource: ["arn:aws:dynamodb:*:*:table/orders"] }),
    "lambda-logs-permission",
  ],
  [
    "everything but the table denied, with traces",
    secondPolicy({ Effect: "Deny", Action: "*", NotResource: ["arn:aws:dynamodb:*:*:table/orders"] }),
    "lambda-tracing-permission",
  ],
  [
    "everything but DynamoDB denied, by NotAction",
    secondPolicy({ Effect: "Deny", NotAction: "dynamodb:*", Resource: "*" }),
    "lambda-logs-permission",
  ],
  [
    "logs in another Region only",
    workerMay({
      logs: { ...grants.logs, Condition: { StringEquals: { "aws:RequestedRegion": "us-east-1" } } },
    }),
    "lambda-logs-permission",
  ],
  [
    "logs until 2020",
    workerMay({
      logs: { ...grants.logs, Condition: { DateLessThan: { "aws:CurrentTime": "2020-01-01T00:00:00Z" } } },
    }),
    "lambda-logs-permission",
  ],
  [
    "logs for a team that the role is not tagged with",
    workerMay({
      logs: { ...grants.logs, Condition: { StringEquals: { "aws:PrincipalTag/team": ["orders"] } } },
    }),
    "lambda-logs-permission",
  ],
  [
    "logs for another role",
    workerMay({
      logs: {
        ...grants.logs,
        Condition: { ArnEquals: { "aws:PrincipalArn": "arn:aws:iam::123456789012:role/another" } },
      },
    }),
    "lambda-logs-permission",
  ],
  [
    "the group without its streams",
    workerMay({ logs: { ...grants.logs, Resource: group } }),
    "lambda-logs-permission",
  ],
  [
    "the group with a slash",
    workerMay({ logs: { ...grants.logs, Resource: `${group}/*` } }),
    "lambda-logs-permission",
  ],
  [
    "a boundary without logs",
    both(
      add("aws_iam_policy", "boundary", {
        name: "boundary",
        policy: document(allow("s3:GetObject", "arn:aws:s3:::reports/*")),
      }),
      set("aws_iam_role", "worker", "permissions_boundary", "${aws_iam_policy.boundary.arn}"),
    ),
    "lambda-logs-permission",
  ],
  [
    "a boundary that denies dead letters",
    both(
      add("aws_iam_policy", "boundary", {
        name: "boundary",
        policy: document(
          allow(
            [
              "logs:PutLogEvents",
              "logs:CreateLogStream",
              "xray:PutTraceSegments",
              "sqs:SendMessage",
              "sqs:ReceiveMessage",
            ],
            "*",
          ),
          deny("sqs:*", "*"),
        ),
      }),
      set("aws_iam_role", "worker", "permissions_boundary", "${aws_iam_policy.boundary.arn}"),
    ),
    "lambda-dead-letter-permission",
  ],
].map(([name, plant, rule]) => ({ name, plant, at: worker, rules: [rule] }) as Faulty);

/** Each is planted as a grant of the worker's role. */
const wide: readonly Faulty[] = (
  [
    [
      "dynamodb:?*",
      "iam-no-wildcard-action",
      allow("dynamodb:?*", "arn:aws:dynamodb:eu-west-1:123456789012:table/orders"),
    ],
    [
      "dynamodb:**",
      "iam-no-wildcard-action",
      allow("dynamodb:**", "arn:aws:dynamodb:eu-west-1:123456789012:table/orders"),
    ],
    [
      "Dynamodb:*",
      "iam-no-wildcard-action",
      allow("Dynamodb:*", "arn:aws:dynamodb:eu-west-1:123456789012:table/orders"),
    ],
    [
      "26 letters",
      "iam-no-wildcard-action",
      allow(
        letters.map((letter) => `dynamodb:${letter}*`),
        "arn:aws:dynamodb:eu-west-1:123456789012:table/orders",
      ),
    ],
    ["*:*", "iam-no-wildcard-action", allow("*:*", "arn:aws:dynamodb:eu-west-1:123456789012:table/orders")],
    [
      "d*:*",
      "iam-no-wildcard-action",
      allow("dynamo*:*", "arn:aws:dynamodb:eu-west-1:123456789012:table/orders"),
    ],
    ["all of DynamoDB", "iam-no-wildcard-resource", allow("dynamodb:GetItem", "arn:aws:dynamodb:*:*:*")],
    [
      "all tables in any partition",
      "iam-no-wildcard-resource",
      allow("dynamodb:GetItem", "arn:*:dynamodb:*:*:table/*"),
    ],
    [
      "all tables of the account",
      "iam-no-wildcard-resource",
      allow(
        "dynamodb:GetItem",
        "arn:aws:dynamodb:eu-west-1:${data.aws_caller_identity.me.account_id}:table/*",
      ),
    ],
    ["one that is all, of two", "iam-no-wildcard-resource", allow("dynamodb:GetItem", ["*a*", "*"])],
    ["two asterisks", "iam-no-wildcard-resource", allow("dynamodb:GetItem", "**")],
    [
      "all queues of a Region",
      "iam-no-wildcard-resource",
      allow("sqs:SendMessage", "arn:aws:sqs:eu-west-1:123456789012:*"),
    ],
    ["all objects of all buckets", "iam-no-wildcard-resource", allow("s3:GetObject", "arn:aws:s3:::*/*")],
    [
      "PassRole of any role to any service",
      "iam-no-wildcard-resource",
      allow("iam:PassRole", "*", { Condition: { StringLike: { "iam:PassedToService": "*" } } }),
    ],
    [
      "PassRole of any role to one service",
      "iam-no-wildcard-resource",
      allow("iam:PassRole", "*", {
        Condition: { StringEquals: { "iam:PassedToService": "lambda.amazonaws.com" } },
      }),
    ],
    [
      "every role of every account",
      "iam-no-wildcard-resource",
      allow("sts:AssumeRole", "arn:aws:iam::*:role/*"),
    ],
    [
      "everything in one's own Region",
      "iam-no-wildcard-resource",
      allow("dynamodb:GetItem", "*", { Condition: { StringEquals: { "aws:RequestedRegion": "eu-west-1" } } }),
    ],
    [
      "a condition that any value fulfils",
      "iam-no-wildcard-resource",
      allow("ses:SendEmail", "*", { Condition: { StringLike: { "ses:FromAddress": "*" } } }),
    ],
    [
      "a condition that a missing key fulfils",
      "iam-no-wildcard-resource",
      allow("ses:SendEmail", "*", {
        Condition: { StringEqualsIfExists: { "ses:FromAddress": "a@example.com" } },
      }),
    ],
  ] as const
).map(([name, rule, statement]) => ({
  name: `a grant of too much: ${name}`,
  plant: workerMay({}, statement),
  at: policy,
  rules: [rule],
}));

const administrator = "arn:aws:iam::aws:policy/AdministratorAccess";

/** Policies of a role that are not resources of their own. */
const inside: readonly Faulty[] = [
  {
    name: "everything in an inline policy of the role",
    plant: both(
      role("sender", "lambda.amazonaws.com"),
      set("aws_iam_role", "sender", "inline_policy", [{ name: "x", policy: document(allow("*", "*")) }]),
    ),
    at: "aws_iam_role.sender",
    rules: ["iam-no-wildcard-action"],
  },
  {
    name: "an administrator in managed_policy_arns",
    plant: both(
      role("sender", "lambda.amazonaws.com"),
      set("aws_iam_role", "sender", "managed_policy_arns", [administrator]),
    ),
    at: "aws_iam_role.sender",
    rules: ["iam-no-broad-managed-policy"],
  },
  {
    name: "an administrator of any partition",
    plant: both(
      role("sender", "lambda.amazonaws.com"),
      set("aws_iam_role", "sender", "managed_policy_arns", [
        "arn:${data.aws_partition.p.partition}:iam::aws:policy/AdministratorAccess",
      ]),
    ),
    at: "aws_iam_role.sender",
    rules: ["iam-no-broad-managed-policy"],
  },
  {
    name: "a whole service in an exclusive list",
    plant: both(
      role("sender", "lambda.amazonaws.com"),
      add("aws_iam_role_policy_attachments_exclusive", "all", {
        role_name: "${aws_iam_role.sender.name}",
        policy_arns: ["arn:aws:iam::aws:policy/AmazonDynamoDBFullAccess"],
      }),
    ),
    at: "aws_iam_role_policy_attachments_exclusive.all",
    rules: ["iam-no-broad-managed-policy"],
  },
  {
    name: "an exclusive list without the role's policy",
    plant: add("aws_iam_role_policies_exclusive", "e", {
      role_name: "${aws_iam_role.worker.name}",
      policy_names: ["other"],
    }),
    at: "aws_iam_role_policies_exclusive.e",
    rules: ["iam-exclusive-lists-all"],
  },
  {
    name: "inline policies of the role beside a separate one",
    plant: set("aws_iam_role", "worker", "inline_policy", [
      { name: "x", policy: document(allow("s3:GetObject", "arn:aws:s3:::reports/*")) },
    ]),
    at: "aws_iam_role.worker",
    rules: ["iam-exclusive-lists-all"],
  },
  {
    name: "no managed policies beside an attachment",
    plant: both(
      set("aws_iam_role", "worker", "managed_policy_arns", []),
      add("aws_iam_role_policy_attachment", "a", {
        role: "${aws_iam_role.worker.name}",
        policy_arn: "arn:aws:iam::aws:policy/AWSXRayDaemonWriteAccess",
      }),
    ),
    at: "aws_iam_role.worker",
    rules: ["iam-exclusive-lists-all"],
  },
  {
    name: "a policy that is attached to other roles exclusively",
    plant: both(
      role("a", "lambda.amazonaws.com"),
      role("b", "lambda.amazonaws.com"),
      add("aws_iam_policy_attachment", "shared", {
        name: "shared",
        policy_arn: "arn:aws:iam::123456789012:policy/p",
        roles: ["${aws_iam_role.a.name}"],
      }),
      add("aws_iam_role_policy_attachment", "b", {
        role: "${aws_iam_role.b.name}",
        policy_arn: "arn:aws:iam::123456789012:policy/p",
      }),
    ),
    at: "aws_iam_policy_attachment.shared",
    rules: ["iam-exclusive-lists-all"],
  },
];

const mapping = (source: string) =>
  add("aws_lambda_event_source_mapping", "stream", {
    event_source_arn: source,
    function_name: "${aws_lambda_function.worker.arn}",
    batch_size: 1,
    starting_position: "TRIM_HORIZON",
    maximum_retry_attempts: 2,
    maximum_record_age_in_seconds: 3600,
    destination_config: { on_failure: { destination_arn: queueArn("failed") } },
  });
const reads = (Resource: string) =>
  allow(
    ["dynamodb:GetRecords", "dynamodb:GetShardIterator", "dynamodb:DescribeStream", "dynamodb:ListStreams"],
    Resource,
  );

/** Parts of a table. */
const tables: readonly Faulty[] = [
  ...[tableArn, `${tableArn}/stream`, "arn:aws:dynamodb:eu-west-1:123456789012:table/others/stream/*"].map(
    (Resource) => ({
      name: `a stream that is read through ${Resource}`,
      plant: both(
        table(),
        mapping("${aws_dynamodb_table.orders.stream_arn}"),
        workerMay({}, reads(Resource)),
      ),
      at: "aws_lambda_event_source_mapping.stream",
      rules: ["lambda-mapping-permission"],
    }),
  ),
  {
    name: "an index that does not exist",
    plant: both(table(), workerMay({}, allow("dynamodb:Query", `${tableArn}/index/by-ownr`))),
    at: policy,
    rules: ["iam-index-exists"],
  },
  {
    name: "all indexes of a table without one",
    plant: both(
      table({ global_secondary_index: undefined, attribute: [{ name: "id", type: "S" }] }),
      workerMay({}, allow("dynamodb:Query", `${tableArn}/index/*`)),
    ),
    at: policy,
    rules: ["iam-index-exists"],
  },
  {
    name: "GetItem on an index",
    plant: both(table(), workerMay({}, allow("dynamodb:GetItem", `${tableArn}/index/by-owner`))),
    at: policy,
    rules: ["iam-resource-type"],
  },
];

/** Trust that does not let Lambda assume the role. */
const trusted: readonly Faulty[] = (
  [
    ["is denied", document(lambdaService, { ...lambdaService, Effect: "Deny" })],
    ["is by web identity", document({ ...lambdaService, Action: "sts:AssumeRoleWithWebIdentity" })],
    ["is of China's service", document(trust("lambda.amazonaws.com.cn"))],
    [
      "names the service as an account",
      document({ ...lambdaService, Principal: { AWS: "lambda.amazonaws.com" } }),
    ],
    ["is of another service", document(trust("edgelambda.amazonaws.com"))],
  ] as const
).map(([name, assume]) => ({
  name: `a trust that ${name}`,
  plant: set("aws_iam_role", "worker", "assume_role_policy", assume),
  at: worker,
  rules: ["iam-trust-service"],
}));

const everyone = (Condition?: object) => ({
  Effect: "Allow",
  Principal: "*",
  Action: "sqs:SendMessage",
  Resource: queueArn("failed"),
  ...(Condition && { Condition }),
});
const withPublic = (statement: object) =>
  set("aws_sqs_queue_policy", "failed", "policy", document(tls("sqs:*", queueArn("failed")), statement));

/** Conditions that everybody can fulfil. */
const open: readonly Faulty[] = (
  [
    [
      "organization, if there is one",
      { "ForAllValues:StringEquals": { "aws:PrincipalOrgID": "o-abc1234567" } },
    ],
    ["endpoint, if there is one", { StringEqualsIfExists: { "aws:SourceVpce": "vpce-1" } }],
    ["any principal", { Null: { "aws:PrincipalArn": "false" } }],
    ["any principal by a pattern", { StringLike: { "aws:PrincipalArn": "*" } }],
    ["all but one account", { StringNotEquals: { "aws:PrincipalAccount": "111111111111" } }],
    ["all addresses", { IpAddress: { "aws:SourceIp": "0.0.0.0/0" } }],
    ["all addresses in halves", { IpAddress: { "aws:SourceIp": ["0.0.0.0/1", "128.0.0.0/1"] } }],
    ["anybody's topics", { ArnLike: { "aws:SourceArn": "arn:aws:sns:*:*:*" } }],
    ["a tag that anybody can have", { StringEquals: { "aws:PrincipalTag/team": "orders" } }],
    ["a referer", { StringLike: { "aws:Referer": "https://example.com/*" } }],
    ["TLS", { Bool: { "aws:SecureTransport": "true" } }],
    ["a role of any account", { ArnLike: { "aws:PrincipalArn": "arn:aws:iam::*:role/worker" } }],
  ] as const
).map(([name, condition]) => ({
  name: `a queue for everybody with a condition on ${name}`,
  plant: withPublic(everyone(condition)),
  at: "aws_sqs_queue_policy.failed",
  rules: ["iam-not-public"],
}));

/** Conditions that never hold. */
const values: readonly Faulty[] = [
  {
    name: "a pattern in StringEquals",
    plant: withPublic({
      ...everyone({ StringEquals: { "aws:SourceArn": "arn:aws:sns:eu-west-1:*:orders" } }),
      Principal: { Service: "sns.amazonaws.com" },
    }),
    at: "aws_sqs_queue_policy.failed",
    rules: ["iam-condition-value"],
  },
  {
    name: "a prefix in StringEquals",
    plant: workerMay(
      {},
      allow("s3:ListBucket", "arn:aws:s3:::reports", {
        Condition: { StringEquals: { "s3:prefix": "logs/*" } },
      }),
    ),
    at: policy,
    rules: ["iam-condition-value"],
  },
  {
    name: "true with a space",
    plant: workerMay(
      {},
      allow("s3:ListBucket", "arn:aws:s3:::reports", {
        Condition: { Bool: { "aws:SecureTransport": "True " } },
      }),
    ),
    at: policy,
    rules: ["iam-condition-value"],
  },
  {
    name: "a number for a text",
    plant: workerMay(
      {},
      allow("s3:ListBucket", "arn:aws:s3:::reports", {
        Condition: { NumericEquals: { "aws:PrincipalAccount": "123456789012" } },
      }),
    ),
    at: policy,
    rules: ["iam-condition-value"],
  },
  {
    name: "an address that is none",
    plant: workerMay(
      {},
      allow("s3:ListBucket", "arn:aws:s3:::reports", {
        Condition: { IpAddress: { "aws:SourceIp": "10.0.0.0/33" } },
      }),
    ),
    at: policy,
    rules: ["iam-condition-value"],
  },
];

const others: readonly Faulty[] = [
  {
    name: "a role for everybody who knows an external id",
    plant: role("partner", {
      Effect: "Allow",
      Principal: { AWS: "*" },
      Action: "sts:AssumeRole",
      Condition: { StringEquals: { "sts:ExternalId": "123456789012" } },
    }),
    at: "aws_iam_role.partner",
    rules: ["iam-not-public"],
  },
  {
    name: "a role that can change its own policy",
    plant: workerMay({}, allow("iam:PutRolePolicy", roleArn("worker"))),
    at: "aws_iam_role.worker",
    rules: ["iam-no-self-escalation"],
  },
  {
    name: "a key whose root user is denied",
    plant: key("locked", {
      Effect: "Deny",
      Principal: "*",
      Action: "kms:*",
      Resource: "*",
      Condition: { StringNotEquals: { "aws:PrincipalArn": "arn:aws:iam::123456789012:role/deployer" } },
    }),
    at: "aws_kms_key.locked",
    rules: ["kms-policy-admits-account"],
  },
  {
    name: "a bucket that a service can write to for anybody, by a wildcard",
    plant: bucket("logs", [
      {
        Effect: "Allow",
        Principal: { Service: "delivery.logs.amazonaws.com" },
        Action: "s3:PutObject",
        Resource: "${aws_s3_bucket.logs.arn}/*",
        Condition: { ArnLike: { "aws:SourceArn": "arn:aws:logs:*:*:*" } },
      },
    ]),
    at: "aws_s3_bucket_policy.logs",
    rules: ["iam-service-source"],
  },
  {
    name: "a topic that a service can use for anybody, if there is no source",
    plant: set(
      "aws_sns_topic_policy",
      "alarms",
      "policy",
      document(tls("sns:Publish", topicArn("alarms")), {
        Effect: "Allow",
        Principal: { Service: "cloudwatch.amazonaws.com" },
        Action: "sns:Publish",
        Resource: topicArn("alarms"),
        Condition: { StringEqualsIfExists: { "aws:SourceAccount": "123456789012" } },
      }),
    ),
    at: "aws_sns_topic_policy.alarms",
    rules: ["iam-service-source"],
  },
  {
    name: "TLS that is demanded of one account only",
    plant: set(
      "aws_sqs_queue_policy",
      "jobs",
      "policy",
      document({
        Effect: "Deny",
        Principal: "*",
        Action: "sqs:*",
        Resource: queueArn("jobs"),
        Condition: {
          Bool: { "aws:SecureTransport": "false" },
          StringEquals: { "aws:PrincipalAccount": "999999999999" },
          ArnLike: { "aws:PrincipalArn": "arn:aws:iam::*:role/other" },
        },
      }),
    ),
    at: "aws_sqs_queue.jobs",
    rules: ["sqs-tls-only"],
  },
  {
    name: "a resource policy for every action of SQS, by other patterns",
    plant: withPublic({
      Effect: "Allow",
      Principal: { AWS: "arn:aws:iam::123456789012:role/operator" },
      Action: "sqs:?*",
      Resource: queueArn("failed"),
    }),
    at: "aws_sqs_queue_policy.failed",
    rules: ["iam-no-wildcard-grant"],
  },
];

export const iamFaults: readonly Faulty[] = [
  ...denied,
  ...wide,
  ...inside,
  ...tables,
  ...trusted,
  ...open,
  ...values,
  ...others,
];
