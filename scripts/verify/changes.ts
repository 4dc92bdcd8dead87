import { DescribeTableCommand } from "@aws-sdk/client-dynamodb";
import {
  DeleteRuleCommand,
  PutRuleCommand,
  PutTargetsCommand,
  RemoveTargetsCommand,
} from "@aws-sdk/client-eventbridge";
import { GetEventSourceMappingCommand } from "@aws-sdk/client-lambda";
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SetQueueAttributesCommand,
} from "@aws-sdk/client-sqs";
import type { Check } from "./check";
import type { Deployment } from "./deployment";
import { removeItemLater, requireStatus } from "./items";
import { CheckFailedError, differs, requireNoProblems } from "./verdict";

/** How often a change is made. A new rule can miss events for up to a minute, so one change is not enough. */
const changeSeconds = { aws: 15, emulator: 5 } as const;

/** The path of a change from the table to the event bus. */
export const changeChecks: readonly Check[] = [
  {
    name: "changes/mapping",
    run: async (deployment) => {
      const [made] = deployment.resources("aws_lambda_event_source_mapping");
      const [queue] = deployment.resources("aws_sqs_queue");
      const { Table } = await deployment.clients.dynamoDb.send(
        new DescribeTableCommand({ TableName: deployment.output("table-name") }),
      );
      const mapping = await deployment.clients.lambda.send(
        new GetEventSourceMappingCommand({ UUID: `${made?.uuid}` }),
      );
      requireNoProblems([
        differs("its state", mapping.State, "Enabled"),
        differs("its event source", mapping.EventSourceArn, Table?.LatestStreamArn),
        !mapping.FunctionArn?.endsWith(`:${deployment.output("stream-function-name")}:live`) &&
          `it invokes ${mapping.FunctionArn}`,
        differs("its on-failure destination", mapping.DestinationConfig?.OnFailure?.Destination, queue?.arn),
      ]);
      return "from the table's stream to the stream function";
    },
  },
  { name: "changes/event", run: eventOnBus },
];

async function eventOnBus(deployment: Deployment, report: (detail: string) => void): Promise<string> {
  const { sqs } = deployment.clients;
  const id = `${deployment.run}-change`;
  const QueueUrl = await tap(deployment, id);
  const first = deployment.startedAt.getTime();
  const started = Date.now();
  let changes = 0;
  const seen = await deployment.until(
    { awsSeconds: 180, emulatorSeconds: 20, everySeconds: 1 },
    async () => {
      const every = changeSeconds[deployment.emulator ? "emulator" : "aws"];
      if (Date.now() - started >= changes * every * 1000) {
        const timestamp = first + changes;
        changes += 1;
        removeItemLater(deployment, id, timestamp);
        const body = { id, timestamp, data: {} };
        requireStatus(
          "POST /items",
          await deployment.api.send({ method: "POST", path: "/items", body }),
          201,
          409,
        );
      }
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: deployment.emulator ? 0 : 5 }),
      );
      const [message] = Messages;
      if (!message) return undefined;
      await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: message.ReceiptHandle }));
      return JSON.parse(message.Body ?? "{}") as BusEvent;
    },
    report,
  );
  if (!seen)
    throw new CheckFailedError(
      `no event for any of ${changes} new items arrived on ${deployment.output("event-bus-name")}`,
    );
  requireNoProblems([
    differs("its type", seen["detail-type"], "ItemCreated"),
    differs("its item", seen.detail?.item?.id, id),
  ]);
  return `${seen["detail-type"]} arrived on ${deployment.output("event-bus-name")}`;
}

interface BusEvent {
  readonly "detail-type"?: string;
  readonly detail?: { readonly item?: { readonly id?: string } };
}

/** Creates a rule that sends the events of this run's item to a new queue. @returns the queue's URL */
async function tap(deployment: Deployment, id: string): Promise<string> {
  const { sqs, events } = deployment.clients;
  const EventBusName = deployment.output("event-bus-name");
  const Name = deployment.run;
  const { QueueUrl = "" } = await sqs.send(
    new CreateQueueCommand({ QueueName: Name, Attributes: { MessageRetentionPeriod: "900" } }),
  );
  deployment.removeLater(`queue ${Name}`, () => sqs.send(new DeleteQueueCommand({ QueueUrl })));
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["QueueArn"] }),
  );
  const Arn = Attributes?.QueueArn ?? "";
  const { RuleArn } = await events.send(
    new PutRuleCommand({
      Name,
      EventBusName,
      Description: `Created by npm run verify at ${deployment.startedAt.toISOString()}, which also removes it`,
      EventPattern: JSON.stringify({ source: ["items"], detail: { item: { id: [id] } } }),
    }),
  );
  deployment.removeLater(`rule ${Name}`, () => events.send(new DeleteRuleCommand({ Name, EventBusName })));
  const Policy = JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { Service: "events.amazonaws.com" },
        Action: "sqs:SendMessage",
        Resource: Arn,
        Condition: { ArnEquals: { "aws:SourceArn": RuleArn } },
      },
    ],
  });
  await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy } }));
  await events.send(new PutTargetsCommand({ Rule: Name, EventBusName, Targets: [{ Id: "queue", Arn }] }));
  // A rule cannot be deleted before its targets.
  deployment.removeLater(`target of rule ${Name}`, () =>
    events.send(new RemoveTargetsCommand({ Rule: Name, EventBusName, Ids: ["queue"] })),
  );
  return QueueUrl;
}
