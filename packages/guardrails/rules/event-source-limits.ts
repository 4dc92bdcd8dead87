import { each, type Rule } from "../rule";
import { type Attributes, asRecord, type Resource } from "../stack-view";
import { kindOf } from "./event-source-kind";

const mapping = "aws_lambda_event_source_mapping";

/** Settings that belong to streams only. Source: "Event source mapping parameters" in Lambda's guide. */
const ofStreams = [
  "bisect_batch_on_function_error",
  "destination_config",
  "maximum_record_age_in_seconds",
  "maximum_retry_attempts",
  "parallelization_factor",
  "starting_position_timestamp",
  "tumbling_window_in_seconds",
] as const;

const ofQueues = ["scaling_config"] as const;

/** What is wrong with a filter's pattern: https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html */
function patternProblem(mappingOf: Resource, pattern: unknown): string | undefined {
  if (typeof pattern !== "string") return undefined;
  const parsed = asRecord(mappingOf.stack.parse(pattern));
  if (!parsed) return pattern.includes("${") ? undefined : `pattern ${pattern} is not a JSON object`;
  const scalar = leafPath(parsed, (value) => !Array.isArray(value) && !isTemplate(value));
  if (scalar) return `${scalar} in ${pattern} is not a list`;
  const number =
    kindOf(mappingOf) === "dynamodb" &&
    leafPath(
      parsed,
      (value, path) => /\.(N|S)$/.test(path) && [value].flat().some((one) => typeof one === "number"),
    );
  return number ? `${number} in ${pattern} is a number, but DynamoDB writes numbers as texts` : undefined;
}

const isTemplate = (value: unknown): boolean => typeof value === "string" && value.includes("${");

/** The path of a leaf for which something holds. Objects inside lists are matchers, not paths. */
function leafPath(
  pattern: Attributes,
  holds: (value: unknown, path: string) => boolean,
  above = "",
): string | undefined {
  for (const [name, value] of Object.entries(pattern)) {
    const path = above ? `${above}.${name}` : name;
    const inner = asRecord(value);
    // `$or` holds a list of patterns.
    if (name === "$or") continue;
    const found = inner ? leafPath(inner, holds, path) : holds(value, path) ? path : undefined;
    if (found) return found;
  }
  return undefined;
}

export const eventSourceLimitRules: readonly Rule[] = [
  {
    id: "lambda-mapping-settings",
    group: "lambda",
    demands: "A mapping has only settings of its kind of source, and no more concurrency than its function",
    why: "AWS rejects the mapping at apply. With more concurrency than the function reserves, messages are throttled into the dead-letter queue.",
    fix: "Remove the setting: a queue's retries are its redrive policy. Keep maximumConcurrency at the function's reserved concurrency or below.",
    mirrors: [],
    check: each(mapping, (one) => {
      const kind = kindOf(one);
      const foreign = kind === "sqs" ? ofStreams : kind ? ofQueues : [];
      const found = foreign.filter((name) => one.has(name));
      const concurrency = one.number("scaling_config.maximum_concurrency");
      const lambda = one.follow("function_name", "aws_lambda_function");
      const reserved = lambda?.number("reserved_concurrent_executions");
      return [
        ...found.map((name) => `${name} is set, but ${kind === "sqs" ? "a queue" : "a stream"} has none`),
        ...(concurrency !== undefined && reserved !== undefined && reserved > 0 && concurrency > reserved
          ? [`maximum_concurrency is ${concurrency}, but the function reserves ${reserved}`]
          : []),
      ];
    }),
  },
  {
    id: "lambda-mapping-filter",
    group: "lambda",
    demands: "A mapping's filter is a JSON object whose values are lists, with DynamoDB's numbers as texts",
    why: "AWS rejects the mapping at apply, or the filter drops every record without a trace.",
    fix: 'Write patterns such as {"eventName":["INSERT"]} and {"dynamodb":{"NewImage":{"total":{"N":["5"]}}}}.',
    mirrors: [],
    check: each(mapping, (one) =>
      one
        .blocks("filter_criteria")
        .flatMap(({ filter }) =>
          [filter].flat().flatMap((entry) => patternProblem(one, asRecord(entry)?.pattern) ?? []),
        ),
    ),
  },
];
