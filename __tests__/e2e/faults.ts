import {
  CreateDeploymentCommand,
  DeleteDeploymentCommand,
  DeleteGatewayResponseCommand,
  type GatewayResponseType,
  GetGatewayResponseCommand,
  GetResourcesCommand,
  GetRestApiCommand,
  GetStageCommand,
  type PatchOperation,
  PutGatewayResponseCommand,
  UpdateIntegrationCommand,
  UpdateMethodCommand,
  UpdateRestApiCommand,
  UpdateStageCommand,
} from "@aws-sdk/client-api-gateway";
import {
  DeleteAlarmsCommand,
  DeleteDashboardsCommand,
  DescribeAlarmsCommand,
  DisableAlarmActionsCommand,
  EnableAlarmActionsCommand,
  GetDashboardCommand,
  type MetricAlarm,
  PutDashboardCommand,
  PutMetricAlarmCommand,
} from "@aws-sdk/client-cloudwatch";
import {
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  DeleteLogGroupCommand,
  DeleteRetentionPolicyCommand,
  DeleteSubscriptionFilterCommand,
  DescribeSubscriptionFiltersCommand,
  PutRetentionPolicyCommand,
  PutSubscriptionFilterCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import {
  DescribeTableCommand,
  ListTagsOfResourceCommand,
  UpdateContinuousBackupsCommand,
  UpdateTableCommand,
  UpdateTimeToLiveCommand,
} from "@aws-sdk/client-dynamodb";
import { CreateEventBusCommand, DeleteEventBusCommand } from "@aws-sdk/client-eventbridge";
import {
  AttachRolePolicyCommand,
  CreatePolicyCommand,
  DeletePolicyCommand,
  DeleteRolePolicyCommand,
  DetachRolePolicyCommand,
  GetPolicyCommand,
  GetPolicyVersionCommand,
  GetRolePolicyCommand,
  PutRolePolicyCommand,
} from "@aws-sdk/client-iam";
import {
  AddPermissionCommand,
  DeleteFunctionEventInvokeConfigCommand,
  GetAliasCommand,
  GetFunctionConcurrencyCommand,
  GetFunctionConfigurationCommand,
  GetPolicyCommand as GetFunctionPolicyCommand,
  ListEventSourceMappingsCommand,
  PublishVersionCommand,
  PutFunctionConcurrencyCommand,
  PutFunctionEventInvokeConfigCommand,
  RemovePermissionCommand,
  UpdateAliasCommand,
  UpdateEventSourceMappingCommand,
  UpdateFunctionConfigurationCommand,
  type UpdateFunctionConfigurationCommandInput,
} from "@aws-sdk/client-lambda";
import {
  DeleteBucketLifecycleCommand,
  DeleteBucketPolicyCommand,
  DeletePublicAccessBlockCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketPolicyCommand,
  PutBucketEncryptionCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketOwnershipControlsCommand,
  PutBucketPolicyCommand,
  PutBucketVersioningCommand,
  PutPublicAccessBlockCommand,
} from "@aws-sdk/client-s3";
import { GetTopicAttributesCommand, SetTopicAttributesCommand } from "@aws-sdk/client-sns";
import {
  CreateQueueCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  type QueueAttributeName,
  SetQueueAttributesCommand,
} from "@aws-sdk/client-sqs";
import { DeleteParameterCommand, GetParameterCommand, PutParameterCommand } from "@aws-sdk/client-ssm";
import type { Clients } from "../../scripts/verify/clients";
import { application } from "../../stacks/environments";

/** The deployment to plant faults in. */
export interface Target {
  readonly clients: Clients;
  readonly outputs: Readonly<Record<string, string>>;
}

/** Reverts a fault. */
type Undo = () => Promise<unknown>;

export interface Fault {
  /** What is wrong with the deployment. */
  readonly name: string;
  /** The check that must report it. */
  readonly check: string;
  /** What it breaks. Faults are not planted together if one's part is a prefix of the other's. */
  readonly part: string;
  /** It would hide other faults, so it is planted alone. */
  readonly alone?: boolean;
  /** Planted in every `npm test`; the others only in the campaign. */
  readonly inEveryRun?: boolean;
  readonly plant: (target: Target) => Promise<Undo>;
}

/** The tags that every resource of the stack has, as the table has them. What is created again gets them too. */
async function tagsOf({ clients: { dynamoDb }, outputs }: Target): Promise<Record<string, string>> {
  const { Table } = await dynamoDb.send(new DescribeTableCommand({ TableName: outputs["table-name"] }));
  const { Tags = [] } = await dynamoDb.send(new ListTagsOfResourceCommand({ ResourceArn: Table?.TableArn }));
  return Object.fromEntries(Tags.map(({ Key = "", Value = "" }) => [Key, Value]));
}

const tagList = (tags: Readonly<Record<string, string>>) =>
  Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));

