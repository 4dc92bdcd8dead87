import { readCompositeRule } from "../composite-rule";
import { each, type Rule } from "../rule";
import { asRecords, type Resource } from "../stack-view";
import {
  isMetric,
  type Metric,
  metricsOf,
  strayDimension,
  unknownDimensions,
  wrongMetric,
} from "../watched-metric";
import { acts, actsThroughAnother, alarmType, bothTypes, compositeType, partsOf } from "./alarm-parts";
import { deadLetterQueues } from "./sqs";

/** A threshold that the metric can never exceed, because Lambda enforces a limit at or below it. */
function unreachable(alarm: Resource): string | undefined {
  const threshold = alarm.number("threshold");
  const [first] = metricsOf(alarm);
  if (threshold === undefined || first?.namespace !== "AWS/Lambda" || alarm.has("metric_query"))
    return undefined;
  if (!`${alarm.value("comparison_operator")}`.startsWith("GreaterThan")) return undefined;
  const lambda = alarm.stack.follow(first.dimensions.FunctionName, "aws_lambda_function");
  const limits: Readonly<Record<string, number | undefined>> = {
    Duration: lambda && !lambda.isUnknown("timeout") ? (lambda.number("timeout") ?? 3) * 1_000 : undefined,
    ConcurrentExecutions: lambda?.number("reserved_concurrent_executions"),
  };
  const limit = limits[first.name];
  return limit !== undefined && threshold >= limit
    ? `threshold is ${threshold}, but ${first.name} cannot exceed ${limit}`
    : undefined;
}

/** Whether some metric has a resource's name as a dimension. */
const watches =
  (metrics: readonly Metric[], dimension: string) =>
  (resource: Resource): boolean =>
    metrics.some(
      ({ dimensions }) =>
        dimensions === unknownDimensions ||
        resource.stack.follow(dimensions[dimension], resource.type) === resource,
    );

