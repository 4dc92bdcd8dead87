import { DynamoDBClient, type DynamoDBClientConfig } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { NodeHttpHandler } from "@smithy/node-http-handler";

/** Longest wait for a TCP connection, in milliseconds. */
export const CONNECTION_TIMEOUT_MS = 700;

/** Longest time of one attempt from its start (connection and TLS too) to the answer's headers, in milliseconds. */
export const REQUEST_TIMEOUT_MS = 1_100;

/** Attempts of one call, the first included: two of them and the wait between fit the request's deadline. */
export const MAX_ATTEMPTS = 2;

/**
 * A document client whose calls end: `requestTimeout` alone only warns. Region, credentials and endpoint
 * come from the environment (AWS_REGION, AWS_ACCESS_KEY_ID, …, AWS_ENDPOINT_URL) unless given.
 */
export const createDocuments = (config: DynamoDBClientConfig = {}): DynamoDBDocumentClient =>
  DynamoDBDocumentClient.from(
    new DynamoDBClient({
      maxAttempts: MAX_ATTEMPTS,
      requestHandler: new NodeHttpHandler({
        connectionTimeout: CONNECTION_TIMEOUT_MS,
        requestTimeout: REQUEST_TIMEOUT_MS,
        throwOnRequestTimeout: true,
      }),
      ...config,
    }),
    // A number that others wrote beyond 2^53 would come back as a bigint, which JSON cannot hold.
    { unmarshallOptions: { wrapNumbers: Number } },
  );