const queueFault = (name: string, check: string, attribute: QueueAttributeName, value: string): Fault => ({
  name,
  check,
  part: `queue ${attribute}`,
  plant: async ({ clients: { sqs }, outputs }) => {
    const QueueUrl = outputs["dead-letter-queue-url"];
    const { Attributes } = await sqs.send(
      new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [attribute] }),
    );
    const set = (text: string) =>
      sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { [attribute]: text } }));
    await set(value);
    return () => set(Attributes?.[attribute] ?? "");
  },
});

const stageFault = (
  name: string,
  check: string,
  planted: PatchOperation[],
  undone: PatchOperation[],
): Fault => ({
  name,
  check,
  part: `stage ${planted[0]?.path}`,
  plant: async ({ clients: { apiGateway }, outputs }) => {
    const stage = { restApiId: outputs["api-id"], stageName: outputs["api-stage"] };
    const { accessLogSettings } = await apiGateway.send(new GetStageCommand(stage));
    const patch = (patchOperations: PatchOperation[]) =>
      apiGateway.send(new UpdateStageCommand({ ...stage, patchOperations }));
    await patch(planted);
    return () =>
      patch(
        undone.map((operation) => ({
          ...operation,
          ...(operation.path === "/accessLogSettings/format" && { value: accessLogSettings?.format }),
          ...(operation.path === "/accessLogSettings/destinationArn" && {
            value: accessLogSettings?.destinationArn,
          }),
        })),
      );
  },
});

/** Publishes a version with a change and moves the alias to it, as a deployment that bypasses Terraform would. */
const versionFault = (
  name: string,
  check: string,
  change: (
    variables: Readonly<Record<string, string>>,
  ) => Omit<UpdateFunctionConfigurationCommandInput, "FunctionName">,
): Fault => ({
  name,
  check,
  part: "api version",
  alone: true,
  plant: async ({ clients: { lambda }, outputs }) => {
    const FunctionName = outputs["api-function-name"];
    const before = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
    const alias = await lambda.send(new GetAliasCommand({ FunctionName, Name: "live" }));
    const pointAliasTo = (FunctionVersion: string | undefined) =>
      lambda.send(new UpdateAliasCommand({ FunctionName, Name: "live", FunctionVersion }));
    await lambda.send(
      new UpdateFunctionConfigurationCommand({
        FunctionName,
        ...change(before.Environment?.Variables ?? {}),
      }),
    );
    const { Version } = await lambda.send(new PublishVersionCommand({ FunctionName }));
    await pointAliasTo(Version);
    return async () => {
      await pointAliasTo(alias.FunctionVersion);
      await lambda.send(
        new UpdateFunctionConfigurationCommand({
          FunctionName,
          Handler: before.Handler,
          Environment: { Variables: before.Environment?.Variables },
          TracingConfig: { Mode: before.TracingConfig?.Mode },
          DeadLetterConfig: { TargetArn: before.DeadLetterConfig?.TargetArn },
        }),
      );
    };
  },
});

/** The name of the first alarm, and a function that changes it. */
async function firstAlarm(target: Target) {
  const { cloudWatch } = target.clients;
  const Tags = tagList(await tagsOf(target));
  const { MetricAlarms = [] } = await cloudWatch.send(new DescribeAlarmsCommand({}));
  const [alarm] = MetricAlarms;
  if (!alarm) throw new Error("the account has no alarms");
  const put = (changed: Partial<MetricAlarm>) =>
    cloudWatch.send(new PutMetricAlarmCommand({ ...putInput({ ...alarm, ...changed }), Tags }));
  return { AlarmNames: [alarm.AlarmName ?? ""], put };
}

function putInput(alarm: MetricAlarm) {
  const { AlarmName, ComparisonOperator, EvaluationPeriods, ...rest } = alarm;
  const { ActionsEnabled, AlarmActions, OKActions, AlarmDescription, MetricName, Namespace, Statistic } =
    rest;
  const { ExtendedStatistic, Dimensions, Period, DatapointsToAlarm, Threshold, TreatMissingData, Metrics } =
    rest;
  return {
    ...{ AlarmName, ComparisonOperator, EvaluationPeriods, ActionsEnabled, AlarmActions, OKActions },
    ...{ AlarmDescription, MetricName, Namespace, Statistic, ExtendedStatistic, Dimensions, Period },
    ...{ DatapointsToAlarm, Threshold, TreatMissingData, Metrics },
  };
}

