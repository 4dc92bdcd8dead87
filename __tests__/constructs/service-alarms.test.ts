import { readFileSync } from "node:fs";
import { tableOperations } from "../../constructs/items-table";
import { type Environment, environments } from "../../stacks/environments";
import type { Block } from "../support/block";
import { metricProblem, type ObservedMetric, observedStack as stack } from "../support/observed-stack";
import { serviceStacks } from "../support/service-stacks";

const alarms = stack.resources("aws_cloudwatch_metric_alarm");
const topic = stack.only("aws_sns_topic_policy").ref("arn");
const { alarms: thresholds } = environments[0];

interface MetricQuery {
  readonly id: string;
  readonly expression?: string;
  readonly metric?: {
    readonly namespace: string;
    readonly metric_name: string;
    readonly dimensions: Readonly<Record<string, string>>;
  };
}

const metricsOf = ({ attributes }: Block): ObservedMetric[] => {
  const queries = (attributes.metric_query as readonly MetricQuery[] | undefined) ?? [];
  const single = attributes as unknown as ObservedMetric & { readonly metric_name?: string };
  if (single.metric_name) return [{ ...single, metricName: single.metric_name }];
  return queries.flatMap(({ metric }) => (metric ? [{ ...metric, metricName: metric.metric_name }] : []));
};

const idOf = ({ attributes }: Block) => /#([\w-]+)$/.exec(`${attributes.alarm_description}`)?.[1];

describe("ServiceAlarms", () => {
  it("watches functions, API, stream, queue, table and delivery", () => {
    expect(alarms.map(idOf).sort()).toEqual([
      "api-5xx",
      "api-function-concurrency",
      "api-function-duration",
      "api-function-errors",
      "api-function-throttles",
      "api-latency",
      "dead-letter-queue-depth",
      "delivery-age",
      "delivery-failures",
      "stream-age",
      "stream-function-concurrency",
      "stream-function-duration",
      "stream-function-errors",
      "stream-function-throttles",
      "table-system-errors",
      "table-throttles",
    ]);
  });

  it.each(alarms)(
    "notifies the topic, and decides how missing data is treated: $attributes.alarm_name",
    ({ attributes }) => {
      expect(attributes).toMatchObject({
        actions_enabled: true,
        alarm_actions: [topic],
        ok_actions: [topic],
        treat_missing_data: `${attributes.alarm_name}`.includes("dead-letter") ? "ignore" : "notBreaching",
      });
    },
  );

  it.each(alarms)("watches metrics that exist, from this stack: $attributes.alarm_name", (alarm) => {
    const metrics = metricsOf(alarm);

    expect(metrics.length).toBeGreaterThan(0);
    expect(metrics.map(metricProblem)).toEqual(metrics.map(() => undefined));
  });

  it.each(alarms)("says what to do, within CloudWatch's limits: $attributes.alarm_name", (alarm) => {
    const { alarm_description: description, alarm_name: name } = alarm.attributes;

    expect(description).toMatch(/\b[Ff]irst\b.*\. Runbook: https:\/\/\S+\/docs\/runbook\.md#[\w-]+$/);
    expect(`${description}`.length).toBeLessThanOrEqual(1_024);
    expect(name).toBe(`serverless-app-${idOf(alarm)}-dev`);
  });

  it("has exactly one runbook entry per alarm", () => {
    const runbook = readFileSync("docs/runbook.md", "utf8");

    const entries = [...runbook.matchAll(/^## (.*)$/gm)].map(([, heading]) => heading);

    expect(entries.sort()).toEqual(alarms.map(idOf).sort());
  });

  it.each([
    ["api-5xx", thresholds.apiErrorPercent / 100],
    ["api-latency", thresholds.apiLatencyMs],
    ["api-function-duration", 8_000],
    ["api-function-concurrency", 80],
    ["stream-age", thresholds.streamAgeMs],
    ["dead-letter-queue-depth", 0],
    ["delivery-age", thresholds.deliveryAgeSeconds],
  ])("has the configured threshold for %s", (id, threshold) => {
    const alarm = alarms.find((candidate) => idOf(candidate) === id);

    expect(alarm?.attributes.threshold).toBe(threshold);
  });

  it.each<[keyof Environment["alarms"], number, Readonly<Record<string, number>>]>([
    ["apiErrorPercent", 7, { "api-5xx": 0.07 }],
    ["apiLatencyMs", 777, { "api-latency": 777 }],
    ["functionErrors", 7, { "api-function-errors": 7, "stream-function-errors": 7 }],
    ["functionDurationPercent", 70, { "api-function-duration": 7_000, "stream-function-duration": 42_000 }],
    ["functionConcurrencyPercent", 70, { "api-function-concurrency": 70, "stream-function-concurrency": 7 }],
    ["streamAgeMs", 777_000, { "stream-age": 777_000 }],
    ["deliveryAgeSeconds", 777, { "delivery-age": 777 }],
  ])("applies %s alone to its own alarms, and keeps their names", (name, value, changed) => {
    const [first] = environments;
    const [tuned] = serviceStacks([{ ...first, alarms: { ...thresholds, [name]: value } }]);
    const before = new Map(alarms.map(({ attributes }) => [attributes.alarm_name, attributes.threshold]));

    const after = tuned?.resources("aws_cloudwatch_metric_alarm") ?? [];

    expect(after.map(({ attributes }) => attributes.alarm_name)).toEqual([...before.keys()]);
    expect(
      Object.fromEntries(
        after
          .filter(({ attributes }) => attributes.threshold !== before.get(attributes.alarm_name))
          .map((alarm) => [idOf(alarm), alarm.attributes.threshold]),
      ),
    ).toEqual(changed);
  });

  it("keeps every name when thresholds, timeouts and reservations change, so that no alarm is replaced", () => {
    const [first] = environments;
    const doubled = Object.fromEntries(
      Object.entries(thresholds).map(([name, value]) => [name, Math.min(value * 2 + 1, 90)]),
    ) as unknown as Environment["alarms"];
    const [tuned] = serviceStacks([
      {
        ...first,
        alarms: { ...doubled, deliveryAgeSeconds: 3_600 },
        apiFunction: { ...first.apiFunction, timeoutSeconds: 20, reservedConcurrency: 33 },
      },
    ]);
    const nameOf = ({ attributes }: Block) => attributes.alarm_name;

    const changed = tuned?.resources("aws_cloudwatch_metric_alarm") ?? [];

    expect(changed.map(nameOf)).toEqual(alarms.map(nameOf));
    expect(changed.map(({ attributes }) => attributes.threshold)).not.toEqual(
      alarms.map(({ attributes }) => attributes.threshold),
    );
  });

  it("sums what the table publishes per operation", () => {
    const alarm = alarms.find((candidate) => idOf(candidate) === "table-system-errors");

    expect(alarm?.attributes.metric_query).toMatchObject([
      {
        expression: "FILL(m0, 0) + FILL(m1, 0) + FILL(m2, 0) + FILL(m3, 0) + FILL(m4, 0)",
        return_data: true,
      },
      ...tableOperations.map((Operation, index) => ({
        id: `m${index}`,
        metric: { metric_name: "SystemErrors", dimensions: { Operation }, stat: "Sum" },
      })),
    ]);
  });
});
