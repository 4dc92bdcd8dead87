import {
  CreateModelCommand,
  CreateResourceCommand,
  CreateStageCommand,
  CreateUsagePlanCommand,
  DeleteMethodCommand,
  DeleteModelCommand,
  DeleteResourceCommand,
  DeleteStageCommand,
  DeleteUsagePlanCommand,
  GetResourcesCommand,
  GetStageCommand,
  PutMethodCommand,
  UpdateStageCommand,
  UpdateUsagePlanCommand,
} from "@aws-sdk/client-api-gateway";
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
  CreateRoleCommand,
  DeleteInstanceProfileCommand,
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
import type { Clients } from "../../../scripts/verify/clients";
import type { Target } from "../faults";

/** A thing that somebody attaches from outside. */
export interface Attachment {
  readonly name: string;
  /** What the finding about it says. */
  readonly named: RegExp;
  /** Whether it can do no harm, so that it is only mentioned. */
  readonly harmless?: boolean;
  readonly plant: (target: Target) => Promise<unknown>;
  /** Gets what `plant` returned. */
  readonly undo: (target: Target, planted: never) => Promise<unknown>;
}

const account = "000000000000";
/** Also lets the API's function read what mappings are planted for. */
const everything = policy({ Effect: "Allow", Action: "*", Resource: "*" });
const stranger = "arn:aws:iam::999999999999:root";
const bus = ({ outputs }: Target) => outputs["event-bus-name"] ?? "";
const restApiId = ({ outputs }: Target) => outputs["api-id"];
const functionName = ({ outputs }: Target) => outputs["api-function-name"];

function policy(...Statement: readonly object[]): string {
  return JSON.stringify({ Version: "2012-10-17", Statement });
}

function attachment<T>(one: {
  readonly name: string;
  readonly named: RegExp;
  readonly harmless?: boolean;
  readonly plant: (clients: Clients, target: Target) => Promise<T>;
  readonly undo: (clients: Clients, target: Target, planted: T) => Promise<unknown>;
}): Attachment {
  return {
    ...one,
    plant: (target) => one.plant(target.clients, target),
    undo: (target, planted) => one.undo(target.clients, target, planted),
  };
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

const methodSettings = (path: string, value: string, method: string): Attachment =>
  attachment({
    name: `settings of ${method}`,
    named: new RegExp(`settings of its own for ${method.replace(/[{}]/g, "\\$&")} on the stage dev`),
    plant: ({ apiGateway }, target) =>
      apiGateway.send(
        new UpdateStageCommand({
          restApiId: restApiId(target),
          stageName: target.outputs["api-stage"],
          patchOperations: [
            {
              op: "replace",
              path: `/${method.replaceAll("/", "~1").replace(/~1(\w+)$/, "/$1")}${path}`,
              value,
            },
          ],
        }),
      ),
    undo: ({ apiGateway }, target) =>
      apiGateway.send(
        new UpdateStageCommand({
          restApiId: restApiId(target),
          stageName: target.outputs["api-stage"],
          patchOperations: [
            { op: "remove", path: `/${method.replaceAll("/", "~1").replace(/~1(\w+)$/, "/$1")}` },
          ],
        }),
      ),
  });

async function resourceId(
  { apiGateway }: Clients,
  target: Target,
  path: string,
): Promise<string | undefined> {
  const { items = [] } = await apiGateway.send(
    new GetResourcesCommand({ restApiId: restApiId(target), limit: 500 }),
  );
  return items.find((resource) => resource.path === path)?.id;
}

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
  methodSettings("/throttling/burstLimit", "0", "items/POST"),
  methodSettings("/logging/dataTrace", "true", "items/{id}/GET"),
  attachment({
    name: "a public method",
    named: /the method ANY \/health with the authorization NONE/,
    plant: async (clients, target) => {
      const method = {
        restApiId: restApiId(target),
        resourceId: await resourceId(clients, target, "/health"),
        httpMethod: "ANY",
      };
      await clients.apiGateway.send(new PutMethodCommand({ ...method, authorizationType: "NONE" }));
      return method;
    },
    undo: ({ apiGateway }, _, method) => apiGateway.send(new DeleteMethodCommand(method)),
  }),
  attachment({
    name: "a resource",
    named: /the resource \/items\/planted/,
    plant: async (clients, target) =>
      clients.apiGateway.send(
        new CreateResourceCommand({
          restApiId: restApiId(target),
          parentId: await resourceId(clients, target, "/items"),
          pathPart: "planted",
        }),
      ),
    undo: ({ apiGateway }, target, { id }) =>
      apiGateway.send(new DeleteResourceCommand({ restApiId: restApiId(target), resourceId: id })),
  }),
  attachment({
    name: "a stage",
    named: /the stage planted/,
    plant: async ({ apiGateway }, target) => {
      const { deploymentId } = await apiGateway.send(
        new GetStageCommand({ restApiId: restApiId(target), stageName: target.outputs["api-stage"] }),
      );
      await apiGateway.send(
        new CreateStageCommand({ restApiId: restApiId(target), stageName: "planted", deploymentId }),
      );
    },
    undo: ({ apiGateway }, target) =>
      apiGateway.send(new DeleteStageCommand({ restApiId: restApiId(target), stageName: "planted" })),
  }),
  attachment({
    name: "a model",
    named: /the model planted/,
    plant: ({ apiGateway }, target) =>
      apiGateway.send(
        new CreateModelCommand({
          restApiId: restApiId(target),
          name: "planted",
          contentType: "application/json",
          schema: "{}",
        }),
      ),
    undo: ({ apiGateway }, target) =>
      apiGateway.send(new DeleteModelCommand({ restApiId: restApiId(target), modelName: "planted" })),
  }),
  attachment({
    name: "a usage plan",
    named: /the usage plan planted/,
    plant: ({ apiGateway }, target) =>
      apiGateway.send(
        new CreateUsagePlanCommand({
          name: "planted",
          apiStages: [{ apiId: restApiId(target), stage: target.outputs["api-stage"] }],
        }),
      ),
    undo: async ({ apiGateway }, target, { id }) => {
      await apiGateway.send(
        new UpdateUsagePlanCommand({
          usagePlanId: id,
          patchOperations: [
            {
              op: "remove",
              path: "/apiStages",
              value: `${restApiId(target)}:${target.outputs["api-stage"]}`,
            },
          ],
        }),
      );
      await apiGateway.send(new DeleteUsagePlanCommand({ usagePlanId: id }));
    },
  }),
];
