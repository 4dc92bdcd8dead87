import type { AwsCall } from "./aws-call";
import type { ConcreteStack } from "./concrete-stack";
import type { WireCall } from "./recording-aws";

type Input = WireCall["input"];

/** The IAM action of each part of a transaction. The transaction itself has no action. */
const partActions: Readonly<Record<string, string>> = {
  ConditionCheck: "ConditionCheckItem",
  Delete: "DeleteItem",
  Get: "GetItem",
  Put: "PutItem",
  Update: "UpdateItem",
};

/** The permissions that IAM checks for a call, from each service's page in the Service Authorization Reference. */
const checkedByIam: Readonly<Record<string, (input: Input, stack: ConcreteStack) => readonly AwsCall[]>> = {
  "AWSEvents.PutEvents": ({ Entries }, stack) =>
    (Entries as readonly Input[]).map(({ EventBusName = "default" }) =>
      named("events:PutEvents", "aws_cloudwatch_event_bus", `${EventBusName}`, stack),
    ),
  "DynamoDB_20120810.DeleteItem": (input, stack) => [onTable("DeleteItem", input, stack)],
  "DynamoDB_20120810.GetItem": (input, stack) => [onTable("GetItem", input, stack)],
  "DynamoDB_20120810.PutItem": (input, stack) => [onTable("PutItem", input, stack)],
  "DynamoDB_20120810.Query": (input, stack) => [onTable("Query", input, stack)],
  "DynamoDB_20120810.TransactWriteItems": ({ TransactItems }, stack) =>
    (TransactItems as readonly Readonly<Record<string, Input>>[]).flatMap((part) =>
      Object.entries(part).map(([kind, input]) => onTable(`${partActions[kind]}`, input, stack)),
    ),
};

/** @throws Error for an operation that is not in the table above */
export function callsOnWire({ target, input }: WireCall, stack: ConcreteStack): readonly AwsCall[] {
  const check = checkedByIam[target];
  if (!check)
    throw new Error(`${target} is not known: add the permissions that IAM checks for it to ${__filename}`);
  return check(input, stack);
}

function onTable(operation: string, { TableName, IndexName }: Input, stack: ConcreteStack): AwsCall {
  const call = named(`dynamodb:${operation}`, "aws_dynamodb_table", `${TableName}`, stack);
  return IndexName === undefined ? call : { ...call, resource: `${call.resource}/index/${IndexName}` };
}

function named(action: string, type: string, name: string, stack: ConcreteStack): AwsCall {
  return { action, resource: stack.arn(type, name), name };
}
