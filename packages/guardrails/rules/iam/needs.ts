import { anyOf, type Ternary, unknown } from "../../../iam/unknown";
import { roleMay } from "../../access/decide";
import { regionOf } from "../../access/place";
import { arnOf } from "../../access/symbolic-text";
import { referencesIn, templateParts } from "../../expression";
import { each, type Rule } from "../../rule";
import { asRecord, type Resource } from "../../stack-view";

/** What a function can do with a resource whose name it is given. Any of these is enough. */
const uses: Readonly<Record<string, { readonly actions: readonly string[] }>> = {
  aws_cloudwatch_event_bus: { actions: ["events:PutEvents"] },
  aws_dynamodb_table: {
    actions: [
      "GetItem",
      "PutItem",
      "UpdateItem",
      "DeleteItem",
      "Query",
      "Scan",
      "BatchGetItem",
      "BatchWriteItem",
      "ConditionCheckItem",
      "DescribeTable",
      "PartiQLSelect",
      "PartiQLInsert",
    ].map((name) => `dynamodb:${name}`),
  },
  aws_kinesis_firehose_delivery_stream: { actions: ["firehose:PutRecord", "firehose:PutRecordBatch"] },
  aws_kinesis_stream: {
    actions: ["kinesis:PutRecord", "kinesis:PutRecords", "kinesis:GetRecords", "kinesis:DescribeStream"],
  },
  aws_sns_topic: { actions: ["sns:Publish", "sns:Subscribe", "sns:GetTopicAttributes"] },
  aws_sqs_queue: {
    actions: [
      "sqs:SendMessage",
      "sqs:ReceiveMessage",
      "sqs:DeleteMessage",
      "sqs:GetQueueAttributes",
      "sqs:ChangeMessageVisibility",
      "sqs:PurgeQueue",
      "sqs:StartMessageMoveTask",
    ],
  },
};

/** Attributes that are of use only to somebody who calls the resource. A domain name or a key can be for a link. */
const names = ["arn", "id", "name", "url"];

const items = [
  "dynamodb:GetItem",
  "dynamodb:Query",
  "dynamodb:PutItem",
  "dynamodb:UpdateItem",
  "dynamodb:DeleteItem",
];

export const needRules: readonly Rule[] = [
  {
    id: "lambda-variables-usable",
    group: "lambda",
    demands:
      "A function whose variables name a table, queue, topic, stream or bus of the stack has a role that may use it",
    why: "Otherwise the code's first call fails with AccessDenied.",
    fix: "Allow the role the actions that the code calls, or remove the variable.",
    mirrors: [],
    check: each("aws_lambda_function", (lambda) => {
      const role = lambda.follow("role", "aws_iam_role");
      const variables = asRecord(lambda.raw("environment.variables")) ?? {};
      if (!role) return undefined;
      return Object.entries(variables).flatMap(([name, value]) => {
        const used = namedIn(lambda, value);
        const may = used && mayUse(role, used);
        return may === false
          ? [`${name} is of ${used?.path}, but role ${role.path} is allowed nothing there`]
          : [];
      });
    }),
  },
  {
    id: "lambda-variables-key",
    group: "lambda",
    demands:
      "A function whose variables are encrypted with a key of the stack has a role that may decrypt them",
    why: "Otherwise the function does not start: KMSAccessDeniedException.",
    fix: "Allow kms:Decrypt on the key in the role's policy.",
    mirrors: [],
    check: each("aws_lambda_function", (lambda) => {
      const role = lambda.follow("role", "aws_iam_role");
      const key = lambda.follow("kms_key_arn", "aws_kms_key");
      if (!role || !key || !lambda.has("environment.variables")) return undefined;
      const keys = {
        "kms:ViaService": `lambda.${regionOf(lambda)}.amazonaws.com`,
        "kms:EncryptionContext:*": undefined,
        "kms:EncryptionContext:aws:lambda:FunctionArn": arnOf(lambda),
      };
      const may = roleMay(role, { action: "kms:Decrypt", resource: arnOf(key), target: key, keys });
      return may === false && `role ${role.path} is not allowed kms:Decrypt on ${key.path}`;
    }),
  },
  {
    id: "dynamodb-key-usable",
    group: "dynamodb",
    demands:
      "A role that may read or write the items of an encrypted table may use the table's key through DynamoDB",
    why: "Otherwise every call fails with AccessDenied, although the table itself is allowed.",
    fix: "Allow kms:Decrypt on the key in the role's policy, if kms:ViaService is dynamodb.<region>.amazonaws.com.",
    mirrors: [],
    check: ({ stack }) =>
      stack.all("aws_dynamodb_table").flatMap((table) => {
        const key = table.follow("server_side_encryption.kms_key_arn", "aws_kms_key");
        if (!key) return [];
        const keys = {
          "kms:ViaService": `dynamodb.${regionOf(table)}.amazonaws.com`,
          "kms:EncryptionContext:*": undefined,
          "kms:EncryptionContext:aws:dynamodb:subscriberId": unknown("account"),
          "kms:EncryptionContext:aws:dynamodb:tableName": table.text("name") ?? unknown("table"),
        };
        return stack.all("aws_iam_role").flatMap((role) => {
          const reads = anyOf(items.map((action) => roleMay(role, { action, resource: arnOf(table) })));
          const decrypts = roleMay(role, { action: "kms:Decrypt", resource: arnOf(key), target: key, keys });
          return reads && decrypts === false
            ? [{ resource: role, found: `it may use ${table.path}, but not kms:Decrypt with ${key.path}` }]
            : [];
        });
      }),
  },
];

/** The resource that a variable names by one attribute, and nothing else. */
function namedIn(lambda: Resource, value: unknown): Resource | undefined {
  const [only, ...others] = templateParts(`${value}`);
  if (!only || !("expression" in only) || others.length > 0) return undefined;
  const [reference] = referencesIn(only.expression);
  if (!reference || "local" in reference || !names.includes(reference.attribute ?? "")) return undefined;
  const block = lambda.stack.find(reference.address);
  return block && uses[block.type] ? block : undefined;
}

function mayUse(role: Resource, used: Resource): Ternary {
  const { actions } = uses[used.type] ?? { actions: [] };
  return anyOf(actions.map((action) => roleMay(role, { action, resource: arnOf(used), target: used })));
}
