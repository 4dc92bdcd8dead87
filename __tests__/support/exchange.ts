import type { Exchange } from "../../packages/laptop/gaps/gap";
import type { DeployedApi } from "../../packages/laptop/gaps/shared/deployed-apis";

/** GET /items/{id} of dev, as API Gateway knows it. */
export const deployedApi: DeployedApi = {
  apiName: "api",
  stage: {
    stageName: "dev",
    accessLogSettings: { destinationArn: "arn:aws:logs:eu-west-1:000000000000:log-group:group", format: "" },
    methodSettings: { "*/*": { metricsEnabled: true } },
    $metadata: {},
  },
  resources: [
    {
      id: "resource",
      path: "/items/{id}",
      resourceMethods: {
        GET: {
          methodIntegration: {
            uri: "arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/arn:aws:lambda:eu-west-1:000000000000:function:api:live/invocations",
          },
        },
      },
    },
  ],
};

/** A successful request through it, at the beginning of 2026. */
export function exchange(changed: Partial<Exchange> = {}): Exchange {
  return {
    head: {
      method: "GET",
      path: "/restapis/a1b2c3d4/dev/_user_request_/items/1",
      query: new URLSearchParams(),
      headers: { host: "127.0.0.1" },
      account: "000000000000",
      service: "execute-api",
      region: "eu-west-1",
      action: undefined,
    },
    httpVersion: "1.1",
    sourceIp: "127.0.0.1",
    status: 200,
    answerHeaders: { "x-amzn-requestid": "request" },
    startedAt: Date.UTC(2026, 0),
    emulatorMilliseconds: 12.3,
    milliseconds: 15.4,
    answerBytes: 5,
    answerBeginning: "found",
    ...changed,
  };
}
