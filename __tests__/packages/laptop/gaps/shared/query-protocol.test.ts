import { parseQuery, toXml } from "../../../../../packages/laptop/gaps/shared/query-protocol";

describe("parseQuery", () => {
  it("reads lists, structures and types from a form", () => {
    const form = new URLSearchParams({
      Action: "PutMetricAlarm",
      ActionsEnabled: "false",
      AlarmName: "12",
      OKActions: "",
      Threshold: "0.5",
      "Metrics.member.1.Id": "m1",
      "Metrics.member.1.MetricStat.Metric.Dimensions.member.1.Name": "FunctionName",
      "Metrics.member.1.MetricStat.Metric.Dimensions.member.1.Value": "7",
      "Metrics.member.1.MetricStat.Period": "60",
      "Metrics.member.2.ReturnData": "true",
    });

    expect(parseQuery(`${form}`)).toEqual({
      Action: "PutMetricAlarm",
      ActionsEnabled: false,
      AlarmName: "12",
      OKActions: [],
      Threshold: 0.5,
      Metrics: [
        {
          Id: "m1",
          MetricStat: { Metric: { Dimensions: [{ Name: "FunctionName", Value: "7" }] }, Period: 60 },
        },
        { ReturnData: true },
      ],
    });
  });

  it("keeps the order of a list with more than nine entries", () => {
    const form = Array.from({ length: 11 }, (_, index) => `AlarmNames.member.${index + 1}=${index}`);

    expect(parseQuery(form.reverse().join("&"))).toEqual({
      AlarmNames: ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10"],
    });
  });
});

describe("toXml", () => {
  it("writes list members, times and escaped text, and omits undefined fields", () => {
    const xml = toXml("DescribeAlarms", "urn:x", {
      MetricAlarms: [{ AlarmName: '<&"', Period: 60, Unit: undefined, At: new Date(0), OKActions: [] }],
    });

    expect(xml).toContain(
      '<DescribeAlarmsResponse xmlns="urn:x"><DescribeAlarmsResult><MetricAlarms><member><AlarmName>&#60;&#38;&#34;</AlarmName><Period>60</Period><At>1970-01-01T00:00:00.000Z</At><OKActions></OKActions></member></MetricAlarms></DescribeAlarmsResult>',
    );
  });
});