async function methodOf({ clients, outputs }: Target, path: string) {
  const restApiId = outputs["api-id"];
  const { items = [] } = await clients.apiGateway.send(new GetResourcesCommand({ restApiId, limit: 500 }));
  const resourceId = items.find((resource) => resource.path === path)?.id;
  return { restApiId, resourceId, httpMethod: "GET" };
}

const blockAll = {
  BlockPublicAcls: true,
  BlockPublicPolicy: true,
  IgnorePublicAcls: true,
  RestrictPublicBuckets: true,
} as const;

/** Faults that a live deployment can have. Each takes one or two calls, which somebody might make by hand. */
export const faults: readonly Fault[] = [
  { ...queueFault("the queue has no policy", "queue/policy", "Policy", ""), inEveryRun: true },
  queueFault("the queue is not encrypted", "queue/encryption", "SqsManagedSseEnabled", "false"),
  queueFault(
    "the queue keeps messages for one day only",
    "queue/retention",
    "MessageRetentionPeriod",
    "86400",
  ),
  {
    name: "the queue is deleted",
    check: "output/dead-letter-queue-url",
    part: "queue",
    plant: async (target) => {
      const { clients, outputs } = target;
      const { sqs } = clients;
      const tags = await tagsOf(target);
      const QueueUrl = outputs["dead-letter-queue-url"] ?? "";
      const { Attributes = {} } = await sqs.send(
        new GetQueueAttributesCommand({
          QueueUrl,
          AttributeNames: ["Policy", "MessageRetentionPeriod", "MaximumMessageSize"],
        }),
      );
      await sqs.send(new DeleteQueueCommand({ QueueUrl }));
      return () =>
        sqs.send(
          new CreateQueueCommand({
            QueueName: QueueUrl.split("/").at(-1),
            Attributes: { ...Attributes, SqsManagedSseEnabled: "true" },
            tags,
          }),
        );
    },
  },
  {
    name: "the table has no point-in-time recovery",
    check: "table/point-in-time-recovery",
    inEveryRun: true,
    part: "table recovery",
    plant: async ({ clients: { dynamoDb }, outputs }) => {
      const set = (PointInTimeRecoveryEnabled: boolean) =>
        dynamoDb.send(
          new UpdateContinuousBackupsCommand({
            TableName: outputs["table-name"],
            PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled },
          }),
        );
      await set(false);
      return () => set(true);
    },
  },
  {
    name: "items do not expire",
    check: "table/time-to-live",
    part: "table expiry",
    plant: async ({ clients: { dynamoDb }, outputs }) => {
      const set = (Enabled: boolean) =>
        dynamoDb.send(
          new UpdateTimeToLiveCommand({
            TableName: outputs["table-name"],
            TimeToLiveSpecification: { Enabled, AttributeName: "expiresAt" },
          }),
        );
      await set(false);
      return () => set(true);
    },
  },
  {
    name: "the table's deletion protection differs from its configuration",
    check: "table/deletion-protection",
    part: "table protection",
    plant: async ({ clients: { dynamoDb }, outputs }) => {
      const set = (DeletionProtectionEnabled: boolean) =>
        dynamoDb.send(
          new UpdateTableCommand({ TableName: outputs["table-name"], DeletionProtectionEnabled }),
        );
      await set(true);
      return () => set(false);
    },
  },
  versionFault("the live alias points to a version that cannot start", "api-function/alias", () => ({
    Handler: "nothing.handler",
  })),
  {
    ...versionFault("the API function cannot start", "api/health", () => ({ Handler: "nothing.handler" })),
    inEveryRun: true,
  },
  versionFault("the live API function has no TABLE_NAME", "api-function/variables", (variables) => ({
    Environment: {
      Variables: Object.fromEntries(Object.entries(variables).filter(([name]) => name !== "TABLE_NAME")),
    },
  })),
  versionFault("the live API function has the name of another table", "api/create", (variables) => ({
    Environment: { Variables: { ...variables, TABLE_NAME: "nobodys" } },
  })),
  versionFault("the live API function is not traced", "traces/request", () => ({
    TracingConfig: { Mode: "PassThrough" },
  })),
  versionFault("the live API function has no dead-letter queue", "failures/dead-letter", () => ({
    DeadLetterConfig: { TargetArn: "" },
  })),
  {
    name: "the stream function has an unpublished change to a variable",
    check: "stream-function/variables",
    part: "stream variables",
    plant: async ({ clients: { lambda }, outputs }) => {
      const FunctionName = outputs["stream-function-name"];
      const { Environment } = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
      const set = (Variables: Record<string, string>) =>
        lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, Environment: { Variables } }));
      const variables = Environment?.Variables ?? {};
      await set({ ...variables, POWERTOOLS_LOG_LEVEL: "SILENT" });
      return () => set(variables);
    },
  },
  {
    name: "the API function's reserved concurrency is 0",
    check: "api-function/concurrency",
    inEveryRun: true,
    part: "api concurrency",
    plant: async ({ clients: { lambda }, outputs }) => {
      const FunctionName = outputs["api-function-name"];
      const { ReservedConcurrentExecutions: before } = await lambda.send(
        new GetFunctionConcurrencyCommand({ FunctionName }),
      );
      const set = (ReservedConcurrentExecutions: number | undefined) =>
        lambda.send(new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions }));
      await set(0);
      return () => set(before);
    },
  },
  {
    name: "asynchronous invocations use Lambda's default retries",
    check: "stream-function/retries",
    part: "stream retries",
    plant: async ({ clients: { lambda }, outputs }) => {
      const alias = { FunctionName: outputs["stream-function-name"], Qualifier: "live" };
      await lambda.send(new DeleteFunctionEventInvokeConfigCommand(alias));
      return () =>
        lambda.send(
          new PutFunctionEventInvokeConfigCommand({
            ...alias,
            MaximumRetryAttempts: 2,
            MaximumEventAgeInSeconds: 3_600,
          }),
        );
    },
  },
  {
    name: "a route is not allowed to invoke the function",
    check: "api-function/permissions",
    part: "api permissions",
    plant: async ({ clients: { lambda }, outputs }) => {
      const alias = { FunctionName: outputs["api-function-name"], Qualifier: "live" };
      const { Policy = "{}" } = await lambda.send(new GetFunctionPolicyCommand(alias));
      const [statement] = JSON.parse(Policy).Statement;
      await lambda.send(new RemovePermissionCommand({ ...alias, StatementId: statement.Sid }));
      return () =>
        lambda.send(
          new AddPermissionCommand({
            ...alias,
            StatementId: statement.Sid,
            Action: statement.Action,
            Principal: statement.Principal.Service,
            SourceArn: statement.Condition.ArnLike["AWS:SourceArn"],
          }),
        );
    },
  },
  stageFault(
    "the API throttles every request",
    "stage/throttle",
    [{ op: "replace", path: "/*/*/throttling/rateLimit", value: "0" }],
    [{ op: "replace", path: "/*/*/throttling/rateLimit", value: "100" }],
  ),
  stageFault(
    "tracing is off on the stage",
    "stage/tracing",
    [{ op: "replace", path: "/tracingEnabled", value: "false" }],
    [{ op: "replace", path: "/tracingEnabled", value: "true" }],
  ),
  stageFault(
    "no trace of a request reaches X-Ray",
    "traces/request",
    [{ op: "replace", path: "/tracingEnabled", value: "false" }],
    [{ op: "replace", path: "/tracingEnabled", value: "true" }],
  ),
  stageFault(
    "the API logs request bodies",
    "stage/logging",
    [{ op: "replace", path: "/*/*/logging/dataTrace", value: "true" }],
    [{ op: "replace", path: "/*/*/logging/dataTrace", value: "false" }],
  ),
  stageFault(
    "the access log has no request id",
    "stage/access-log",
    [{ op: "replace", path: "/accessLogSettings/format", value: "$context.status" }],
    [{ op: "replace", path: "/accessLogSettings/format" }],
  ),
  stageFault(
    "the access log goes to another group",
    "logs/access-line",
    [
      {
        op: "replace",
        path: "/accessLogSettings/destinationArn",
        value: "arn:aws:logs:eu-west-1:000000000000:log-group:/aws/vendedlogs/elsewhere",
      },
    ],
    [{ op: "replace", path: "/accessLogSettings/destinationArn" }],
  ),
  {
    name: "a route needs no authorization",
    check: "routes/authorization",
    part: "route /items/{id}",
    plant: async (target) => {
      const method = await methodOf(target, "/items/{id}");
      const set = (value: string) =>
        target.clients.apiGateway.send(
          new UpdateMethodCommand({
            ...method,
            patchOperations: [{ op: "replace", path: "/authorizationType", value }],
          }),
        );
      await set("NONE");
      return () => set("AWS_IAM");
    },
  },
  {
    name: "an unsigned request is accepted",
    check: "api/refuses-unsigned",
    part: "route /health",
    plant: async (target) => {
      const { apiGateway } = target.clients;
      const method = await methodOf(target, "/health");
      const stage = { restApiId: method.restApiId, stageName: target.outputs["api-stage"] };
      const { deploymentId: before } = await apiGateway.send(new GetStageCommand(stage));
      const set = (value: string) =>
        apiGateway.send(
          new UpdateMethodCommand({
            ...method,
            patchOperations: [{ op: "replace", path: "/authorizationType", value }],
          }),
        );
      const serve = (value: string | undefined) =>
        apiGateway.send(
          new UpdateStageCommand({
            ...stage,
            patchOperations: [{ op: "replace", path: "/deploymentId", value }],
          }),
        );
      const { policy: escaped = "" } = await apiGateway.send(
        new GetRestApiCommand({ restApiId: method.restApiId }),
      );
      const policy = JSON.parse(`"${escaped}"`);
      const open = { Effect: "Allow", Principal: "*", Action: "execute-api:Invoke", Resource: "*" };
      const { Statement, ...rest } = JSON.parse(policy);
      const setPolicy = (value: string) =>
        apiGateway.send(
          new UpdateRestApiCommand({
            restApiId: method.restApiId,
            patchOperations: [{ op: "replace", path: "/policy", value }],
          }),
        );
      await set("NONE");
      await setPolicy(JSON.stringify({ ...rest, Statement: [...Statement, open] }));
      // The stage serves a snapshot of the API, so the change is not served before it is deployed.
      const { id } = await apiGateway.send(new CreateDeploymentCommand({ restApiId: method.restApiId }));
      await serve(id);
      return async () => {
        await serve(before);
        await setPolicy(policy);
        await set("AWS_IAM");
        await apiGateway.send(new DeleteDeploymentCommand({ restApiId: method.restApiId, deploymentId: id }));
      };
    },
  },
  ...[
    { responseType: "INTEGRATION_FAILURE", statusCode: undefined },
    { responseType: "DEFAULT_4XX", statusCode: "400" },
  ].map(
    ({ responseType, statusCode }): Fault => ({
      name: `gateway responses of the type ${responseType} are customized by hand`,
      check: "stage/gateway-responses",
      part: `gateway response ${responseType}`,
      plant: async ({ clients: { apiGateway }, outputs }) => {
        const one = { restApiId: outputs["api-id"], responseType: responseType as GatewayResponseType };
        const before = await apiGateway.send(new GetGatewayResponseCommand(one));
        await apiGateway.send(new PutGatewayResponseCommand({ ...before, ...one, statusCode }));
        return () =>
          before.defaultResponse
            ? apiGateway.send(new DeleteGatewayResponseCommand(one))
            : apiGateway.send(new PutGatewayResponseCommand({ ...before, ...one }));
      },
    }),
  ),
  {
    name: "a route calls a version instead of the alias",
    check: "routes/integrations",
    part: "integration /health",
    plant: async (target) => {
      const method = await methodOf(target, "/health");
      const set = (qualifier: string) =>
        target.clients.apiGateway.send(
          new UpdateIntegrationCommand({
            ...method,
            patchOperations: [
              {
                op: "replace",
                path: "/uri",
                value: `arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/${target.outputs["api-function-alias-arn"]?.replace(/live$/, qualifier)}/invocations`,
              },
            ],
          }),
        );
      await set("1");
      return () => set("live");
    },
  },
  {
    name: "an alarm's actions are disabled",
    check: "alarms/actions",
    part: "first alarm",
    plant: async (target) => {
      const { clients } = target;
      const { AlarmNames } = await firstAlarm(target);
      await clients.cloudWatch.send(new DisableAlarmActionsCommand({ AlarmNames }));
      return () => clients.cloudWatch.send(new EnableAlarmActionsCommand({ AlarmNames }));
    },
  },
  {
    name: "an alarm has no actions",
    check: "alarms/actions",
    inEveryRun: true,
    part: "first alarm",
    plant: async (target) => {
      const { put } = await firstAlarm(target);
      await put({ AlarmActions: [] });
      return () => put({});
    },
  },
  {
    name: "an alarm publishes to a topic that does not exist",
    check: "alarms/actions",
    part: "first alarm",
    plant: async (target) => {
      const { outputs } = target;
      const { put } = await firstAlarm(target);
      await put({ AlarmActions: [`${outputs["alarm-topic-arn"]}-gone`] });
      return () => put({});
    },
  },
  {
    name: "an alarm is deleted",
    check: "alarms/exist",
    part: "first alarm",
    plant: async (target) => {
      const { clients } = target;
      const { AlarmNames, put } = await firstAlarm(target);
      await clients.cloudWatch.send(new DeleteAlarmsCommand({ AlarmNames }));
      return () => put({});
    },
  },
  {
    name: "alarms are not allowed to publish to their topic",
    check: "alarms/topic-policy",
    part: "topic",
    plant: async ({ clients: { sns }, outputs }) => {
      const TopicArn = outputs["alarm-topic-arn"];
      const { Attributes } = await sns.send(new GetTopicAttributesCommand({ TopicArn }));
      const set = (AttributeValue: string | undefined) =>
        sns.send(new SetTopicAttributesCommand({ TopicArn, AttributeName: "Policy", AttributeValue }));
      const { Statement, ...policy } = JSON.parse(Attributes?.Policy ?? "{}");
      await set(JSON.stringify({ ...policy, Statement: [Statement[1]] }));
      return () => set(Attributes?.Policy);
    },
  },
  {
    name: "log lines never expire",
    check: "logs/retention",
    part: "function's log group",
    plant: async ({ clients: { logs }, outputs }) => {
      const logGroupName = outputs["api-function-log-group"];
      await logs.send(new DeleteRetentionPolicyCommand({ logGroupName }));
      return () => logs.send(new PutRetentionPolicyCommand({ logGroupName, retentionInDays: 14 }));
    },
  },
  {
    name: "a log group is deleted",
    check: "logs/groups",
    inEveryRun: true,
    part: "delivery's log group",
    plant: async (target) => {
      const { logs } = target.clients;
      const tags = await tagsOf(target);
      const logGroupName = `/aws/kinesisfirehose/${application.name}-access-log-dev`;
      await logs.send(new DeleteLogGroupCommand({ logGroupName }));
      return async () => {
        await logs.send(new CreateLogGroupCommand({ logGroupName, tags }));
        await logs.send(new CreateLogStreamCommand({ logGroupName, logStreamName: "S3Delivery" }));
        await logs.send(new PutRetentionPolicyCommand({ logGroupName, retentionInDays: 14 }));
      };
    },
  },
  ...(["logs/subscription", "logs/bucket-line"] as const).map(
    (check): Fault => ({
      name: `the access log is not delivered to its bucket (${check})`,
      check,
      inEveryRun: check === "logs/subscription",
      part: "subscription",
      plant: async ({ clients: { logs }, outputs }) => {
        const logGroupName = outputs["access-log-group"];
        const { subscriptionFilters: [filter] = [] } = await logs.send(
          new DescribeSubscriptionFiltersCommand({ logGroupName }),
        );
        const { filterName, filterPattern, destinationArn, roleArn } = filter ?? {};
        await logs.send(new DeleteSubscriptionFilterCommand({ logGroupName, filterName }));
        return () =>
          logs.send(
            new PutSubscriptionFilterCommand({
              logGroupName,
              filterName,
              filterPattern,
              destinationArn,
              roleArn,
            }),
          );
      },
    }),
  ),
  {
    name: "the log bucket does not block public access",
    check: "logs-bucket/public-access",
    inEveryRun: true,
    part: "log bucket's access",
    plant: async ({ clients: { s3 }, outputs }) => {
      const Bucket = outputs["log-bucket"];
      await s3.send(new DeletePublicAccessBlockCommand({ Bucket }));
      return () =>
        s3.send(new PutPublicAccessBlockCommand({ Bucket, PublicAccessBlockConfiguration: blockAll }));
    },
  },
  {
    name: "anybody can read the functions' code",
    check: "artifacts-bucket/policy",
    part: "artifacts' policy",
    plant: async ({ clients: { s3 }, outputs }) => {
      const Bucket = outputs["artifact-bucket"];
      const { Policy } = await s3.send(new GetBucketPolicyCommand({ Bucket }));
      const set = (text: string | undefined) => s3.send(new PutBucketPolicyCommand({ Bucket, Policy: text }));
      const policy = JSON.parse(Policy ?? "{}");
      const everybody = {
        Effect: "Allow",
        Principal: "*",
        Action: "s3:GetObject",
        Resource: `arn:aws:s3:::${Bucket}/*`,
      };
      // While public access is blocked, S3 rejects this policy.
      await s3.send(new DeletePublicAccessBlockCommand({ Bucket }));
      await set(JSON.stringify({ ...policy, Statement: [...policy.Statement, everybody] }));
      return async () => {
        await set(Policy);
        await s3.send(new PutPublicAccessBlockCommand({ Bucket, PublicAccessBlockConfiguration: blockAll }));
      };
    },
  },
  {
    name: "anybody in the account can write to the log bucket",
    check: "logs-bucket/policy",
    part: "log bucket's policy",
    plant: async ({ clients: { s3 }, outputs }) => {
      const Bucket = outputs["log-bucket"];
      const { Policy } = await s3.send(new GetBucketPolicyCommand({ Bucket }));
      await s3.send(new DeleteBucketPolicyCommand({ Bucket }));
      return () => s3.send(new PutBucketPolicyCommand({ Bucket, Policy }));
    },
  },
  {
    name: "artifacts are encrypted with another key",
    check: "artifacts-bucket/encryption",
    part: "artifacts' encryption",
    plant: async ({ clients: { s3 }, outputs }) => {
      const set = (SSEAlgorithm: "AES256" | "aws:kms") =>
        s3.send(
          new PutBucketEncryptionCommand({
            Bucket: outputs["artifact-bucket"],
            ServerSideEncryptionConfiguration: {
              Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm } }],
            },
          }),
        );
      await set("aws:kms");
      return () => set("AES256");
    },
  },
  {
    name: "the artifact bucket is not versioned",
    check: "artifacts-bucket/versioning",
    part: "artifacts' versions",
    plant: async ({ clients: { s3 }, outputs }) => {
      const set = (Status: "Enabled" | "Suspended") =>
        s3.send(
          new PutBucketVersioningCommand({
            Bucket: outputs["artifact-bucket"],
            VersioningConfiguration: { Status },
          }),
        );
      await set("Suspended");
      return () => set("Enabled");
    },
  },
  {
    name: "other accounts can own objects in the log bucket",
    check: "logs-bucket/ownership",
    part: "log bucket's ownership",
    plant: async ({ clients: { s3 }, outputs }) => {
      const set = (ObjectOwnership: "BucketOwnerEnforced" | "ObjectWriter") =>
        s3.send(
          new PutBucketOwnershipControlsCommand({
            Bucket: outputs["log-bucket"],
            OwnershipControls: { Rules: [{ ObjectOwnership }] },
          }),
        );
      await set("ObjectWriter");
      return () => set("BucketOwnerEnforced");
    },
  },
  {
    name: "objects in the log bucket never expire",
    check: "logs-bucket/retention",
    part: "log bucket's lifecycle",
    plant: async ({ clients: { s3 }, outputs }) => {
      const Bucket = outputs["log-bucket"];
      const { Rules } = await s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket }));
      await s3.send(new DeleteBucketLifecycleCommand({ Bucket }));
      return () =>
        s3.send(new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration: { Rules } }));
    },
  },
  {
    name: "a parameter differs from its output",
    check: "output/parameters",
    part: "parameters",
    plant: async ({ clients: { ssm }, outputs }) => {
      const set = (Value: string | undefined) =>
        ssm.send(
          new PutParameterCommand({ Name: `/${application.name}/dev/table-name`, Value, Overwrite: true }),
        );
      await set("another-table");
      return () => set(outputs["table-name"]);
    },
  },
  {
    name: "a parameter is deleted",
    check: "output/parameters",
    part: "parameters",
    plant: async (target) => {
      const { ssm } = target.clients;
      const Tags = tagList(await tagsOf(target));
      const Name = `/${application.name}/dev/event-bus-name`;
      const { Parameter } = await ssm.send(new GetParameterCommand({ Name }));
      await ssm.send(new DeleteParameterCommand({ Name }));
      return () =>
        ssm.send(
          new PutParameterCommand({
            Name,
            Value: Parameter?.Value,
            Type: "String",
            Description: "Output event-bus-name of dev-stack",
            Tags,
          }),
        );
    },
  },
  {
    name: "the dashboard is deleted",
    check: "dashboard/exists",
    part: "dashboard",
    plant: async ({ clients: { cloudWatch } }) => {
      const DashboardName = `${application.name}-overview-dev`;
      const { DashboardBody } = await cloudWatch.send(new GetDashboardCommand({ DashboardName }));
      await cloudWatch.send(new DeleteDashboardsCommand({ DashboardNames: [DashboardName] }));
      return () => cloudWatch.send(new PutDashboardCommand({ DashboardName, DashboardBody }));
    },
  },
  ...(["output/event-bus-name", "changes/event"] as const).map(
    (check): Fault => ({
      name: `the event bus is deleted (${check})`,
      check,
      part: "bus",
      plant: async (target) => {
        const { events } = target.clients;
        const Tags = tagList(await tagsOf(target));
        const Name = target.outputs["event-bus-name"];
        await events.send(new DeleteEventBusCommand({ Name }));
        return () => events.send(new CreateEventBusCommand({ Name, Description: "Item changes", Tags }));
      },
    }),
  ),
  ...(["changes/mapping", "changes/event"] as const).map(
    (check): Fault => ({
      name: `nothing reads the table's stream (${check})`,
      check,
      inEveryRun: check === "changes/event",
      part: "bus",
      plant: async ({ clients: { lambda } }) => {
        const { EventSourceMappings: [mapping] = [] } = await lambda.send(
          new ListEventSourceMappingsCommand({}),
        );
        const set = (Enabled: boolean) =>
          lambda.send(new UpdateEventSourceMappingCommand({ UUID: mapping?.UUID, Enabled }));
        await set(false);
        return () => set(true);
      },
    }),
  ),
  {
    name: "a role has no permissions",
    check: "roles/policies",
    part: "roles' policies",
    plant: async ({ clients: { iam }, outputs }) => {
      const policy = {
        RoleName: outputs["stream-function-name"],
        PolicyName: outputs["stream-function-name"],
      };
      const { PolicyDocument = "" } = await iam.send(new GetRolePolicyCommand(policy));
      await iam.send(new DeleteRolePolicyCommand(policy));
      return () =>
        iam.send(new PutRolePolicyCommand({ ...policy, PolicyDocument: decodeURIComponent(PolicyDocument) }));
    },
  },
  {
    name: "a role has administrator access",
    check: "roles/no-extra-policies",
    inEveryRun: true,
    part: "roles' attachments",
    plant: async ({ clients: { iam }, outputs }) => {
      const attachment = {
        RoleName: outputs["api-function-name"],
        PolicyArn: "arn:aws:iam::aws:policy/AdministratorAccess",
      };
      await iam.send(new AttachRolePolicyCommand(attachment));
      return () => iam.send(new DetachRolePolicyCommand(attachment));
    },
  },
  {
    name: "the policy that lets callers invoke the API is deleted",
    check: "output/api-invoke-policy-arn",
    part: "invoke policy",
    plant: async (target) => {
      const { clients, outputs } = target;
      const { iam } = clients;
      const Tags = tagList(await tagsOf(target));
      const PolicyArn = outputs["api-invoke-policy-arn"];
      const { Policy } = await iam.send(new GetPolicyCommand({ PolicyArn }));
      const { PolicyVersion } = await iam.send(
        new GetPolicyVersionCommand({ PolicyArn, VersionId: Policy?.DefaultVersionId }),
      );
      await iam.send(new DeletePolicyCommand({ PolicyArn }));
      return () =>
        iam.send(
          new CreatePolicyCommand({
            PolicyName: Policy?.PolicyName,
            Description: Policy?.Description,
            Tags,
            PolicyDocument: decodeURIComponent(PolicyVersion?.Document ?? ""),
          }),
        );
    },
  },
];

/** Only a deployment fixes these: a stream that is enabled again is a new stream, which nothing reads. */
export const faultsWithoutUndo: readonly Fault[] = (["table/stream", "changes/event"] as const).map(
  (check) => ({
    name: `the table has no stream (${check})`,
    check,
    part: "stream",
    plant: async ({ clients: { dynamoDb }, outputs }) => {
      await dynamoDb.send(
        new UpdateTableCommand({
          TableName: outputs["table-name"],
          StreamSpecification: { StreamEnabled: false },
        }),
      );
      return async () => {};
    },
  }),
);

/** Groups faults that can be planted together, into as few groups as their parts allow. */
export function groupFaults(all: readonly Fault[]): readonly (readonly Fault[])[] {
  const groups: Fault[][] = [];
  for (const fault of all) {
    const group = fault.alone
      ? undefined
      : groups.find((others) => others.every((other) => !other.alone && !overlaps(fault, other)));
    if (group) group.push(fault);
    else groups.push([fault]);
  }
  return groups;
}

function overlaps({ part }: Fault, other: Fault): boolean {
  return part.startsWith(other.part) || other.part.startsWith(part);
}
