import { NodeHttpHandler } from "@smithy/node-http-handler";

/** Longest wait for a TCP connection, in milliseconds. */
export const CONNECTION_TIMEOUT_MS = 700;

/** Longest time of one attempt from its start (connection and TLS too) to the answer's headers, in milliseconds. */
export const REQUEST_TIMEOUT_MS = 1_100;

/** Attempts of one call, the first included: two of them and the wait between fit a request's deadline. */
export const MAX_ATTEMPTS = 2;

/**
 * Options of every AWS client: its calls end, where `requestTimeout` alone would only warn. Region, credentials
 * and endpoint come from the environment (AWS_REGION, AWS_ACCESS_KEY_ID, …, AWS_ENDPOINT_URL).
 */
export const clientOptions = () => ({
  maxAttempts: MAX_ATTEMPTS,
  requestHandler: new NodeHttpHandler({
    connectionTimeout: CONNECTION_TIMEOUT_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    throwOnRequestTimeout: true,
  }),
});
