import type { Call } from "../../../../../packages/laptop/gaps/gap";
import {
  bodyWithout,
  readCall,
  validationError,
} from "../../../../../packages/laptop/gaps/shared/cloud-watch-call";

function callOf(body: string, contentType: string, action?: string): Call {
  const head = {
    ...{ method: "POST", path: "/", query: new URLSearchParams(), headers: { "content-type": contentType } },
    ...{ account: "000000000000", service: "monitoring", region: "eu-west-1", action },
  };
  return { head, body: Buffer.from(body), pass: jest.fn() };
}

const form = "application/x-www-form-urlencoded; charset=utf-8";
const json = "application/x-amz-json-1.0";

describe("readCall", () => {
  it("reads a form, whose action is in it", () => {
    const call = callOf("Action=DeleteAlarms&Version=2010-08-01&AlarmNames.member.1=a%20b", form);

    expect(readCall(call)).toEqual({ action: "DeleteAlarms", input: { AlarmNames: ["a b"] } });
  });

  it.each([
    ['{"AlarmNames":["a"]}', { AlarmNames: ["a"] }],
    ["", {}],
  ])("reads JSON: %s", (body, input) => {
    expect(readCall(callOf(body, json, "DescribeAlarms"))).toEqual({ action: "DescribeAlarms", input });
  });
});

describe("bodyWithout", () => {
  it("leaves out fields of a form, with everything in them", () => {
    const kept = "Action=PutMetricAlarm&AlarmName=a+b&Threshold=0";
    const call = callOf(`${kept}&Metrics.member.1.Id=m&Metrics.member.1.MetricStat.Period=60`, form);

    expect(`${bodyWithout(call, ["Metrics", "MetricName"])}`).toBe(kept);
  });

  it("leaves out fields of JSON", () => {
    const call = callOf('{"AlarmName":"a","MetricName":"m","Metrics":[{"Id":"m"}]}', json, "PutMetricAlarm");

    expect(`${bodyWithout(call, ["Metrics", "MetricName"])}`).toBe('{"AlarmName":"a"}');
  });
});

describe("validationError", () => {
  it("is XML for a form", () => {
    const { status, rawHeaders, body } = validationError(callOf("Action=PutMetricAlarm", form), "a < b");

    expect([status, rawHeaders]).toEqual([400, ["Content-Type", "text/xml"]]);
    expect(`${body}`).toMatch(
      /^<ErrorResponse xmlns="http:[^"]+"><Error><Type>Sender<\/Type><Code>ValidationError<\/Code><Message>a &#60; b<\/Message><\/Error><RequestId>[\da-f-]{36}<\/RequestId><\/ErrorResponse>$/,
    );
  });

  it("is JSON otherwise", () => {
    const { status, rawHeaders, body } = validationError(callOf("{}", json, "PutMetricAlarm"), "a < b");

    expect([status, rawHeaders]).toEqual([
      400,
      ["Content-Type", json, "x-amzn-query-error", "ValidationError;Sender"],
    ]);
    expect(JSON.parse(`${body}`)).toEqual({
      __type: "com.amazonaws.cloudwatch#ValidationException",
      message: "a < b",
    });
  });
});
