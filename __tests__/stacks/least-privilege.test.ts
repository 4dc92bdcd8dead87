import { readFileSync } from "node:fs";
import { buildSync } from "esbuild";
import { esbuildOptions } from "../../constructs/bundle";
import { environments } from "../../stacks/environments";
import { streamRecord } from "../lambda-src/stream/stream-record";
import { apiEvent, postEvent } from "../support/api-event";
import type { Block } from "../support/block";
import { type RecordedCall, recordedCalls } from "../support/recorded-calls";
import { serviceStack } from "../support/service-stacks";
import type { SynthesizedStack } from "../support/synthesized-stack";

/** One thing that a role may do, and to what: as a line, so that two lists of them can be compared. */
type Right = string;

const right = (action: string, resource: string, condition: object = {}): Right =>
  `${action} on ${resource}${Object.keys(condition).length > 0 ? ` if ${JSON.stringify(condition)}` : ""}`;

interface TracedCall {
  readonly action: string;
  /** Table or bus, by the name that the call gave. */
  readonly name: unknown;
}

/** What a call needs; a transaction needs what each of its parts does (DynamoDB's guide, "IAM policies" of transactions). */
function needs({ operation, input }: RecordedCall): readonly TracedCall[] {
  if (operation === "PutEvents") {
    const entries = input.Entries as readonly { readonly EventBusName: string }[];
    return entries.map(({ EventBusName }) => ({ action: "events:PutEvents", name: EventBusName }));
  }
  if (operation === "TransactWriteItems") {
    const parts = input.TransactItems as readonly Readonly<Record<string, { readonly TableName: string }>>[];
    return parts.flatMap((part) =>
      Object.entries(part).map(([kind, { TableName }]) => ({
        action: `dynamodb:${kind}Item`,
        name: TableName,
      })),
    );
  }
  return [{ action: `dynamodb:${operation}`, name: input.TableName }];
}

const key = { pathParameters: { id: "a", timestamp: "5" }, resource: "/items/{id}/{timestamp}" };
const json = { "Content-Type": "application/json" };
const idempotent = { headers: { ...json, "Idempotency-Key": "k" } };

/** Requests to every operation, such that each call that its code can make is made. */
const requests = [
  postEvent({ id: "a", timestamp: 5, data: {} }),
  postEvent({ id: "a", data: {} }),
  postEvent({ id: "b", data: {} }, idempotent),
  postEvent({ id: "b", data: {} }, idempotent),
  apiEvent(),
  apiEvent(key),
  apiEvent({ ...key, httpMethod: "PUT", headers: { ...json, "If-Match": "*" }, body: '{"data":{}}' }),
  apiEvent({ ...key, httpMethod: "DELETE", headers: { "If-Match": "*" } }),
  apiEvent({ resource: "/health", path: "/health", pathParameters: null }),
];

const functions = [
  { id: "api-function", entry: "lambda-src/api/index.ts", events: requests, readsStream: false },
  {
    id: "stream-function",
    entry: "lambda-src/stream/index.ts",
    events: [{ Records: [streamRecord(1)] }],
    readsStream: true,
  },
] as const;

type Role = (typeof functions)[number];

/** Set for the functions under test to what they are called, so that a call tells which variable named its resource. */
const variables = { TABLE_NAME: "by-TABLE_NAME", EVENT_BUS_NAME: "by-EVENT_BUS_NAME" } as const;
const others = { ENVIRONMENT: "test", POWERTOOLS_SERVICE_NAME: "test", POWERTOOLS_METRICS_NAMESPACE: "Test" };

/** What the code needs, by the resource that the variable it reads refers to in the stack. */
function neededByCode(
  stack: SynthesizedStack,
  { id }: Role,
  calls: readonly RecordedCall[],
): readonly Right[] {
  const { environment } = stack.at("aws_lambda_function", `${id}/function`).attributes as {
    readonly environment: { readonly variables: Readonly<Record<string, string>> };
  };
  return calls.flatMap(needs).map(({ action, name }) => {
    const variable = Object.entries(variables).find(([, value]) => value === name)?.[0] ?? `nothing: ${name}`;
    return right(action, `${environment.variables[variable]}`.replace(/\.name\}$/, ".arn}"));
  });
}

