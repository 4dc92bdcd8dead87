import {
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
} from "@aws-sdk/client-dynamodb";
import type { Check } from "./check";
import type { Deployment } from "./deployment";
import { differs, requireNoProblems } from "./verdict";

/** The live items table. */
export const tableChecks: readonly Check[] = [
  {
    name: "table/keys",
    run: async (deployment) => {
      const table = await tableOf(deployment);
      const keys = table?.KeySchema?.map(({ AttributeName, KeyType }) => {
        const type = table.AttributeDefinitions?.find((defined) => defined.AttributeName === AttributeName);
        return `${KeyType} ${AttributeName} ${type?.AttributeType}`;
      });
      requireNoProblems([
        differs("its status", table?.TableStatus, "ACTIVE"),
        differs("its keys", keys, ["HASH id S", "RANGE timestamp N"]),
        differs("its billing mode", table?.BillingModeSummary?.BillingMode, "PAY_PER_REQUEST"),
      ]);
      return "id (string), timestamp (number), on demand";
    },
  },
  {
    name: "table/stream",
    run: async (deployment) => {
      const { StreamEnabled, StreamViewType } = (await tableOf(deployment))?.StreamSpecification ?? {};
      requireNoProblems([
        !StreamEnabled && "it has no stream",
        StreamEnabled && differs("its stream view", StreamViewType, "NEW_AND_OLD_IMAGES"),
      ]);
      return "new and old images";
    },
  },
  {
    name: "table/point-in-time-recovery",
    run: async (deployment) => {
      const { ContinuousBackupsDescription: backups } = await deployment.clients.dynamoDb.send(
        new DescribeContinuousBackupsCommand({ TableName: deployment.output("table-name") }),
      );
      const recovery = backups?.PointInTimeRecoveryDescription;
      requireNoProblems([differs("its status", recovery?.PointInTimeRecoveryStatus, "ENABLED")]);
      return "on";
    },
  },
  {
    name: "table/time-to-live",
    run: async (deployment) => {
      const { TimeToLiveDescription: live } = await deployment.clients.dynamoDb.send(
        new DescribeTimeToLiveCommand({ TableName: deployment.output("table-name") }),
      );
      requireNoProblems([
        live?.TimeToLiveStatus !== "ENABLED" &&
          live?.TimeToLiveStatus !== "ENABLING" &&
          `its status is ${live?.TimeToLiveStatus}`,
        differs("its attribute", live?.AttributeName, "expiresAt"),
      ]);
      return "on expiresAt";
    },
  },
  {
    name: "table/deletion-protection",
    run: async (deployment) => {
      const table = await tableOf(deployment);
      const { deletionProtection } = deployment.environment;
      requireNoProblems([
        differs("deletion protection", table?.DeletionProtectionEnabled ?? false, deletionProtection),
      ]);
      return deletionProtection ? "on" : "off, as set in environments.ts";
    },
  },
  {
    name: "table/encryption",
    run: async (deployment) => {
      const { SSEType, KMSMasterKeyArn, Status } = (await tableOf(deployment))?.SSEDescription ?? {};
      // Without a description it is DynamoDB's own key: a table is never unencrypted.
      if (!deployment.environment.customerKey) return SSEType ? `${SSEType}` : "with DynamoDB's own key";
      const [key] = deployment.resources("aws_kms_key");
      requireNoProblems([
        differs("its key", KMSMasterKeyArn, key?.arn),
        differs("its encryption", Status, "ENABLED"),
      ]);
      return "with the environment's key";
    },
  },
];

function tableOf(deployment: Deployment) {
  return deployment.once("table", async () => {
    const { Table } = await deployment.clients.dynamoDb.send(
      new DescribeTableCommand({ TableName: deployment.output("table-name") }),
    );
    return Table;
  });
}
