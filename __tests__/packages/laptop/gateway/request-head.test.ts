import type { IncomingMessage } from "node:http";
import { requestHead } from "../../../../packages/laptop/gateway/request-head";

describe("requestHead", () => {
  it.each([
    [
      "a signed request in a JSON protocol",
      "/?x=1",
      {
        authorization:
          "AWS4-HMAC-SHA256 Credential=test/20260101/eu-west-1/logs/aws4_request, SignedHeaders=host",
        "x-amz-target": "Logs_20140328.PutLogEvents",
      },
      { account: "000000000000", service: "logs", region: "eu-west-1", action: "PutLogEvents", path: "/" },
    ],
    [
      "a presigned URL",
      "/?X-Amz-Credential=222222222222%2F20260101%2Fus-east-1%2Fs3%2Faws4_request&x=%E0%A4%A",
      {},
      { account: "222222222222", service: "s3", region: "us-east-1", action: undefined, path: "/" },
    ],
    [
      "a request in the CBOR protocol",
      "/service/GraniteServiceVersion20100801/operation/PutMetricAlarm",
      { "smithy-protocol": "rpc-v2-cbor" },
      { service: undefined, region: undefined, action: "PutMetricAlarm" },
    ],
    [
      "an unsigned request",
      "/restapis/a?b",
      {},
      {
        account: "000000000000",
        service: undefined,
        region: undefined,
        action: undefined,
        path: "/restapis/a",
      },
    ],
  ])("reads account, service, Region and action of %s", (_, url, headers, expected) => {
    const request = { method: "POST", url, headers } as IncomingMessage;

    expect(requestHead(request)).toMatchObject({ ...expected, method: "POST" });
  });
});