/** What Lambda itself does by a function's role, each as AWS's documentation of it says. */
function neededByLambda(stack: SynthesizedStack, { id, readsStream }: Role): readonly Right[] {
  const logGroup = stack.at("aws_cloudwatch_log_group", `${id}/log-group/group`).ref("arn");
  const queue = stack.only("aws_sqs_queue").ref("arn");
  const table = stack.only("aws_dynamodb_table").ref("arn");
  return [
    // AWS managed policy AWSLambdaBasicExecutionRole, less CreateLogGroup: the group is there.
    right("logs:CreateLogStream", `${logGroup}:*`),
    right("logs:PutLogEvents", `${logGroup}:*`),
    // Lambda's guide, "Visualize Lambda function invocations using AWS X-Ray"; X-Ray knows no resources.
    right("xray:PutTelemetryRecords", "*"),
    right("xray:PutTraceSegments", "*"),
    // Its guide to dead-letter queues; GetQueueAttributes is asked for by the owner, to see the queue.
    right("sqs:SendMessage", queue),
    right("sqs:GetQueueAttributes", queue),
    // AWS managed policy AWSLambdaDynamoDBExecutionRole.
    ...(readsStream ? ["DescribeStream", "GetRecords", "GetShardIterator", "ListStreams"] : []).map(
      (action) => right(`dynamodb:${action}`, `${table}/stream/*`),
    ),
  ];
}

/** By a customer's key: the queue's messages, the function's own variables, and the table's rows. */
function neededForKey(stack: SynthesizedStack, { id }: Role): readonly Right[] {
  const encryptionKey = stack.only("aws_kms_key").ref("arn");
  const equals = (condition: object) => ({ StringEquals: condition });
  const toQueue = equals({ "kms:ViaService": "sqs.<region>.amazonaws.com" });
  const name = stack.at("aws_lambda_function", `${id}/function`).text("function_name");
  return [
    right("kms:GenerateDataKey", encryptionKey, toQueue),
    right("kms:Decrypt", encryptionKey, toQueue),
    right(
      "kms:Decrypt",
      encryptionKey,
      equals({
        "kms:EncryptionContext:aws:lambda:FunctionArn": `arn:aws:lambda:<region>:<account>:function:${name}`,
      }),
    ),
    right(
      "kms:Decrypt",
      encryptionKey,
      equals({
        "kms:ViaService": "dynamodb.<region>.amazonaws.com",
        "kms:EncryptionContext:aws:dynamodb:tableName": stack.only("aws_dynamodb_table").ref("name"),
      }),
    ),
  ];
}

function rightsOf(policy: Block): readonly Right[] {
  const text = policy
    .text("policy")
    // A key's ARN waits for its policy, and is still that key's ARN.
    .replaceAll(/\$\{replace\((aws_kms_key\.[\w-]+\.arn), [^)]*\)\}/g, "${$1}")
    .replaceAll(/\$\{local\.[\w-]*region[\w-]*\}/g, "<region>")
    .replaceAll(/\$\{local\.[\w-]*account-id[\w-]*\}/g, "<account>");
  const { Statement }: { readonly Statement: readonly StatementJson[] } = JSON.parse(text);
  return Statement.flatMap(({ Action, Resource, Condition }) =>
    [Action]
      .flat()
      .flatMap((action) => [Resource].flat().map((resource) => right(action, resource, Condition))),
  );
}

interface StatementJson {
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: object;
}

/** The calls in the sources that are bundled from an entry. */
function callsInSources(entry: string): readonly string[] {
  const { metafile } = buildSync({ ...esbuildOptions(entry), metafile: true, write: false });
  const sources = Object.keys(metafile?.inputs ?? {}).filter((file) => file.startsWith("lambda-src/"));
  const texts = sources.map((file) => readFileSync(file, "utf8"));
  return unique(
    texts.flatMap((text) => [...text.matchAll(/new (\w+)Command\(/g)].map(([, call = ""]) => call)),
  );
}

function unique(lines: readonly string[]): readonly string[] {
  return [...new Set(lines)].sort();
}

describe.each(functions)("the role of $id", (role) => {
  let calls: readonly RecordedCall[];

  beforeAll(async () => {
    calls = await recordedCalls(role.entry, role.events, { ...variables, ...others });
  });

  it("is held to every call that there is in the code", () => {
    expect(unique(calls.map(({ operation }) => operation))).toEqual(callsInSources(role.entry));
  });

  it.each(environments)(
    "allows in $name what the code was seen to do to each resource, what Lambda does for it, and nothing else",
    (environment) => {
      const stack = serviceStack(environment.name);
      const policies = stack
        .resources("aws_iam_role_policy")
        .filter(({ path }) => path.includes(`/${role.id}/`));

      const needed = [
        ...neededByCode(stack, role, calls),
        ...neededByLambda(stack, role),
        ...(environment.customerKey ? neededForKey(stack, role) : []),
      ];

      expect(policies).toHaveLength(1);
      expect(stack.resources("aws_iam_role_policy_attachment")).toEqual([]);
      expect(unique(policies.flatMap(rightsOf))).toEqual(unique(needed));
    },
  );
});
