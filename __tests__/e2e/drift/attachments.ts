import { DeleteAlarmsCommand, PutCompositeAlarmCommand } from "@aws-sdk/client-cloudwatch";
import {
  DeleteResourcePolicyCommand as DeleteLogPolicyCommand,
  DeleteMetricFilterCommand,
  DeleteSubscriptionFilterCommand,
  PutResourcePolicyCommand as PutLogPolicyCommand,
  PutMetricFilterCommand,
  PutSubscriptionFilterCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import {
  DeleteResourcePolicyCommand,
  DescribeTableCommand,
  PutResourcePolicyCommand,
  UpdateContributorInsightsCommand,
} from "@aws-sdk/client-dynamodb";
import {
  CreateArchiveCommand,
  DeleteArchiveCommand,
  DeleteRuleCommand,
  PutPermissionCommand,
  PutRuleCommand,
  PutTargetsCommand,
  RemovePermissionCommand,
  RemoveTargetsCommand,
} from "@aws-sdk/client-eventbridge";
import {
  AddRoleToInstanceProfileCommand,
  AttachRolePolicyCommand,
  CreateInstanceProfileCommand,
  CreatePolicyVersionCommand,
  CreateRoleCommand,
  DeleteInstanceProfileCommand,
  DeletePolicyVersionCommand,
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  DetachRolePolicyCommand,
  PutRolePolicyCommand,
  RemoveRoleFromInstanceProfileCommand,
} from "@aws-sdk/client-iam";
import {
  AddPermissionCommand,
  CreateAliasCommand,
  CreateEventSourceMappingCommand,
  CreateFunctionUrlConfigCommand,
  DeleteAliasCommand,
  DeleteEventSourceMappingCommand,
  DeleteFunctionEventInvokeConfigCommand,
  DeleteFunctionUrlConfigCommand,
  PutFunctionEventInvokeConfigCommand,
  PutFunctionRecursionConfigCommand,
  RemovePermissionCommand as RemoveLambdaPermissionCommand,
} from "@aws-sdk/client-lambda";
import { ListSubscriptionsByTopicCommand, SubscribeCommand, UnsubscribeCommand } from "@aws-sdk/client-sns";
import type { Target } from "../faults";
import { apiAttachments } from "./api-attachments";
import { type Attachment, attachment } from "./attachment";

const account = "000000000000";
/** Also lets the API's function read what mappings are planted for. */
const everything = policy({ Effect: "Allow", Action: "*", Resource: "*" });
const stranger = "arn:aws:iam::999999999999:root";
const bus = ({ outputs }: Target) => outputs["event-bus-name"] ?? "";
const functionName = ({ outputs }: Target) => outputs["api-function-name"];

function policy(...Statement: readonly object[]): string {
  return JSON.stringify({ Version: "2012-10-17", Statement });
}

const permission = (qualifier: string | undefined): Attachment =>
  attachment({
    name: `a permission for another account on ${qualifier ?? "$LATEST"}`,
    named: new RegExp(`the permission planted-${qualifier ?? "latest"} on ${qualifier ?? "\\$LATEST"}`),
    plant: ({ lambda }, target) =>
      lambda.send(
        new AddPermissionCommand({
          FunctionName: functionName(target),
          Qualifier: qualifier,
          StatementId: `planted-${qualifier ?? "latest"}`,
          Action: "lambda:InvokeFunction",
          Principal: "999999999999",
        }),
      ),
    undo: ({ lambda }, target) =>
      lambda.send(
        new RemoveLambdaPermissionCommand({
          FunctionName: functionName(target),
          Qualifier: qualifier,
          StatementId: `planted-${qualifier ?? "latest"}`,
        }),
      ),
  });

const functionUrl = (output: string, qualifier: string | undefined): Attachment =>
  attachment({
    name: `a public function URL of ${output}${qualifier ? `:${qualifier}` : ""}`,
    named: new RegExp(`nothing-beside/${output.replace("-name", "")}/function.* function URL`),
    plant: ({ lambda }, { outputs }) =>
      lambda.send(
        new CreateFunctionUrlConfigCommand({
          FunctionName: outputs[output],
          Qualifier: qualifier,
          AuthType: "NONE",
        }),
      ),
    undo: ({ lambda }, { outputs }) =>
      lambda.send(
        new DeleteFunctionUrlConfigCommand({ FunctionName: outputs[output], Qualifier: qualifier }),
      ),
  });

const mapping = (name: string, source: (target: Target) => Promise<string>, named: RegExp): Attachment =>
  attachment({
    name,
    named,
    plant: async ({ lambda }, target) => {
      const EventSourceArn = await source(target);
      return lambda.send(
        new CreateEventSourceMappingCommand({
          FunctionName: functionName(target),
          EventSourceArn,
          Enabled: false,
          ...(EventSourceArn.includes("/stream/") && { StartingPosition: "LATEST" }),
        }),
      );
    },
    undo: ({ lambda }, _, { UUID }) => lambda.send(new DeleteEventSourceMappingCommand({ UUID })),
  });

async function tableOf({ clients, outputs }: Target) {
  const { Table } = await clients.dynamoDb.send(
    new DescribeTableCommand({ TableName: outputs["table-name"] }),
  );
  return { table: Table?.TableArn ?? "", stream: Table?.LatestStreamArn ?? "" };
}

const tablePolicy = (part: "table" | "stream", Action: string): Attachment =>
  attachment({
    name: `a policy of the ${part}`,
    named: new RegExp(`items-table/table.*the policy .*${Action}`),
    plant: async ({ dynamoDb }, target) => {
      const { [part]: ResourceArn } = await tableOf(target);
      await dynamoDb.send(
        new PutResourcePolicyCommand({
          ResourceArn,
          Policy: policy({ Effect: "Allow", Principal: { AWS: stranger }, Action, Resource: ResourceArn }),
        }),
      );
      return ResourceArn;
    },
    undo: ({ dynamoDb }, _, ResourceArn) => dynamoDb.send(new DeleteResourcePolicyCommand({ ResourceArn })),
  });

const rule = (
  name: string,
  EventBusName: (target: Target) => string,
  arn: string,
  rest: object,
): Attachment =>
  attachment({
    name: `the rule ${name}`,
    named: new RegExp(`the rule ${name} `),
    ...rest,
    plant: async ({ events }, target) => {
      const Bus = EventBusName(target);
      const EventPattern = JSON.stringify({ source: ["items"] });
      await events.send(new PutRuleCommand({ Name: name, EventBusName: Bus, EventPattern }));
      const Arn = arn.replace("FUNCTION", functionName(target) ?? "");
      await events.send(
        new PutTargetsCommand({ Rule: name, EventBusName: Bus, Targets: [{ Id: "target", Arn }] }),
      );
    },
    undo: async ({ events }, target) => {
      const Bus = EventBusName(target);
      await events.send(new RemoveTargetsCommand({ Rule: name, EventBusName: Bus, Ids: ["target"] }));
      await events.send(new DeleteRuleCommand({ Name: name, EventBusName: Bus }));
    },
  });

const subscription = (output: string, filterName: string): Attachment => {
  const group = ({ outputs }: Target) => outputs[output];
  // CloudWatch Logs tries the destination, so it needs a role that may use it.
  const role = { RoleName: filterName };
  const destinationArn = `arn:aws:firehose:eu-west-1:${account}:deliverystream/serverless-app-access-log-dev`;
  return attachment({
    name: `a subscription of ${output}`,
    named: new RegExp(`the subscription ${filterName} to `),
    plant: async ({ iam, logs }, target) => {
      const trust = {
        Effect: "Allow",
        Principal: { Service: "logs.amazonaws.com" },
        Action: "sts:AssumeRole",
      };
      const created = await iam.send(
        new CreateRoleCommand({ ...role, AssumeRolePolicyDocument: policy(trust) }),
      );
      await iam.send(new PutRolePolicyCommand({ ...role, PolicyName: "send", PolicyDocument: everything }));
      await logs.send(
        new PutSubscriptionFilterCommand({
          logGroupName: group(target),
          filterName,
          filterPattern: "",
          destinationArn,
          roleArn: created.Role?.Arn,
        }),
      );
    },
    undo: async ({ iam, logs }, target) => {
      await logs.send(new DeleteSubscriptionFilterCommand({ logGroupName: group(target), filterName }));
      await iam.send(new DeleteRolePolicyCommand({ ...role, PolicyName: "send" }));
      await iam.send(new DeleteRoleCommand(role));
    },
  });
};

const readOnly = {
  RoleName: "serverless-app-access-log-logs-dev",
  PolicyArn: "arn:aws:iam::aws:policy/ReadOnlyAccess",
};

/** Each kind of thing that the inventory looks for and that the emulator has. */
export const attachments: readonly Attachment[] = [
  attachment({
    name: "an inline policy",
    named: /api-function\/exclusive-policies\/inline policy_names\[\d\] is planted/,
    plant: ({ iam }, target) =>
      iam.send(
        new PutRolePolicyCommand({
          RoleName: functionName(target),
          PolicyName: "planted",
          PolicyDocument: everything,
        }),
      ),
    undo: ({ iam }, target) =>
      iam.send(new DeleteRolePolicyCommand({ RoleName: functionName(target), PolicyName: "planted" })),
  }),
  attachment({
    name: "a policy attached to a role that no function has",
    named: /subscription-exclusive-policies\/attached policy_arns\[\d\] is \S*ReadOnlyAccess/,
    plant: ({ iam }) => iam.send(new AttachRolePolicyCommand(readOnly)),
    undo: ({ iam }) => iam.send(new DetachRolePolicyCommand(readOnly)),
  }),
  attachment({
    name: "an instance profile",
    named: /the instance profile planted/,
    plant: async ({ iam }, target) => {
      await iam.send(new CreateInstanceProfileCommand({ InstanceProfileName: "planted" }));
      const RoleName = functionName(target);
      await iam.send(new AddRoleToInstanceProfileCommand({ InstanceProfileName: "planted", RoleName }));
    },
    undo: async ({ iam }, target) => {
      const RoleName = functionName(target);
      await iam.send(new RemoveRoleFromInstanceProfileCommand({ InstanceProfileName: "planted", RoleName }));
      await iam.send(new DeleteInstanceProfileCommand({ InstanceProfileName: "planted" }));
    },
  }),
  permission(undefined),
  permission("live"),
  permission("1"),
  functionUrl("api-function-name", undefined),
  functionUrl("stream-function-name", "live"),
  mapping(
    "a reader of the dead-letter queue",
    async () => `arn:aws:sqs:eu-west-1:${account}:serverless-app-dlq-dev`,
    /mapping \S+ from \S+:serverless-app-dlq-dev/,
  ),
  mapping(
    "a second reader of the table's stream",
    async (target) => (await tableOf(target)).stream,
    /mapping \S+ from \S+\/stream\//,
  ),
  attachment({
    name: "an alias",
    named: /the alias planted/,
    plant: ({ lambda }, target) =>
      lambda.send(
        new CreateAliasCommand({ FunctionName: functionName(target), Name: "planted", FunctionVersion: "1" }),
      ),
    undo: ({ lambda }, target) =>
      lambda.send(new DeleteAliasCommand({ FunctionName: functionName(target), Name: "planted" })),
  }),
  attachment({
    name: "settings of asynchronous invocations of $LATEST",
    named: /settings of asynchronous invocations of \$LATEST/,
    plant: ({ lambda }, target) =>
      lambda.send(
        new PutFunctionEventInvokeConfigCommand({
          FunctionName: functionName(target),
          MaximumRetryAttempts: 0,
        }),
      ),
    undo: ({ lambda }, target) =>
      lambda.send(new DeleteFunctionEventInvokeConfigCommand({ FunctionName: functionName(target) })),
  }),
  attachment({
    name: "a permission to recurse",
    named: /permission to invoke itself in a loop/,
    plant: ({ lambda }, target) =>
      lambda.send(
        new PutFunctionRecursionConfigCommand({
          FunctionName: functionName(target),
          RecursiveLoop: "Allow",
        }),
      ),
    undo: ({ lambda }, target) =>
      lambda.send(
        new PutFunctionRecursionConfigCommand({
          FunctionName: functionName(target),
          RecursiveLoop: "Terminate",
        }),
      ),
  }),
  ...(
    [
      ["https", "https://elsewhere.example/alarms"],
      ["sqs", `arn:aws:sqs:eu-west-1:${account}:elsewhere`],
    ] as const
  ).map(([Protocol, Endpoint]) =>
    attachment({
      name: `a subscription of the alarms by ${Protocol}`,
      named: new RegExp(`the subscription of ${Protocol} \\S*elsewhere`),
      plant: ({ sns }, { outputs }) =>
        sns.send(new SubscribeCommand({ TopicArn: outputs["alarm-topic-arn"], Protocol, Endpoint })),
      undo: async ({ sns }, { outputs }) => {
        // A subscription that is not confirmed is listed under the ARN that it will have.
        const { Subscriptions = [] } = await sns.send(
          new ListSubscriptionsByTopicCommand({ TopicArn: outputs["alarm-topic-arn"] }),
        );
        const found = Subscriptions.find((subscription) => subscription.Endpoint === Endpoint);
        await sns.send(new UnsubscribeCommand({ SubscriptionArn: found?.SubscriptionArn }));
      },
    }),
  ),
  tablePolicy("table", "dynamodb:Scan"),
  tablePolicy("stream", "dynamodb:GetRecords"),
  attachment({
    name: "contributor insights",
    named: /contributor insights/,
    harmless: true,
    plant: ({ dynamoDb }, { outputs }) =>
      dynamoDb.send(
        new UpdateContributorInsightsCommand({
          TableName: outputs["table-name"],
          ContributorInsightsAction: "ENABLE",
        }),
      ),
    undo: ({ dynamoDb }, { outputs }) =>
      dynamoDb.send(
        new UpdateContributorInsightsCommand({
          TableName: outputs["table-name"],
          ContributorInsightsAction: "DISABLE",
        }),
      ),
  }),
  attachment({
    name: "a permission for everybody on the bus",
    named: /the policy statement planted: Allow events:PutEvents/,
    plant: ({ events }, target) =>
      events.send(
        new PutPermissionCommand({
          EventBusName: bus(target),
          StatementId: "planted",
          Principal: "*",
          Action: "events:PutEvents",
        }),
      ),
    undo: ({ events }, target) =>
      events.send(new RemovePermissionCommand({ EventBusName: bus(target), StatementId: "planted" })),
  }),
  rule("to-another-account", bus, "arn:aws:sqs:eu-west-1:999999999999:elsewhere", {}),
  rule("of-a-consumer", bus, `arn:aws:sqs:eu-west-1:${account}:elsewhere`, { harmless: true }),
  rule("on-the-default-bus", () => "default", `arn:aws:lambda:eu-west-1:${account}:function:FUNCTION`, {}),
  attachment({
    name: "an archive",
    named: /the archive planted/,
    plant: ({ events }, target) =>
      events.send(
        new CreateArchiveCommand({
          ArchiveName: "planted",
          EventSourceArn: `arn:aws:events:eu-west-1:${account}:event-bus/${bus(target)}`,
        }),
      ),
    undo: ({ events }) => events.send(new DeleteArchiveCommand({ ArchiveName: "planted" })),
  }),
  subscription("api-function-log-group", "planted-function"),
  subscription("access-log-group", "planted-access"),
  attachment({
    name: "a metric filter",
    named: /the metric filter planted/,
    harmless: true,
    plant: ({ logs }, { outputs }) =>
      logs.send(
        new PutMetricFilterCommand({
          logGroupName: outputs["api-function-log-group"],
          filterName: "planted",
          filterPattern: "x",
          metricTransformations: [{ metricName: "x", metricNamespace: "x", metricValue: "1" }],
        }),
      ),
    undo: ({ logs }, { outputs }) =>
      logs.send(
        new DeleteMetricFilterCommand({
          logGroupName: outputs["api-function-log-group"],
          filterName: "planted",
        }),
      ),
  }),
  attachment({
    name: "a policy of the account that opens its log groups",
    named: /access by "\*", which the account's policy planted allows/,
    plant: ({ logs }) =>
      logs.send(
        new PutLogPolicyCommand({
          policyName: "planted",
          policyDocument: policy({ Effect: "Allow", Principal: "*", Action: "logs:*", Resource: "*" }),
        }),
      ),
    undo: ({ logs }) => logs.send(new DeleteLogPolicyCommand({ policyName: "planted" })),
  }),
  attachment({
    name: "a composite alarm",
    named: /api-5xx.* the composite alarm planted/,
    harmless: true,
    plant: ({ cloudWatch }) =>
      cloudWatch.send(
        new PutCompositeAlarmCommand({
          AlarmName: "planted",
          AlarmRule: 'ALARM("serverless-app-api-5xx-dev")',
        }),
      ),
    undo: ({ cloudWatch }) => cloudWatch.send(new DeleteAlarmsCommand({ AlarmNames: ["planted"] })),
  }),
  attachment({
    name: "a version of a policy that is not its default yet",
    named: /invoke-policy.* its version v\d+, newer than the default/,
    harmless: true,
    plant: async ({ iam }, { outputs }) => {
      const PolicyArn = outputs["api-invoke-policy-arn"];
      const created = await iam.send(
        new CreatePolicyVersionCommand({ PolicyArn, PolicyDocument: everything }),
      );
      return { PolicyArn, VersionId: created.PolicyVersion?.VersionId };
    },
    undo: ({ iam }, _, version) => iam.send(new DeletePolicyVersionCommand(version)),
  }),
  ...apiAttachments,
];
