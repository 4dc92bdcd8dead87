import {
  type CloudWatchLogsClient,
  DescribeLogGroupsCommand,
  DescribeSubscriptionFiltersCommand,
  FilterLogEventsCommand,
  type LogGroup,
} from "@aws-sdk/client-cloudwatch-logs";
import { DescribeDeliveryStreamCommand } from "@aws-sdk/client-firehose";
import type { Check } from "./check";
import { DeliveredLine } from "./delivered-line";
import type { Deployment } from "./deployment";
import { tracedRequest } from "./traced-request";
import { CheckFailedError, differs, requireNoProblems, UncheckedError } from "./verdict";

const minute = 60_000;

/** The log lines of one request, and the log groups and delivery that keep them. */
export const logChecks: readonly Check[] = [
  {
    name: "logs/function-line",
    run: async (deployment, report) => {
      if (deployment.environment.logLevel === "ERROR") {
        throw new UncheckedError("the function logs only errors, and this request caused none");
      }
      const { functionRequestId } = await tracedRequest(deployment);
      const group = deployment.output("api-function-log-group");
      return lineOf(deployment, group, functionRequestId, report);
    },
  },
  {
    name: "logs/access-line",
    run: async (deployment, report) => {
      const { requestId } = await tracedRequest(deployment);
      return lineOf(deployment, deployment.output("access-log-group"), requestId, report);
    },
  },
  {
    name: "logs/bucket-line",
    run: async (deployment, report) => {
      const { requestId } = await tracedRequest(deployment);
      const line = new DeliveredLine(deployment, requestId);
      // Firehose buffers for five minutes.
      const wait = { awsSeconds: 600, emulatorSeconds: 15, everySeconds: 15 };
      const key = await deployment.until(wait, () => line.find(), report);
      if (key) return `in ${key}${line.strays}`;
      throw new CheckFailedError(
        `the request's log line did not arrive in ${deployment.output("log-bucket")}${line.strays}`,
      );
    },
  },
  {
    name: "logs/groups",
    run: async (deployment) => {
      const groups = await groupsOf(deployment);
      requireNoProblems(groups.map(({ name, found }) => !found && `${name} does not exist`));
      return `all ${groups.length} exist`;
    },
  },
  {
    name: "logs/retention",
    run: async (deployment) => {
      const { logRetentionDays } = deployment.environment;
      const groups = await groupsOf(deployment);
      requireNoProblems(
        groups.map(
          ({ name, found }) =>
            found && differs(`the number of days of ${name}`, found.retentionInDays, logRetentionDays),
        ),
      );
      return `${logRetentionDays} days`;
    },
  },
  {
    name: "logs/encryption",
    applies: ({ environment }) => environment.customerKey,
    run: async (deployment) => {
      const groups = await groupsOf(deployment);
      requireNoProblems(
        groups.map(({ name, found }) => found && !found.kmsKeyId && `${name} is not encrypted with a key`),
      );
      return "with the environment's key";
    },
  },
  {
    name: "logs/subscription",
    run: async (deployment) => {
      const [stream] = deployment.resources("aws_kinesis_firehose_delivery_stream");
      const { subscriptionFilters = [] } = await deployment.clients.logs.send(
        new DescribeSubscriptionFiltersCommand({ logGroupName: deployment.output("access-log-group") }),
      );
      const subscription = subscriptionFilters.find(({ destinationArn }) => destinationArn === stream?.arn);
      if (!subscription)
        throw new CheckFailedError("the delivery stream is not subscribed to the access log");
      requireNoProblems([differs("its filter pattern", subscription.filterPattern ?? "", "")]);
      return "every line is sent to the delivery stream";
    },
  },
  {
    name: "logs/delivery-stream",
    run: async (deployment) => {
      const [made] = deployment.resources("aws_kinesis_firehose_delivery_stream");
      const { DeliveryStreamDescription: stream } = await deployment.clients.firehose.send(
        new DescribeDeliveryStreamCommand({ DeliveryStreamName: `${made?.name}` }),
      );
      const [destination] = stream?.Destinations ?? [];
      const s3 = destination?.ExtendedS3DestinationDescription;
      requireNoProblems([
        differs("its status", stream?.DeliveryStreamStatus, "ACTIVE"),
        differs("its encryption", stream?.DeliveryStreamEncryptionConfiguration?.Status, "ENABLED"),
        differs("its bucket", s3?.BucketARN, `arn:aws:s3:::${deployment.output("log-bucket")}`),
        differs("its compression", s3?.CompressionFormat, "GZIP"),
      ]);
      return "active, encrypted, delivers to the log bucket";
    },
  },
];

async function lineOf(
  deployment: Deployment,
  logGroupName: string,
  requestId: string,
  report: (detail: string) => void,
): Promise<string> {
  const look = async () => {
    const { events = [] } = await deployment.clients.logs.send(
      new FilterLogEventsCommand({
        logGroupName,
        filterPattern: `"${requestId}"`,
        // This machine's clock may be ahead.
        startTime: deployment.startedAt.getTime() - 5 * minute,
      }),
    );
    return events.length > 0 ? events : undefined;
  };
  const events = await deployment.until({ awsSeconds: 120, emulatorSeconds: 15 }, look, report);
  if (events) return `request ${requestId} is in ${logGroupName}`;
  throw new CheckFailedError(`no line of request ${requestId} arrived in ${logGroupName}`);
}

function groupsOf(deployment: Deployment) {
  return deployment.once("log groups", () =>
    Promise.all(
      deployment.resources("aws_cloudwatch_log_group").map(async (made) => {
        const name = `${made.name}`;
        return { name, found: await groupNamed(deployment.clients.logs, name) };
      }),
    ),
  );
}

async function groupNamed(logs: CloudWatchLogsClient, name: string): Promise<LogGroup | undefined> {
  const { logGroups = [] } = await logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: name }));
  return logGroups.find(({ logGroupName }) => logGroupName === name);
}
