import { readFileSync } from "node:fs";
import { buildSync } from "esbuild";
import { esbuildOptions } from "../../constructs/bundle";
import { environments } from "../../stacks/environments";
import type { Block } from "../support/block";
import { serviceStack } from "../support/service-stacks";

/** What a call of the SDK needs; a transaction needs what each of its parts does ("IAM policies" of transactions). */
const actionsOfCalls: Readonly<Record<string, readonly string[]>> = {
  DeleteItem: ["dynamodb:DeleteItem"],
  GetItem: ["dynamodb:GetItem"],
  PutEvents: ["events:PutEvents"],
  PutItem: ["dynamodb:PutItem"],
  Query: ["dynamodb:Query"],
  TransactWriteItems: ["dynamodb:PutItem"],
};

/** What Lambda itself does by a function's role, each as AWS's documentation of it says. */
const doneByLambda = {
  /** AWS managed policy AWSLambdaBasicExecutionRole, less CreateLogGroup: the group is there. */
  logs: ["logs:CreateLogStream", "logs:PutLogEvents"],
  /** Lambda's developer guide, "Visualize Lambda function invocations using AWS X-Ray". */
  tracing: ["xray:PutTelemetryRecords", "xray:PutTraceSegments"],
  /** Its guide to dead-letter queues; GetQueueAttributes is asked for by the owner, to see the queue. */
  deadLetters: ["sqs:GetQueueAttributes", "sqs:SendMessage"],
  /** AWS managed policy AWSLambdaDynamoDBExecutionRole. */
  stream: [
    "dynamodb:DescribeStream",
    "dynamodb:GetRecords",
    "dynamodb:GetShardIterator",
    "dynamodb:ListStreams",
  ],
} as const;

/** By a customer's key: variables are decrypted, the table's key is, and messages to the queue are encrypted. */
const byCustomerKey = ["kms:Decrypt", "kms:GenerateDataKey"];

const { logs, tracing, deadLetters, stream } = doneByLambda;

const functions = [
  { id: "api-function", entry: "lambda-src/api/index.ts", byLambda: [...logs, ...tracing, ...deadLetters] },
  {
    id: "stream-function",
    entry: "lambda-src/stream/index.ts",
    byLambda: [...logs, ...tracing, ...deadLetters, ...stream],
  },
] as const;

/** The calls in the sources that are bundled from an entry. */
function callsOf(entry: string): readonly string[] {
  const { metafile } = buildSync({ ...esbuildOptions(entry), metafile: true, write: false });
  const sources = Object.keys(metafile?.inputs ?? {}).filter((file) => file.startsWith("lambda-src/"));
  const texts = sources.map((file) => readFileSync(file, "utf8"));
  return [
    ...new Set(
      texts.flatMap((text) => [...text.matchAll(/new (\w+)Command\(/g)].map(([, call = ""]) => call)),
    ),
  ];
}

function actionsOf(policy: Block): readonly string[] {
  const { Statement: statements } = policy.parsed("policy") as {
    readonly Statement: readonly { readonly Action: string | readonly string[] }[];
  };
  return [...new Set(statements.flatMap(({ Action }) => Action))].sort();
}

describe.each(functions)("the role of $id", ({ id, entry, byLambda }) => {
  const calls = callsOf(entry);

  it("is read from code that calls AWS", () => {
    expect(calls).not.toEqual([]);
    expect(calls.filter((call) => !actionsOfCalls[call])).toEqual([]);
  });

  it.each(environments)(
    "allows in $name what the code calls and what Lambda does for it, and nothing else",
    (environment) => {
      const policy = serviceStack(environment.name).at("aws_iam_role_policy", `${id}/role-policy`);

      const needed = [
        ...calls.flatMap((call) => actionsOfCalls[call] ?? []),
        ...byLambda,
        ...(environment.customerKey ? byCustomerKey : []),
      ];

      expect(actionsOf(policy)).toEqual([...new Set(needed)].sort());
    },
  );
});
