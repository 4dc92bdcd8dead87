import { jsonRequest, queryRequest, refusalOf, restRequest, type SentRequest } from "./requests";

const createFunction = (changed: object) =>
  restRequest("lambda", "POST", "/2015-03-31/functions", {
    FunctionName: "f",
    Role: "arn:aws:iam::123456789012:role/r",
    Code: { S3Bucket: "bucket", S3Key: "key" },
    ...changed,
  });
const updateFunction = (changed: object) =>
  restRequest("lambda", "PUT", "/2015-03-31/functions/f/configuration", changed);
const mapping = (changed: object) =>
  restRequest("lambda", "POST", "/2015-03-31/event-source-mappings", {
    FunctionName: "f",
    EventSourceArn: "arn:aws:sqs:eu-west-1:123456789012:q",
    ...changed,
  });
const rule = (changed: object) => jsonRequest("events", "AWSEvents.PutRule", { Name: "r", ...changed });
const stage = (stageName: string) =>
  restRequest("apigateway", "POST", "/restapis/a/stages", { stageName, deploymentId: "d" });
const lifecycle = (days: number) =>
  restRequest(
    "s3",
    "PUT",
    "/b?lifecycle",
    `<LifecycleConfiguration><Rule><Status>Enabled</Status><Expiration><Days>${days}</Days></Expiration></Rule></LifecycleConfiguration>`,
  );
const policy = (...statements: readonly object[]) =>
  queryRequest("iam", "2010-05-08", {
    Action: "PutRolePolicy",
    RoleName: "r",
    PolicyName: "p",
    PolicyDocument: JSON.stringify({ Version: "2012-10-17", Statement: statements }),
  });
/** With its name and JSON's punctuation, {"vv":"…"}. */
const variables = (bytes: number) => ({ Environment: { Variables: { vv: "x".repeat(bytes - 9) } } });

describe("What services check beyond their models", () => {
  it.each<[string, SentRequest, string]>([
    [
      "a function's name of 65 characters",
      createFunction({ FunctionName: "f".repeat(65) }),
      "ValidationException",
    ],
    ["4,097 bytes of variables", createFunction(variables(4_097)), "InvalidParameterValueException"],
    ["4,097 bytes of variables later", updateFunction(variables(4_097)), "InvalidParameterValueException"],
    ["a batch of 11 messages without a window", mapping({ BatchSize: 11 }), "InvalidParameterValueException"],
    ["a stage's name with an exclamation mark", stage("a!"), "BadRequestException"],
    ["a stage's name of 129 characters", stage("a".repeat(129)), "BadRequestException"],
    ["a rate of 1 minutes", rule({ ScheduleExpression: "rate(1 minutes)" }), "ValidationException"],
    ["a rate of 2 minute", rule({ ScheduleExpression: "rate(2 minute)" }), "ValidationException"],
    ["a rate of 0 days", rule({ ScheduleExpression: "rate(0 days)" }), "ValidationException"],
    [
      "both days in a cron expression",
      rule({ ScheduleExpression: "cron(0 12 1 * MON *)" }),
      "ValidationException",
    ],
    ["no question mark", rule({ ScheduleExpression: "cron(0 12 * * * *)" }), "ValidationException"],
    [
      "a cron expression of five fields",
      rule({ ScheduleExpression: "cron(0 12 * * ?)" }),
      "ValidationException",
    ],
    ["an expiration after 0 days", lifecycle(0), "InvalidArgument"],
    [
      "an action without a service",
      policy({ Effect: "Allow", Action: "dynamodb", Resource: "*" }),
      "MalformedPolicyDocument",
    ],
    [
      "such an action in a second statement",
      policy(
        { Effect: "Allow", Action: "*", Resource: "*" },
        { Effect: "Deny", NotAction: ["s3:*", "x"], Resource: "*" },
      ),
      "MalformedPolicyDocument",
    ],
  ])("are told by %s", (_, sent, code) => {
    expect(refusalOf(sent)?.refusal.code).toBe(code);
  });

  it.each<[string, SentRequest]>([
    ["a function's name of 64 characters", createFunction({ FunctionName: "f".repeat(64) })],
    [
      "a function's ARN",
      createFunction({ FunctionName: `arn:aws:lambda:eu-west-1:123456789012:function:${"f".repeat(64)}` }),
    ],
    ["4,096 bytes of variables", createFunction(variables(4_096))],
    ["a batch of 11 messages with a window", mapping({ BatchSize: 11, MaximumBatchingWindowInSeconds: 1 })],
    ["a batch of 10 messages", mapping({ BatchSize: 10 })],
    [
      "a batch of 100 records",
      mapping({ BatchSize: 100, EventSourceArn: "arn:aws:dynamodb:eu-west-1:123456789012:table/t/stream/s" }),
    ],
    ["a stage's name", stage("dev-1_a")],
    ["rates", rule({ ScheduleExpression: "rate(1 minute)" })],
    ["other rates", rule({ ScheduleExpression: "rate(15 minutes)" })],
    ["a cron expression", rule({ ScheduleExpression: "cron(0/15 12 ? * MON-FRI *)" })],
    ["an expiration after 1 day", lifecycle(1)],
    ["actions with wildcards", policy({ Effect: "Allow", Action: ["s3:Get*", "*"], Resource: "*" })],
  ])("let %s pass", (_, sent) => {
    expect(refusalOf(sent)).toBeUndefined();
  });
});
