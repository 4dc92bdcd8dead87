import { embeddedMetricData } from "../../../../../packages/laptop/gaps/embedded-metrics/embedded-metric-line";

const directive = {
  Namespace: "N",
  Dimensions: [["service", "environment"], ["service"]],
  Metrics: [{ Name: "Latency", Unit: "Milliseconds" }, { Name: "Count" }],
};
const line = {
  _aws: { Timestamp: 1_767_225_600_000, CloudWatchMetrics: [directive] },
  service: "api",
  environment: "dev",
  Latency: 12.5,
  Count: [1, 3],
};
const metrics = (...lines: readonly unknown[]) =>
  embeddedMetricData(
    lines.map((each) => ({ message: typeof each === "string" ? each : JSON.stringify(each) })),
  );
const withDirective = (changed: object) => ({
  ...line,
  _aws: { ...line._aws, CloudWatchMetrics: [{ ...directive, ...changed }] },
});

describe("embeddedMetricData", () => {
  it("returns each metric for each dimension set, with its unit, values and time", () => {
    const Timestamp = new Date(line._aws.Timestamp);
    const service = { Name: "service", Value: "api" };
    const both = [service, { Name: "environment", Value: "dev" }];
    const latency = { MetricName: "Latency", Timestamp, Unit: "Milliseconds", Value: 12.5 };
    const count = { MetricName: "Count", Timestamp, Unit: "None", Values: [1, 3], Counts: [1, 1] };

    expect(metrics(line)).toEqual(
      new Map([
        [
          "N",
          [
            { ...latency, Dimensions: both },
            { ...latency, Dimensions: [service] },
            { ...count, Dimensions: both },
            { ...count, Dimensions: [service] },
          ],
        ],
      ]),
    );
  });

  it("collects metrics from several lines and namespaces", () => {
    const other = withDirective({ Namespace: "M", Dimensions: [["service"]] });

    const found = metrics(line, "no metric", other, line);

    expect([...found].map(([namespace, { length }]) => [namespace, length])).toEqual([
      ["N", 8],
      ["M", 2],
    ]);
  });

  it.each([
    ["an empty set", [[]]],
    ["no sets", []],
    ["no list of sets", undefined],
  ])("returns a metric without dimensions for %s", (_, Dimensions) => {
    expect(metrics(withDirective({ Dimensions })).get("N")).toMatchObject([
      { MetricName: "Latency", Dimensions: [] },
      { MetricName: "Count", Dimensions: [] },
    ]);
  });

  it("reads a line with the prefix of Lambda's text format", () => {
    expect(metrics(`2026-01-01T00:00:00.000Z\trequest\tINFO\t${JSON.stringify(line)}`).get("N")).toHaveLength(
      4,
    );
  });

  it.each([
    ["a dimension without a value", { ...line, environment: undefined }, 2],
    ["a metric without a value", { ...line, Latency: undefined }, 2],
    ["a metric that is not a number", { ...line, Latency: "12" }, 2],
    ["more than 100 values", { ...line, Count: Array(101).fill(1) }, 2],
  ])("skips %s", (_, faulty, left) => {
    expect(metrics(faulty).get("N")).toHaveLength(left);
  });

  it.each([
    ["START RequestId: 1"],
    ["{ broken"],
    ["null"],
    ['{"_aws":{"Timestamp":1}}'],
    ['{"_aws":{"Timestamp":"now","CloudWatchMetrics":[]}}'],
    ['{"_aws":{"Timestamp":1,"CloudWatchMetrics":[null]}}'],
    ['{"_aws":{"Timestamp":1,"CloudWatchMetrics":[{"Namespace":"N","Dimensions":[1]}]}}'],
  ])("ignores the line %s", (message) => {
    expect(metrics(message)).toEqual(new Map());
  });
});
