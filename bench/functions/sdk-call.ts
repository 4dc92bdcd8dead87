import { DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { clientOptions } from "../../lambda-src/runtime/client-options";

const table = new DynamoDBClient(clientOptions());
const { TABLE_NAME: TableName } = process.env;

/** The benchmark's item, as the API function writes it. */
const row = {
  id: { S: "bench" },
  data: {
    M: {
      title: { S: "An item" },
      tags: { L: [{ S: "a" }, { S: "b" }] },
      count: { N: "3" },
    },
  },
  etag: { S: "AAAAAAAAAAAAAAAAAAAAAA" },
};

/** The same call as the API function makes, with the same client, and nothing else. */
export const handler = async () => {
  await table.send(
    new PutItemCommand({
      TableName,
      Item: { ...row, timestamp: { N: `${Date.now()}` } },
      ReturnValuesOnConditionCheckFailure: "ALL_OLD",
      ConditionExpression: "attribute_not_exists(id)",
    }),
  );
  return { statusCode: 201, body: "{}" };
};
