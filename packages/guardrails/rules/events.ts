import { each, type Rule } from "../rule";
import { scheduleProblem } from "../schedule";
import { asRecord } from "../stack-view";
import { policyProblem } from "./deliveries/problems";
import { deliveryFindings, isRuleToFunction } from "./deliveries/rules";

const ruleType = "aws_cloudwatch_event_rule";
const targetType = "aws_cloudwatch_event_target";

const patternKeys = /^(source|detail-type|detail|account|region|resources|time|id|version|replay-name|\$or)$/;

export const eventsRules: readonly Rule[] = [
  {
    id: "events-rule-matches",
    group: "events",
    demands:
      "A rule has a schedule, on the default bus, or a JSON pattern whose fields exist in an event and hold lists",
    why: "AWS rejects the rule at apply, or it never matches.",
    fix: 'Write eventPattern with JSON.stringify({ source: ["…"], "detail-type": ["…"] }).',
    mirrors: [],
    check: each(ruleType, (rule) => {
      if (rule.has("schedule_expression")) {
        const schedule = rule.text("schedule_expression");
        const problem = schedule === undefined ? undefined : scheduleProblem(schedule, "rule");
        const bus = rule.has("event_bus_name") && !rule.mayBe("event_bus_name", "default");
        if (bus) return `it has a schedule, but event_bus_name is ${rule.text("event_bus_name")}`;
        return problem && `schedule_expression is ${schedule}: ${problem}`;
      }
      if (!rule.has("event_pattern")) return "schedule_expression and event_pattern are absent";
      const pattern = asRecord(rule.json("event_pattern"));
      if (!pattern && rule.isUnknown("event_pattern")) return undefined;
      if (!pattern) return "event_pattern is not a JSON object";
      const wrong = Object.entries(pattern).filter(
        ([key, value]) => !patternKeys.test(key) || (key !== "detail" && !Array.isArray(value)),
      );
      return (
        wrong.length > 0 &&
        `event_pattern contains ${wrong.map(([key, value]) => `${key}: ${JSON.stringify(value)}`).join(", ")}`
      );
    }),
  },
  {
    id: "events-target-dead-letter",
    group: "events",
    demands: "A rule's target has a dead-letter queue",
    why: "An event that cannot be delivered is retried for a day and then dropped without a trace.",
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
    demands: "EventBridge is allowed to invoke a function or alias that is a rule's target, for that rule",
    why: "Otherwise the event is dropped: EventBridge invokes functions through a permission, not a role.",
    fix: "Add a LambdaPermission for events.amazonaws.com with the rule's ARN as sourceArn.",
    mirrors: [],
    check: ({ stack }) => deliveryFindings(stack, policyProblem, isRuleToFunction),
  },
  {
    id: "events-target-bus",
    group: "events",
    demands: "A target names the event bus of its rule",
    why: "AWS rejects the target at apply, because it looks for the rule on the default bus.",
    fix: "Set the target's eventBusName to the rule's.",
    mirrors: [],
    check: each(targetType, (target) => {
      const rule = target.follow("rule", ruleType);
      const own = target.value("event_bus_name");
      const bus = rule?.value("event_bus_name");
      if (target.isUnknown("event_bus_name") || rule?.isUnknown("event_bus_name")) return undefined;
      return (
        rule &&
        own !== bus &&
        `the rule is on ${bus ?? "the default bus"}, but the target is on ${own ?? "the default bus"}`
      );
    }),
  },
];
