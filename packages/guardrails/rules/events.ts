import { each, type Rule } from "../rule";
import { asRecord } from "../stack-view";

const ruleType = "aws_cloudwatch_event_rule";
const targetType = "aws_cloudwatch_event_target";

const patternKeys = /^(source|detail-type|detail|account|region|resources|time|id|version|replay-name|\$or)$/;

export const eventsRules: readonly Rule[] = [
  {
    id: "events-rule-matches",
    group: "events",
    demands: "A rule has a schedule, or a pattern of JSON whose fields an event has, each with a list",
    why: "AWS refuses it at apply, or it never matches.",
    fix: 'Write eventPattern by JSON.stringify({ source: ["…"], "detail-type": ["…"] }).',
    mirrors: [],
    check: each(ruleType, (rule) => {
      if (rule.has("schedule_expression")) {
        const schedule = rule.text("schedule_expression");
        const valid =
          schedule === undefined ||
          /^(rate\(\d+ (minutes?|hours?|days?)\)|cron\(\S+( \S+){5}\))$/.test(schedule);
        return !valid && `schedule_expression is ${schedule}`;
      }
      if (!rule.has("event_pattern")) return "schedule_expression and event_pattern are absent";
      const pattern = asRecord(rule.json("event_pattern"));
      if (!pattern) return "event_pattern is no JSON object";
      const wrong = Object.entries(pattern).filter(
        ([key, value]) => !patternKeys.test(key) || (key !== "detail" && !Array.isArray(value)),
      );
      return (
        wrong.length > 0 &&
        `event_pattern has ${wrong.map(([key, value]) => `${key}: ${JSON.stringify(value)}`).join(", ")}`
      );
    }),
  },
  {
    id: "events-target-dead-letter",
    group: "events",
    demands: "A rule's target has a dead-letter queue",
    why: "An event that cannot be delivered is tried for a day and then dropped without a trace.",
    fix: "Set deadLetterConfig: { arn: queue.arn }.",
    mirrors: ["cfn-lint-serverless ES4000"],
    check: each(
      targetType,
      (target) => !target.has("dead_letter_config.arn") && "dead_letter_config is absent",
    ),
  },
  {
    id: "events-target-permission",
    group: "events",
    demands: "EventBridge may invoke the function that is a rule's target",
    why: "The event is dropped: EventBridge has no role for functions.",
    fix: "Add a LambdaPermission for events.amazonaws.com with the rule's ARN.",
    mirrors: [],
    check: each(targetType, (target) => {
      const lambda = target.follow("arn", "aws_lambda_function");
      if (!lambda) return undefined;
      const permissions = target.stack.pointingAt(lambda, "aws_lambda_permission", "function_name");
      const admitted = permissions.some((one) => one.value("principal") === "events.amazonaws.com");
      return !admitted && `no permission of ${lambda.path} is for events.amazonaws.com`;
    }),
  },
  {
    id: "events-target-bus",
    group: "events",
    demands: "A target names the bus that its rule is on",
    why: "AWS refuses the target at apply: it looks for the rule on the default bus.",
    fix: "Set eventBusName of the target to that of the rule.",
    mirrors: [],
    check: each(targetType, (target) => {
      const rule = target.follow("rule", ruleType);
      const own = target.value("event_bus_name");
      const bus = rule?.value("event_bus_name");
      return (
        rule &&
        own !== bus &&
        `the rule is on ${bus ?? "the default bus"}, the target on ${own ?? "the default bus"}`
      );
    }),
  },
];