export const alarmRules: readonly Rule[] = [
  {
    id: "alarms-act",
    group: "alarms",
    demands: "Every alarm has an action, or is part of a composite alarm that has one",
    why: "Nobody watches the console at night.",
    fix: "Set alarmActions to the ARN of a topic, and leave actionsEnabled true.",
    mirrors: ["CKV_AWS_319", "CloudWatch.15", "CloudWatch.17"],
    check: each(bothTypes, (alarm) => {
      if (alarm.text("actions_enabled") === "false") return "actions_enabled is false";
      return !acts(alarm) && !actsThroughAnother(alarm) && "alarm_actions is empty";
    }),
  },
  {
    id: "alarms-action-target",
    group: "alarms",
    demands: "An alarm's actions are ARNs",
    why: "AWS rejects a name or an id at apply.",
    fix: "Use the topic's arn attribute.",
    mirrors: [],
    check: each(bothTypes, (alarm) =>
      ["alarm_actions", "ok_actions", "insufficient_data_actions"].flatMap((attribute) =>
        alarm
          .texts(attribute)
          .filter(
            (text) =>
              !text.startsWith("arn:") &&
              !/\.arn\b|\bArn\b|join\(|format\(|local\.|module\.|var\.|data\./.test(text),
          )
          .map((text) => `${attribute} contains ${text}`),
      ),
    ),
  },
  {
    id: "alarms-missing-data",
    group: "alarms",
    demands: "Every alarm defines how to treat missing data",
    why: "By default the alarm goes to INSUFFICIENT_DATA: an alarm on errors never returns to OK, and an alarm on a heartbeat never fires.",
    fix: 'Set treatMissingData to "notBreaching" for errors and to "breaching" for a heartbeat.',
    mirrors: [],
    check: each(alarmType, (alarm) => !alarm.has("treat_missing_data") && "treat_missing_data is absent"),
  },
  {
    id: "alarms-description",
    group: "alarms",
    demands: "Every alarm describes what to do when it fires",
    why: "The description is all that the person on call receives.",
    fix: "Set alarmDescription to the first thing to check and a link to the runbook.",
    mirrors: [],
    check: each(bothTypes, (alarm) => !alarm.value("alarm_description") && "alarm_description is absent"),
  },
  {
    id: "alarms-metric-exists",
    group: "alarms",
    demands: "An alarm watches a metric that AWS publishes, with dimensions that the metric has",
    why: "An alarm on a metric that does not exist never fires.",
    fix: "Correct namespace, metricName or dimensions. All three are case-sensitive.",
    mirrors: [],
    check: each(alarmType, (alarm) => metricsOf(alarm).flatMap((one) => wrongMetric(one) ?? [])),
  },
  {
    id: "alarms-dimension-target",
    group: "alarms",
    demands: "An alarm's dimensions name resources of the stack",
    why: "An alarm on a function that does not exist never fires.",
    fix: "Reference the resource's name, not its ARN or id.",
    mirrors: [],
    check: each(alarmType, (alarm) =>
      metricsOf(alarm).flatMap((one) => strayDimension(alarm.stack, one) ?? []),
    ),
  },
  {
    id: "alarms-threshold-reachable",
    group: "alarms",
    demands: "An alarm's threshold is below the function's timeout or reserved concurrency",
    why: "Lambda enforces that limit, so the metric never exceeds the threshold and the alarm never fires.",
    fix: "Derive the threshold from the limit, for example 80% of it.",
    mirrors: [],
    check: each(alarmType, unreachable),
  },
  {
    id: "alarms-periods",
    group: "alarms",
    demands:
      "An alarm evaluates at most one day, or seven days of periods of an hour or longer, and at most as many datapoints as periods",
    why: "AWS rejects the alarm at apply.",
    fix: "Keep period × evaluationPeriods at 86,400 seconds or less (604,800 from a period of 3,600 on), and datapointsToAlarm at evaluationPeriods or less.",
    mirrors: [],
    check: each(alarmType, (alarm) => {
      if (alarm.isUnknown("evaluation_periods")) return undefined;
      const periods = alarm.number("evaluation_periods") ?? 1;
      const datapoints = alarm.number("datapoints_to_alarm") ?? 1;
      if (datapoints > periods)
        return `datapoints_to_alarm is ${datapoints}, but evaluation_periods is ${periods}`;
      const queries = alarm.blocks("metric_query").flatMap((query) => [query, ...asRecords(query.metric)]);
      const period = Math.max(...[alarm.written(), ...queries].map((one) => Number(one.period) || 0));
      const maximum = period >= 3_600 ? 604_800 : 86_400;
      return period * periods > maximum && `it evaluates ${period * periods} seconds`;
    }),
  },
  {
    id: "alarms-dead-letter-queue",
    group: "alarms",
    demands: "Every dead-letter queue has an alarm on its depth",
    why: "Otherwise failed messages sit there unnoticed until they expire.",
    fix: "Add an alarm on AWS/SQS ApproximateNumberOfMessagesVisible greater than 0, with the queue's name as QueueName.",
    mirrors: [],
    check: ({ stack }) => {
      const watched = stack
        .all(alarmType)
        .flatMap(metricsOf)
        .filter((one) => isMetric(one, "AWS/SQS", /Visible$|AgeOfOldest/));
      const isWatched = watches(watched, "QueueName");
      const queues = [...new Set(deadLetterQueues(stack).map(({ queue }) => queue))];
      return queues
        .filter((queue) => !isWatched(queue))
        .map((resource) => ({
          resource,
          found: "no alarm watches its ApproximateNumberOfMessagesVisible",
        }));
    },
  },
  {
    id: "alarms-function-errors",
    group: "alarms",
    demands: "Every function has an alarm on its errors",
    why: "Otherwise you hear about failures from a customer.",
    fix: "Add an alarm on AWS/Lambda Errors, with the function's name as FunctionName.",
    mirrors: [],
    check: ({ stack }) => {
      const watched = stack
        .all(alarmType)
        .flatMap(metricsOf)
        .filter((one) => isMetric(one, "AWS/Lambda", /^Errors$/));
      const isWatched = watches(watched, "FunctionName");
      return stack
        .all("aws_lambda_function")
        .filter((lambda) => !isWatched(lambda))
        .map((resource) => ({ resource, found: "no alarm watches its Errors" }));
    },
  },
  {
    id: "alarms-stream-age",
    group: "alarms",
    demands: "Every function that reads a stream has an alarm on the age of its records",
    why: "DynamoDB drops records that were not read within 24 hours, and those changes are lost.",
    fix: "Add an alarm on AWS/Lambda IteratorAge, with the function's name as FunctionName.",
    mirrors: [],
    check: ({ stack }) => {
      const watched = stack
        .all(alarmType)
        .flatMap(metricsOf)
        .filter((one) => isMetric(one, "AWS/Lambda", /^IteratorAge$/));
      const isWatched = watches(watched, "FunctionName");
      return stack.all("aws_lambda_event_source_mapping").flatMap((mapping) => {
        const stream = mapping.follow("event_source_arn", "aws_dynamodb_table", "aws_kinesis_stream");
        const lambda = mapping.follow("function_name", "aws_lambda_function");
        return stream && lambda && !isWatched(lambda)
          ? [{ resource: lambda, found: "no alarm watches its IteratorAge" }]
          : [];
      });
    },
  },
  {
    id: "alarms-composite-rule",
    group: "alarms",
    demands: "A composite alarm's rule is valid and names alarms of the stack, and none that depends on it",
    why: "AWS rejects the alarm at apply, or it never fires.",
    fix: "Reference the alarms' names: `ALARM(${alarm.alarmName})`.",
    mirrors: [],
    check: each(compositeType, (composite) => {
      const rule = composite.value("alarm_rule");
      if (typeof rule !== "string") return "alarm_rule is absent";
      const { names, problem } = readCompositeRule(rule);
      const unknown = names.filter(
        (name) =>
          !name.includes("${") && !name.startsWith("arn:") && !composite.stack.follow(name, ...bothTypes),
      );
      const open = composite.stack.all(...bothTypes).some((alarm) => alarm.isUnknown("alarm_name"));
      return [
        ...(problem === undefined ? [] : [`alarm_rule is ${rule}: ${problem}`]),
        ...(unknown.length > 0 && !open ? [`the stack has no alarm ${unknown.join(", ")}`] : []),
        ...(partsOf(composite).has(composite) ? ["it depends on its own state"] : []),
      ];
    }),
  },
];
