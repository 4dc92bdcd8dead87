import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { ItemRepository } from "../items/item-repository";
import { clientOptions } from "../runtime/client-options";
import { readEnvironment } from "../runtime/environment";
import { observeCalls } from "../runtime/observe-calls";
import { Telemetry } from "../runtime/telemetry";
import { apiHandler } from "./api-handler";

const environment = readEnvironment({ tableName: "TABLE_NAME" });
const telemetry = new Telemetry(environment);
const table = new DynamoDBClient(clientOptions());
observeCalls(table, telemetry, { name: "DynamoDB", latency: "TableLatency", failed: "TableCallFailed" });

/**
 * Answers requests from API Gateway's REST proxy integration.
 *
 * @throws UnexpectedEventError for any other event, so that Lambda retries it and then sends it to the
 *   dead-letter queue
 */
export const handler = apiHandler({
  items: new ItemRepository(table, environment.tableName),
  telemetry,
  allowedOrigin: environment.allowedOrigin,
});
