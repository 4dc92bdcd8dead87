import type { Finding, Rule } from "../../rule";
import type { StackView } from "../../stack-view";
import { type Delivery, deliveriesOf } from "./delivery";
import { kindProblems } from "./kinds";
import { keyProblem, policyProblem, roleProblem } from "./problems";

/** Findings about the deliveries that a rule is about. */
export function deliveryFindings(
  stack: StackView,
  problem: (delivery: Delivery) => string | undefined,
  isAbout: (delivery: Delivery) => boolean,
): readonly Finding[] {
  return deliveriesOf(stack)
    .filter(isAbout)
    .flatMap((delivery) => {
      const found = problem(delivery);
      return found === undefined ? [] : [{ resource: delivery.from, found }];
    });
}

export const isAlarmToTopic = ({ from, kind }: Delivery): boolean =>
  from.type.endsWith("_alarm") && kind === "topic";
export const isRuleToFunction = ({ from, kind }: Delivery): boolean =>
  from.type === "aws_cloudwatch_event_target" && kind === "function";
export const isOfFunction = ({ from }: Delivery): boolean => from.type.startsWith("aws_lambda_");
export const isSubscription = ({ from }: Delivery): boolean =>
  from.type === "aws_cloudwatch_log_subscription_filter";
export const isFirehoseToBucket = ({ from, kind }: Delivery): boolean =>
  from.type === "aws_kinesis_firehose_delivery_stream" && kind === "bucket";

export const deliveryRules: readonly Rule[] = [
  {
    id: "deliveries-policy",
    group: "deliveries",
    demands:
      "What EventBridge, SNS, S3, Budgets, alarms and log subscriptions deliver to lets that service send, for that very source: by the policy of a queue, topic or log group, or by a permission on the function or alias",
    why: "Otherwise the delivery fails without a trace, or AWS rejects the source at apply.",
    fix: "Allow the service to send in the target's policy, with the source's ARN as aws:SourceArn. For a function, add a LambdaPermission with the qualifier that is called.",
    mirrors: [],
    check: ({ stack }) =>
      deliveryFindings(
        stack,
        policyProblem,
        (delivery) => !isAlarmToTopic(delivery) && !isRuleToFunction(delivery),
      ),
  },
  {
    id: "deliveries-role",
    group: "deliveries",
    demands:
      "What delivers with a role (schedules, rules to streams and buses, Firehose, SNS to Firehose) names one that is allowed to send to that very target",
    why: "AWS rejects it at apply, or nothing arrives.",
    fix: "Set the role, and allow it the action on the ARN that is called: the alias, if that is the target.",
    mirrors: [],
    check: ({ stack }) =>
      deliveryFindings(
        stack,
        roleProblem,
        (delivery) => !isOfFunction(delivery) && !isSubscription(delivery) && !isFirehoseToBucket(delivery),
      ),
  },
  {
    id: "deliveries-key",
    group: "deliveries",
    demands: "Whoever delivers to an encrypted queue, topic, stream or bucket may use its key",
    why: "Otherwise nothing arrives. A service can never use a key that AWS manages, such as alias/aws/sqs.",
    fix: "Allow kms:GenerateDataKey* and kms:Decrypt to the service in the key's policy, or to the role. In place of a key that AWS manages, use your own or the service's default encryption.",
    mirrors: [],
    check: ({ stack }) => deliveryFindings(stack, keyProblem, (delivery) => !isAlarmToTopic(delivery)),
  },
  {
    id: "deliveries-kind",
    group: "deliveries",
    demands: "A target is of a kind, and in a Region, that its sender can deliver to",
    why: "AWS rejects it at apply, or nothing arrives.",
    fix: "Use a standard queue or topic unless the sender delivers to FIFO ones, and a target of the same Region.",
    mirrors: [],
    check: ({ stack }) => kindProblems(stack),
  },
];
