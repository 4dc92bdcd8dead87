import {
  GetFunctionConfigurationCommand,
  type GetFunctionConfigurationCommandInput,
  InvokeCommand,
} from "@aws-sdk/client-lambda";
import { PublishCommand } from "@aws-sdk/client-sns";
import { GetQueueUrlCommand, SendMessageCommand } from "@aws-sdk/client-sqs";
import { type Answer, headerOf } from "../gap";
import type { AwsClients } from "./aws-clients";

/** How an asynchronous invocation ended. */
export interface InvocationResult {
  readonly condition: "Success" | "RetriesExhausted" | "EventAgeExceeded" | "ZeroReservedConcurrency";
  readonly requestId: string;
  readonly functionArn: string;
  /** Throttles are not attempts, so this can be 0. */
  readonly attempts: number;
  readonly event: Buffer;
  /** The response to the last attempt, or of the last throttle if there was no attempt. */
  readonly answer: Answer;
}

interface Message {
  readonly body: string;
  readonly attributes?: Readonly<Record<string, { readonly DataType: string; readonly StringValue: string }>>;
}

/** The message to a destination. */
export function invocationRecord(result: InvocationResult): Message {
  const { requestId, functionArn, condition, attempts, event, answer } = result;
  const functionError = headerOf(answer, "x-amz-function-error");
  const record = {
    version: "1.0",
    timestamp: new Date().toISOString(),
    requestContext: { requestId, functionArn, condition, approximateInvokeCount: attempts },
    requestPayload: parsed(event),
    ...(attempts > 0 && {
      responseContext: {
        statusCode: answer.status,
        executedVersion: headerOf(answer, "x-amz-executed-version"),
        ...(functionError && { functionError }),
      },
      responsePayload: parsed(answer.body),
    }),
  };
  return { body: JSON.stringify(record) };
}

/** The message to a dead-letter queue: the event, with the reason in attributes. */
export function deadLetter({ requestId, event, answer }: InvocationResult): Message {
  const payload = parsed(answer.body);
  const { errorMessage, message } = (payload ?? {}) as Readonly<Record<"errorMessage" | "message", unknown>>;
  return {
    body: event.toString(),
    attributes: {
      RequestID: { DataType: "String", StringValue: requestId },
      ErrorCode: { DataType: "Number", StringValue: `${answer.status}` },
      ErrorMessage: {
        DataType: "String",
        StringValue: `${errorMessage ?? message ?? "unknown"}`.slice(0, 1024),
      },
    },
  };
}

/**
 * Sends a message as Lambda does, with the role of the function.
 * @throws Error if the destination is not a queue, a topic or a function, or the role may not write to it
 */
export async function sendTo(
  clients: AwsClients,
  functionReference: GetFunctionConfigurationCommandInput,
  arn: string,
  { body, attributes }: Message,
): Promise<void> {
  const [, , service, region = "", , ...rest] = arn.split(":");
  const own = await asFunction(clients, region, functionReference);
  if (service === "sqs") {
    const { QueueUrl } = await clients.sqs(region).send(new GetQueueUrlCommand({ QueueName: rest[0] }));
    await own
      .sqs(region)
      .send(new SendMessageCommand({ QueueUrl, MessageBody: body, MessageAttributes: attributes }));
  } else if (service === "sns") {
    await own
      .sns(region)
      .send(new PublishCommand({ TopicArn: arn, Message: body, MessageAttributes: attributes }));
  } else if (service === "lambda") {
    await own
      .lambda(region)
      .send(new InvokeCommand({ FunctionName: arn, InvocationType: "Event", Payload: Buffer.from(body) }));
  } else {
    throw new Error(`destination ${arn} is not supported on a laptop: use a queue, a topic or a function`);
  }
}

/** How long a function's role is not asked for again. */
const keptMilliseconds = 5_000;
const functions = new WeakMap<
  AwsClients,
  Map<string, { readonly at: number; readonly own: Promise<AwsClients> }>
>();

/** Clients with the role of a function, which Lambda uses for all that it does for the function. */
export function asFunction(
  clients: AwsClients,
  region: string,
  reference: GetFunctionConfigurationCommandInput,
): Promise<AwsClients> {
  const known = functions.get(clients) ?? new Map();
  functions.set(clients, known);
  const key = JSON.stringify([region, reference]);
  const last = known.get(key);
  if (last && Date.now() - last.at < keptMilliseconds) return last.own;
  const own = assumeFunctionRole(clients, region, reference);
  known.set(key, { at: Date.now(), own });
  // A failure is not kept.
  own.catch(() => known.delete(key));
  return own;
}

async function assumeFunctionRole(
  clients: AwsClients,
  region: string,
  reference: GetFunctionConfigurationCommandInput,
): Promise<AwsClients> {
  const { Role: role = "", FunctionName: session = "" } = await clients
    .lambda(region)
    .send(new GetFunctionConfigurationCommand(reference));
  return clients.as({ role, session, region, service: "lambda.amazonaws.com" });
}

function parsed(payload: Buffer): unknown {
  try {
    return JSON.parse(payload.toString());
  } catch {
    return payload.toString() || null;
  }
}
