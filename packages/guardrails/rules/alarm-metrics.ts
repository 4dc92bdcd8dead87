import { each, type Rule } from "../rule";
import { type Attributes, asRecords, type Resource } from "../stack-view";

const alarmType = "aws_cloudwatch_metric_alarm";

/** Source: "CloudWatch statistics definitions" in its guide. Statistics of one bound can be in lower case. */
const statistic =
  /^(p(100|\d{1,2}(\.\d{1,10})?)|(tm|wm|tc|ts)(100|\d{1,2}(\.\d{1,10})?)|IQM|(TM|WM|TC|TS|PR)\((?!:\))(\d+(\.\d+)?%?)?:(\d+(\.\d+)?%?)?\))$/;

const basic = ["Average", "Maximum", "Minimum", "SampleCount", "Sum"];

const isKnown = (value: unknown): value is string => typeof value === "string" && !value.includes("${");

function statisticProblems(alarm: Resource): readonly string[] {
  const extended = alarm.value("extended_statistic");
  const stats = asRecords(alarm.value("metric_query")).flatMap(({ metric }) =>
    asRecords(metric).map(({ stat }) => stat),
  );
  const wrong = [extended, ...stats].filter(
    (one, index) => isKnown(one) && !statistic.test(one) && (index === 0 || !basic.includes(one)),
  );
  const needed = alarm.has("metric_name") && !alarm.has("statistic") && !alarm.has("extended_statistic");
  const percentile = extended === undefined || (isKnown(extended) && !extended.startsWith("p"));
  return [
    ...wrong.map((one) => `CloudWatch has no statistic ${one}`),
    ...(alarm.has("statistic") && alarm.has("extended_statistic")
      ? ["statistic and extended_statistic are both set"]
      : []),
    ...(needed ? ["statistic is absent"] : []),
    ...(alarm.has("evaluate_low_sample_count_percentiles") && percentile && !alarm.has("metric_query")
      ? ["evaluate_low_sample_count_percentiles is set, but the statistic is no percentile"]
      : []),
  ];
}

/** Names in an expression that begin with a lower-case letter: other queries. Functions are in capitals. */
function namesIn(expression: string): readonly string[] {
  if (/['"]|\bSELECT\b|\bSEARCH\b/.test(expression)) return [];
  return expression.match(/(?<![\w.$])[a-z]\w*/g) ?? [];
}

function queryProblems(alarm: Resource): readonly string[] {
  const queries = asRecords(alarm.value("metric_query"));
  const written = [alarm.raw("metric_query")].flat();
  const isOpen = ({ id, expression, return_data }: Attributes) =>
    [id, expression, return_data].some((one) => `${one}`.includes("${"));
  if (queries.length === 0 || queries.some(isOpen) || written.some((one) => typeof one === "string"))
    return [];
  const ids = queries.map(({ id }) => `${id}`);
  const returned = queries.filter(({ return_data }) => `${return_data}` === "true");
  const watched = alarm.text("threshold_metric_id");
  // An anomaly alarm returns its band besides the metric.
  const results = returned.filter(({ id }) => id !== watched);
  const expected = watched === undefined ? "exactly one query" : "one query besides the band";
  return [
    ...(results.length === 1 ? [] : [`${results.length} queries have return_data, not ${expected}`]),
    ...ids
      .filter((id) => !/^[a-z]\w{0,254}$/.test(id))
      .map((id) => `id ${id} does not begin with a lower-case letter`),
    ...ids.filter((id, index) => ids.indexOf(id) !== index).map((id) => `two queries have the id ${id}`),
    ...queries.flatMap(({ id, expression }) =>
      namesIn(typeof expression === "string" ? expression : "")
        .filter((name) => !ids.includes(name))
        .map((name) => `expression of ${id} names ${name}, which is no query`),
    ),
    ...(watched !== undefined && !ids.includes(watched)
      ? [`threshold_metric_id is ${watched}, which is no query`]
      : []),
    ...(alarm.has("metric_name") ? ["metric_name and metric_query are both set"] : []),
  ];
}

function periodProblem({ namespace, period }: Attributes): string | undefined {
  const seconds = Number(period);
  if (period === undefined || Number.isNaN(seconds)) return undefined;
  const fast = [10, 20, 30].includes(seconds);
  if (fast && /^AWS\//.test(`${namespace}`))
    return `period is ${seconds}, but ${namespace} has one datapoint per minute`;
  return fast || (seconds >= 60 && seconds % 60 === 0)
    ? undefined
    : `period is ${seconds}, not 10, 20, 30 or a multiple of 60`;
}

export const alarmMetricRules: readonly Rule[] = [
  {
    id: "alarms-statistic",
    group: "alarms",
    demands: "An alarm has one statistic, and CloudWatch knows it",
    why: "AWS rejects the alarm at apply.",
    fix: "Set statistic to one of Average, Maximum, Minimum, SampleCount and Sum, or extendedStatistic to a percentile such as p99, tm90 or TM(10%:90%).",
    mirrors: [],
    check: each(alarmType, statisticProblems),
  },
  {
    id: "alarms-metric-query",
    group: "alarms",
    demands:
      "An alarm's queries have ids that begin in lower case, name only each other, and return one result",
    why: "AWS rejects the alarm at apply.",
    fix: "Set returnData: true on one query, and use ids such as m1 and e1.",
    mirrors: [],
    check: each(alarmType, queryProblems),
  },
  {
    id: "alarms-resolution",
    group: "alarms",
    demands:
      "An alarm's period is a multiple of 60 seconds, or 10, 20 or 30 for a high-resolution metric of your own",
    why: "AWS rejects other periods. AWS's own metrics have one datapoint per minute, so a shorter period leaves the alarm without data.",
    fix: "Set period to 60 or more.",
    mirrors: [],
    check: each(alarmType, (alarm) => {
      const own = { namespace: alarm.value("namespace"), period: alarm.number("period") };
      const metrics = asRecords(alarm.value("metric_query")).flatMap(({ metric }) => asRecords(metric));
      return [own, ...metrics].flatMap((one) => periodProblem(one) ?? []);
    }),
  },
];
