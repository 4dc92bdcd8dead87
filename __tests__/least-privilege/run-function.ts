import { esbuildBundler } from "../../constructs/bundle";
import type { OperationId } from "../../lambda-src/api/operations";
import { type Call, requestOf } from "../lambda-src/api/api";
import { streamRecord } from "../lambda-src/stream/stream-record";
import { invokeBundle } from "../support/invoke-bundle";
import { type ConcreteStack, nameOf } from "./concrete-stack";
import { RecordingAws, type WireCall } from "./recording-aws";

const path = { id: "a", timestamp: "1" };
const data = { n: 1 };
const keyed = {
  headers: { "Idempotency-Key": "once", "Content-Type": "application/json" },
  body: { id: "b", data },
};
const json = { "Content-Type": "application/json" };

/** Requests that make each operation perform all of its calls, in this order. */
const requests: Readonly<Record<OperationId, readonly Call[]>> = {
  createItem: [
    { headers: json, body: { id: "a", timestamp: 5, data } },
    { headers: json, body: { id: "a", data } },
    keyed,
    keyed,
  ],
  putItem: [
    { path, headers: json, body: { data } },
    { path, headers: { ...json, "If-Match": "*" }, body: { data } },
  ],
  getItem: [{ path }],
  listItems: [{ path: { id: "a" } }],
  deleteItem: [{ path, headers: { "If-Match": "*" } }],
  getHealth: [{}],
};

/** The entry point of each function, and events that exercise everything it does. */
export const functions = {
  "api-function": {
    entry: "lambda-src/api/index.ts",
    events: (Object.keys(requests) as OperationId[]).flatMap((id) =>
      requests[id].map((call) => requestOf(id, call)),
    ),
    succeeded: ({ statusCode }: { readonly statusCode: number }) => statusCode < 300,
  },
  "stream-function": {
    entry: "lambda-src/stream/index.ts",
    events: [
      {
        Records: (["INSERT", "MODIFY", "REMOVE"] as const).map((eventName, index) =>
          streamRecord(index + 1, { eventName }),
        ),
      },
    ],
    succeeded: ({ batchItemFailures }: { readonly batchItemFailures: readonly unknown[] }) =>
      batchItemFailures.length === 0,
  },
} as const;

export type FunctionId = keyof typeof functions;

/**
 * Runs a function's real bundle with the variables that a stack gives it.
 * @returns every call that it made. @throws Error if an event was not processed successfully
 */
export async function callsOf(id: FunctionId, stack: ConcreteStack): Promise<readonly WireCall[]> {
  const { entry, events, succeeded } = functions[id];
  const lambda = stack.at("aws_lambda_function", `${id}/function`);
  const variables = Object.entries(lambda.raw("environment.variables") as Readonly<Record<string, unknown>>);
  const aws = await RecordingAws.start();
  try {
    const { answers } = await invokeBundle(esbuildBundler(entry), events, {
      ...Object.fromEntries(variables.map(([name, value]) => [name, stack.text(value)])),
      AWS_LAMBDA_FUNCTION_NAME: nameOf(lambda),
      AWS_EXECUTION_ENV: "AWS_Lambda_nodejs22.x",
      AWS_REGION: stack.region,
      AWS_ENDPOINT_URL: aws.endpoint,
      AWS_ACCESS_KEY_ID: "test",
      AWS_SECRET_ACCESS_KEY: "test",
    });
    const failed = answers.filter((answer) => !succeeded(answer as never));
    if (failed.length > 0) throw new Error(`${id} did not process every event: ${JSON.stringify(failed)}`);
    return aws.calls;
  } finally {
    await aws.stop();
  }
}
