import { NodeHttpHandler } from "@smithy/node-http-handler";

/** Longest wait for a TCP connection, in milliseconds. */
export const CONNECTION_TIMEOUT_MS = 700;

/**
 * Longest time from the start of an attempt, including connection and TLS, to the response's headers, in
 * milliseconds.
 */
export const REQUEST_TIMEOUT_MS = 1_100;

/**
 * Attempts per call, including the first. Two attempts and the wait between them fit into a request's
 * deadline.
 */
export const MAX_ATTEMPTS = 2;

/**
 * Options for every AWS client. Calls that take too long fail, whereas `requestTimeout` alone would only log
 * a warning. Region, credentials and endpoint come from the environment (AWS_REGION, AWS_ACCESS_KEY_ID, …,
 * AWS_ENDPOINT_URL).
 */
export const clientOptions = () => ({
  maxAttempts: MAX_ATTEMPTS,
  requestHandler: new NodeHttpHandler({
    connectionTimeout: CONNECTION_TIMEOUT_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    throwOnRequestTimeout: true,
  }),
});
