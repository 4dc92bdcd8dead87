import { APIGatewayClient, PutIntegrationCommand, UpdateAccountCommand } from "@aws-sdk/client-api-gateway";
import { CloudWatchLogsClient, FilterLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { CreateDeliveryStreamCommand, FirehoseClient, PutRecordCommand } from "@aws-sdk/client-firehose";
import {
  DeleteRoleCommand,
  IAMClient,
  PutRolePolicyCommand,
  UpdateAssumeRolePolicyCommand,
} from "@aws-sdk/client-iam";
import {
  AddPermissionCommand,
  CreateEventSourceMappingCommand,
  InvokeCommand,
  LambdaClient,
  PutFunctionEventInvokeConfigCommand,
  UpdateEventSourceMappingCommand,
  UpdateFunctionConfigurationCommand,
} from "@aws-sdk/client-lambda";
import { CreateBucketCommand, S3Client } from "@aws-sdk/client-s3";
import { CreateQueueCommand, SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { account, type ClientConfig, useEmulators } from "../gaps/emulators";
import { signedFetch } from "../signed-fetch";
import { until } from "../until";
import { createRole, document, type Statement, sessionOf } from "./account";
import { arnOf as arn, createApi, createFunction, once } from "./resources";

const queueArn = arn("sqs", "work");
const logs = { Action: "logs:*", Resource: "*" };
const work = { Action: "sqs:*", Resource: queueArn };
const apiGateway = { Service: "apigateway.amazonaws.com" };
const unassumable = "The role defined for the function cannot be assumed by Lambda.";

/** Roles that services are given, and what they may do with them later. */
describe("a service's role", () => {
  const emulators = useEmulators();
  let config: ClientConfig;
  let lambda: LambdaClient;
  let iam: IAMClient;

  beforeAll(async () => {
    config = emulators.withGaps;
    lambda = new LambdaClient(once(config));
    iam = new IAMClient(config);
    await new SQSClient(config).send(new CreateQueueCommand({ QueueName: "work" }));
    await new S3Client({ ...config, forcePathStyle: true }).send(
      new CreateBucketCommand({ Bucket: "lines" }),
    );
  });

  it("must trust Lambda when a function gets another one", async () => {
    await functionWith("updated");
    const Role = await createRole(config, "not-for-lambda", { principal: { Service: "ecs.amazonaws.com" } });

    const update = lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName: "updated", Role }));

    await expect(update).rejects.toMatchObject({
      name: "InvalidParameterValueException",
      message: unassumable,
    });
  });

  it.each<[string, (RoleName: string) => Promise<unknown>]>([
    [
      "stops trusting Lambda",
      (RoleName) => {
        const PolicyDocument = document({
          Action: "sts:AssumeRole",
          Principal: { Service: "ecs.amazonaws.com" },
        });
        return iam.send(new UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument }));
      },
    ],
    ["is deleted", (RoleName) => iam.send(new DeleteRoleCommand({ RoleName }))],
  ])("fails its function's invocations once it %s", async (title, change) => {
    const name = `changed-${title.length}`;
    await functionWith(name);
    const { apiId, url } = await createApi(config, arn("lambda", `function:${name}`));
    await permit(name, apiId);
    expect((await signedFetch(url)).status).toBe(200);

    await change(name);

    await expect(lambda.send(new InvokeCommand({ FunctionName: name }))).rejects.toMatchObject({
      name: "AccessDeniedException",
      message: unassumable,
    });
    expect((await signedFetch(url)).status).toBe(500);
    expect(await denied("sts:AssumeRole")).toMatchObject({
      resource: `arn:aws:iam::${account}:role/${name}`,
    });
  });

  it("lets Lambda read a queue as long as it may", async () => {
    await functionWith("reader", logs, work);
    await lambda.send(
      new CreateEventSourceMappingCommand({ FunctionName: "reader", EventSourceArn: queueArn }),
    );

    await putPolicy("reader", logs);
    const MessageBody = "hello";
    const QueueUrl = `${config.endpoint}/${account}/work`;
    await new SQSClient(config).send(new SendMessageCommand({ QueueUrl, MessageBody }));

    expect(await denied("sqs:ReceiveMessage")).toMatchObject({ resource: queueArn });
    expect(await hasRun("reader")).toBe(false);

    await putPolicy("reader", logs, work);

    expect(await until("the function's run", 15, async () => (await hasRun("reader")) || undefined)).toBe(
      true,
    );
  });

  it("must be able to read the queue when a mapping gets another function", async () => {
    await functionWith("first", logs, work);
    await functionWith("second", logs);
    const mapping = new CreateEventSourceMappingCommand({ FunctionName: "first", EventSourceArn: queueArn });
    const { UUID } = await lambda.send(mapping);

    const update = lambda.send(new UpdateEventSourceMappingCommand({ UUID, FunctionName: "second" }));

    await expect(update).rejects.toMatchObject({
      name: "InvalidParameterValueException",
      message: "The function execution role does not have permissions to call ReceiveMessage on SQS",
    });
    await expect(
      lambda.send(new UpdateEventSourceMappingCommand({ UUID, BatchSize: 5 })),
    ).resolves.toBeDefined();
  });

  it("must be able to write to the destinations of asynchronous invocations", async () => {
    await functionWith("asynchronous", logs);
    const put = () =>
      lambda.send(
        new PutFunctionEventInvokeConfigCommand({
          FunctionName: "asynchronous",
          DestinationConfig: { OnFailure: { Destination: queueArn } },
        }),
      );

    await expect(put()).rejects.toMatchObject({
      name: "InvalidParameterValueException",
      message: `The function's execution role does not have permissions to call SendMessage on ${queueArn}`,
    });
    await putPolicy("asynchronous", logs, work);
    await expect(put()).resolves.toBeDefined();
  });

  it.each<[string, object, Statement[], number]>([
    ["that trusts API Gateway and may invoke", apiGateway, [invoke("integrated-38")], 200],
    ["that may not invoke", apiGateway, [], 500],
    ["that trusts another service", { Service: "ecs.amazonaws.com" }, [invoke("integrated-27")], 500],
  ])(
    "of an integration decides instead of the function's policy: %s",
    async (title, principal, statements, status) => {
      const name = `integrated-${title.length}`;
      await functionWith(name, logs);
      const role = await createRole(config, `for-${name}`, { principal, statements });

      const { url } = await createApi(config, arn("lambda", `function:${name}`), role);

      expect((await signedFetch(url)).status).toBe(status);
    },
  );

  it("must trust Firehose, and may write only what it is allowed to", async () => {
    const stream = (DeliveryStreamName: string, RoleARN: string) =>
      new FirehoseClient(once(config)).send(
        new CreateDeliveryStreamCommand({
          DeliveryStreamName,
          ExtendedS3DestinationConfiguration: { RoleARN, BucketARN: "arn:aws:s3:::lines" },
        }),
      );
    const mistrusting = await createRole(config, "not-for-firehose");
    const trusting = await createRole(config, "for-firehose", {
      principal: { Service: "firehose.amazonaws.com" },
    });

    await expect(stream("refused", mistrusting)).rejects.toMatchObject({
      name: "InvalidArgumentException",
      message: `Firehose is unable to assume role ${mistrusting}. Please check the role provided.`,
    });
    await stream("silent", trusting);
    const Record = { Data: Buffer.from("line") };
    await new FirehoseClient(config).send(new PutRecordCommand({ DeliveryStreamName: "silent", Record }));

    expect(await denied("s3:PutObject")).toMatchObject({ role: trusting });
  });

  it("must trust EventBridge Scheduler", async () => {
    const schedule = (name: string, RoleArn: string) =>
      signedFetch(
        `${config.endpoint}/schedules/${name}`,
        {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify({
            ScheduleExpression: "rate(1 day)",
            FlexibleTimeWindow: { Mode: "OFF" },
            Target: { Arn: queueArn, RoleArn },
          }),
        },
        { service: "scheduler" },
      );
    const trusting = await createRole(config, "for-schedules", {
      principal: { Service: "scheduler.amazonaws.com" },
    });

    const refused = await schedule("refused", await createRole(config, "not-for-schedules"));
    const accepted = await schedule("accepted", trusting);

    expect([refused.status, accepted.status]).toEqual([400, 200]);
    expect(await refused.text()).toContain(
      "The execution role you provide must allow AWS EventBridge Scheduler to assume the role.",
    );
  });

  it("is passed to API Gateway only with iam:PassRole", async () => {
    const role = await createRole(config, "for-api-gateway", { principal: apiGateway });
    const { method } = await createApi(config, arn("lambda", "function:none"));
    const session = async (name: string, ...actions: string[]) => {
      const statements = [{ Action: actions, Resource: "*" }];
      return new APIGatewayClient(await sessionOf(config, await createRole(config, name, { statements })));
    };
    const patch = { op: "replace" as const, path: "/cloudwatchRoleArn", value: role };
    const logRole = new UpdateAccountCommand({ patchOperations: [patch] });
    const integration = new PutIntegrationCommand({
      ...method,
      type: "AWS_PROXY",
      integrationHttpMethod: "POST",
      credentials: role,
      uri: `arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/${arn("lambda", "function:none")}/invocations`,
    });
    const lacking = await session("without-pass-role", "apigateway:*");
    const holding = await session("with-pass-role", "apigateway:*", "iam:PassRole");
    const message = expect.stringContaining(
      `is not authorized to perform: iam:PassRole on resource: ${role}`,
    );

    await expect(lacking.send(logRole)).rejects.toMatchObject({ message });
    await expect(lacking.send(integration)).rejects.toMatchObject({ message });
    await expect(holding.send(logRole)).resolves.toBeDefined();
    await expect(holding.send(integration)).resolves.toBeDefined();
  });

  function invoke(name: string): Statement {
    return { Action: "lambda:InvokeFunction", Resource: arn("lambda", `function:${name}`) };
  }

  /** Creates a function, and a role of the same name for it. */
  async function functionWith(name: string, ...statements: readonly Statement[]): Promise<void> {
    await createFunction(config, name, await createRole(config, name, { statements }));
  }

  async function putPolicy(RoleName: string, ...statements: readonly Statement[]): Promise<void> {
    const PolicyDocument = document(...statements);
    await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: "own", PolicyDocument }));
  }

  async function permit(FunctionName: string, apiId: string): Promise<void> {
    await lambda.send(
      new AddPermissionCommand({
        FunctionName,
        StatementId: "api",
        Action: "lambda:InvokeFunction",
        Principal: "apigateway.amazonaws.com",
        SourceArn: arn("execute-api", `${apiId}/*`),
      }),
    );
  }

  async function hasRun(name: string): Promise<boolean> {
    const logGroupName = `/aws/lambda/${name}`;
    const { events = [] } = await new CloudWatchLogsClient(config)
      .send(new FilterLogEventsCommand({ logGroupName }))
      .catch(() => ({ events: [] }));
    return events.length > 0;
  }

  /** The latest denial of an action. */
  function denied(action: string) {
    const found = () => emulators.denied.findLast((denial) => denial.action === action);
    return until(`a denial of ${action}`, 5, async () => found());
  }
});
