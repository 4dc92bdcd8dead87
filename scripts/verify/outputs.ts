import { GetRestApiCommand, GetStageCommand } from "@aws-sdk/client-api-gateway";
import { DescribeLogGroupsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { DescribeTableCommand } from "@aws-sdk/client-dynamodb";
import { DescribeEventBusCommand } from "@aws-sdk/client-eventbridge";
import { GetPolicyCommand } from "@aws-sdk/client-iam";
import { GetFunctionConfigurationCommand } from "@aws-sdk/client-lambda";
import { HeadBucketCommand } from "@aws-sdk/client-s3";
import { GetTopicAttributesCommand } from "@aws-sdk/client-sns";
import { GetQueueAttributesCommand } from "@aws-sdk/client-sqs";
import { GetParametersCommand } from "@aws-sdk/client-ssm";
import { application } from "../../stacks/environments";
import type { Check } from "./check";
import type { Deployment } from "./deployment";
import { CheckFailedError, differs, requireNoProblems } from "./verdict";

type Reach = (deployment: Deployment, value: string) => Promise<unknown>;

/** How to reach the resource that each output names. Every environment's stack has all of these outputs. */
export const reaches: Readonly<Record<string, Reach>> = {
  "api-url": reachUrl,
  "api-id": ({ clients }, restApiId) => clients.apiGateway.send(new GetRestApiCommand({ restApiId })),
  "api-stage": (deployment, stageName) =>
    deployment.clients.apiGateway.send(
      new GetStageCommand({ restApiId: deployment.output("api-id"), stageName }),
    ),
  "api-invoke-policy-arn": ({ clients }, PolicyArn) => clients.iam.send(new GetPolicyCommand({ PolicyArn })),
  "api-function-name": reachFunction,
  "api-function-alias-arn": reachFunction,
  "api-function-log-group": reachLogGroup,
  "stream-function-name": reachFunction,
  "stream-function-log-group": reachLogGroup,
  "table-name": ({ clients }, TableName) => clients.dynamoDb.send(new DescribeTableCommand({ TableName })),
  "event-bus-name": ({ clients }, Name) => clients.events.send(new DescribeEventBusCommand({ Name })),
  "dead-letter-queue-url": ({ clients }, QueueUrl) =>
    clients.sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["QueueArn"] })),
  "artifact-bucket": ({ clients }, Bucket) => clients.s3.send(new HeadBucketCommand({ Bucket })),
  "log-bucket": ({ clients }, Bucket) => clients.s3.send(new HeadBucketCommand({ Bucket })),
  "access-log-group": reachLogGroup,
  "alarm-topic-arn": ({ clients }, TopicArn) => clients.sns.send(new GetTopicAttributesCommand({ TopicArn })),
};

export const outputChecks: readonly Check[] = [
  ...Object.entries(reaches).map(
    ([name, reach]): Check => ({
      name: `output/${name}`,
      run: async (deployment) => {
        const value = deployment.output(name);
        await reach(deployment, value);
        return value;
      },
    }),
  ),
  {
    name: "output/parameters",
    run: async (deployment) => {
      const path = `/${application.name}/${deployment.environment.name}/`;
      const names = Object.keys(deployment.outputs);
      const found = new Map<string, string>();
      // 10 is the maximum of one call.
      for (let from = 0; from < names.length; from += 10) {
        const { Parameters = [] } = await deployment.clients.ssm.send(
          new GetParametersCommand({ Names: names.slice(from, from + 10).map((name) => `${path}${name}`) }),
        );
        for (const { Name = "", Value = "" } of Parameters) found.set(Name.slice(path.length), Value);
      }
      requireNoProblems(
        names.map((name) => differs(`${path}${name}`, found.get(name), deployment.outputs[name])),
      );
      return `all ${names.length} in ${path}`;
    },
  },
];

/** Any response counts, even a refusal. */
async function reachUrl({ emulator, environment, outputs }: Deployment, value: string): Promise<void> {
  const own = `https://${outputs["api-id"]}.execute-api.${environment.region}.amazonaws.com/${outputs["api-stage"]}`;
  if (!environment.domain) requireNoProblems([differs("the URL", value, own)]);
  // On a laptop the API has another URL, which every other check calls.
  if (!emulator) await fetch(`${value}/health`, { signal: AbortSignal.timeout(10_000) });
}

function reachFunction({ clients }: Deployment, FunctionName: string) {
  return clients.lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
}

async function reachLogGroup({ clients }: Deployment, name: string): Promise<void> {
  const { logGroups = [] } = await clients.logs.send(
    new DescribeLogGroupsCommand({ logGroupNamePrefix: name }),
  );
  if (!logGroups.some(({ logGroupName }) => logGroupName === name))
    throw new CheckFailedError(`${name} does not exist`);
}
