import {
  DescribeEventBusCommand,
  ListArchivesCommand,
  ListRuleNamesByTargetCommand,
  ListRulesCommand,
  ListTargetsByRuleCommand,
} from "@aws-sdk/client-eventbridge";
import { GetDataProtectionPolicyCommand, paginateListSubscriptionsByTopic } from "@aws-sdk/client-sns";
import { statementsOf } from "../../verify/policies";
import { type Attributes, all, beside, type Look, type Probe, type Stranger, unlessAbsent } from "./probe";

/** Who receives, or may send, events and notifications. */
export const messageProbes: readonly Probe[] = [
  {
    type: "aws_cloudwatch_event_bus",
    kind: "policy statements",
    strangers: async ({ name }, { clients, planned }) => {
      const { Policy } = await clients.events.send(new DescribeEventBusCommand({ Name: `${name}` }));
      const known = new Set([
        ...planned("aws_cloudwatch_event_permission").map(({ statement_id: id }) => id),
        ...planned("aws_cloudwatch_event_bus_policy").flatMap(({ policy }) =>
          statementsOf(`${policy}`).map(({ Sid }) => Sid),
        ),
      ]);
      return statementsOf(Policy)
        .filter(({ Sid }) => !known.has(Sid))
        .map(({ Sid, Effect, Action, Principal }) => ({
          what: `the policy statement ${Sid}: ${Effect} ${Action} to ${JSON.stringify(Principal)}`,
        }));
    },
  },
  {
    type: "aws_cloudwatch_event_bus",
    kind: "rules",
    strangers: async (bus, look) => {
      const rules = await rulesOf(bus, look);
      const known = new Set(look.planned("aws_cloudwatch_event_rule").map(({ name }) => name));
      const found = rules
        .filter(({ Name }) => !known.has(Name))
        .map(({ Name }) => ruleOf(bus, `${Name}`, look));
      return (await Promise.all(found)).flat();
    },
  },
  {
    type: "aws_cloudwatch_event_bus",
    kind: "archives",
    strangers: async ({ arn }, { clients, planned }) => {
      const archives = await allByToken(async (NextToken) => {
        const page = await clients.events.send(
          new ListArchivesCommand({ EventSourceArn: `${arn}`, NextToken }),
        );
        return { items: page.Archives, next: page.NextToken };
      });
      return beside(
        archives.map(({ ArchiveName }) => ArchiveName),
        planned("aws_cloudwatch_event_archive").map(({ name }) => name),
        (name) => `the archive ${name}, which keeps a copy of every event`,
      );
    },
  },
  ...["aws_lambda_function", "aws_lambda_alias", "aws_sqs_queue", "aws_sns_topic"].map(
    (type): Probe => ({
      type,
      kind: "rules on the default event bus",
      strangers: async ({ arn }, { clients, planned }) => {
        const names = await allByToken(async (NextToken) => {
          const page = await clients.events.send(
            new ListRuleNamesByTargetCommand({ TargetArn: `${arn}`, NextToken }),
          );
          return { items: page.RuleNames, next: page.NextToken };
        });
        return beside(
          names,
          planned("aws_cloudwatch_event_rule").map(({ name }) => name),
          (name) => `the rule ${name} on the default event bus, which has it as target`,
        );
      },
    }),
  ),
  {
    type: "aws_sns_topic",
    kind: "subscriptions",
    strangers: async ({ arn }, { clients: { sns: client }, planned }) => {
      const live = await all(
        paginateListSubscriptionsByTopic({ client }, { TopicArn: `${arn}` }),
        ({ Subscriptions }) => Subscriptions,
      );
      // A subscription that is not confirmed has no ARN yet.
      return beside(
        live.map(({ Protocol, Endpoint }) => `${Protocol} ${Endpoint}`),
        planned("aws_sns_topic_subscription")
          .filter(({ topic_arn: topic }) => topic === arn)
          .map(({ protocol, endpoint }) => `${protocol} ${endpoint}`),
        (subscription) => `the subscription of ${subscription}`,
      );
    },
  },
  {
    type: "aws_sns_topic",
    kind: "data protection policy",
    strangers: async ({ arn }, { clients, planned }) => {
      const found = await unlessAbsent(
        clients.sns.send(new GetDataProtectionPolicyCommand({ ResourceArn: `${arn}` })),
      );
      const isPlanned = planned("aws_sns_topic_data_protection_policy").some((policy) => policy.arn === arn);
      return found?.DataProtectionPolicy && !isPlanned ? [{ what: "a data protection policy" }] : [];
    },
  },
];

function rulesOf({ name }: Attributes, { clients }: Look) {
  return allByToken(async (NextToken) => {
    const page = await clients.events.send(new ListRulesCommand({ EventBusName: `${name}`, NextToken }));
    return { items: page.Rules, next: page.NextToken };
  });
}

/**
 * A consumer in the same account brings its own rule, so such a rule is only mentioned. A run of `npm run verify` creates
 * a rule and a queue of one name, and removes both.
 */
async function ruleOf(bus: Attributes, Rule: string, { clients }: Look): Promise<readonly Stranger[]> {
  const targets = await allByToken(async (NextToken) => {
    const page = await clients.events.send(
      new ListTargetsByRuleCommand({ Rule, EventBusName: `${bus.name}`, NextToken }),
    );
    return { items: page.Targets, next: page.NextToken };
  });
  const arns = targets.map(({ Arn = "" }) => Arn);
  const account = `${bus.arn}`.split(":")[4];
  const isOwn = arns.every((arn) => arn.split(":")[4] === account);
  if (isOwn && /^verify-[0-9a-f-]{36}$/.test(Rule) && arns.every((arn) => arn.endsWith(`:${Rule}`)))
    return [];
  const where = arns.length > 0 ? `to ${arns.join(", ")}` : "without a target";
  return [{ what: `the rule ${Rule} ${where}`, harmless: isOwn }];
}

/** Collects all pages of a call that has no paginator. */
async function allByToken<Item>(
  page: (
    token: string | undefined,
  ) => Promise<{ readonly items: readonly Item[] | undefined; readonly next: string | undefined }>,
): Promise<readonly Item[]> {
  const items: Item[] = [];
  let token: string | undefined;
  do {
    const { items: found = [], next } = await page(token);
    items.push(...found);
    token = next;
  } while (token);
  return items;
}
