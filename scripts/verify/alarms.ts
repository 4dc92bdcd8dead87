import { DescribeAlarmsCommand, type MetricAlarm } from "@aws-sdk/client-cloudwatch";
import { GetTopicAttributesCommand, ListSubscriptionsByTopicCommand } from "@aws-sdk/client-sns";
import { awsFailure } from "../lib/aws-failure";
import type { Check } from "./check";
import type { Deployment } from "./deployment";
import { statementsOf } from "./policies";
import { CheckFailedError, requireNoProblems, UncheckedError } from "./verdict";

export const alarmChecks: readonly Check[] = [
  {
    name: "alarms/exist",
    run: async (deployment) => {
      const alarms = await deployment.once("alarms", () => read(deployment));
      requireNoProblems(alarms.map(({ name, found }) => !found && `${name} does not exist`));
      return `all ${alarms.length} exist`;
    },
  },
  {
    name: "alarms/ok",
    run: (deployment, report) => alarmsOk(deployment, report),
  },
  {
    name: "alarms/actions",
    run: async (deployment) => {
      const alarms = await deployment.once("alarms", () => read(deployment));
      const topics = new Set(alarms.flatMap(({ found }) => found?.AlarmActions ?? []));
      const missing = await Promise.all([...topics].map((topic) => missingTopic(deployment, topic)));
      requireNoProblems([
        ...alarms.map(
          ({ name, found }) => found && !found.ActionsEnabled && `${name} has its actions disabled`,
        ),
        ...alarms.map(({ name, found }) => found && !found.AlarmActions?.length && `${name} has no action`),
        ...missing,
      ]);
      return `all notify ${[...topics].map((topic) => topic.split(":").at(-1)).join(", ")}`;
    },
  },
  {
    name: "alarms/topic-policy",
    run: async (deployment) => {
      const { Attributes } = await deployment.clients.sns.send(
        new GetTopicAttributesCommand({ TopicArn: deployment.output("alarm-topic-arn") }),
      );
      const statements = statementsOf(Attributes?.Policy);
      const allowed = statements.some(
        ({ Effect, Principal, Action }) =>
          Effect === "Allow" &&
          [Action].flat().includes("sns:Publish") &&
          (Principal as { Service?: unknown })?.Service === "cloudwatch.amazonaws.com",
      );
      if (!allowed) throw new CheckFailedError("the topic's policy does not allow alarms to publish");
      return "alarms can publish";
    },
  },
  {
    name: "alarms/subscribers",
    run: async (deployment) => {
      const { alarmEmails = [] } = deployment.environment;
      if (alarmEmails.length === 0) {
        throw new UncheckedError(
          "stacks/environments.ts has no alarmEmails, so the expected subscribers are unknown",
        );
      }
      const { Subscriptions = [] } = await deployment.clients.sns.send(
        new ListSubscriptionsByTopicCommand({ TopicArn: deployment.output("alarm-topic-arn") }),
      );
      requireNoProblems(
        alarmEmails.map((email) => {
          const subscription = Subscriptions.find(({ Endpoint }) => Endpoint === email);
          if (!subscription) return `${email} is not subscribed`;
          return (
            !subscription.SubscriptionArn?.startsWith("arn:") && `${email} has not confirmed the subscription`
          );
        }),
      );
      return alarmEmails.join(", ");
    },
  },
];

/** Checked once, before this run forces a failure. */
export function alarmsOk(deployment: Deployment, report: (detail: string) => void): Promise<string> {
  return deployment.once("alarms ok", async () => {
    const stateOf = async () => {
      const states = new Map<string, string[]>();
      for (const { name, found } of await read(deployment)) {
        const state = found?.StateValue ?? "absent";
        states.set(state, [...(states.get(state) ?? []), name]);
      }
      return states;
    };
    const wait = { awsSeconds: 600, emulatorSeconds: 0, everySeconds: 15 };
    // A new alarm, or one that fired because of an earlier run, is OK within minutes.
    const settled = await deployment.until(
      wait,
      async () => {
        const states = await stateOf();
        return states.has("ALARM") || states.has("INSUFFICIENT_DATA") ? undefined : states;
      },
      report,
    );
    const states = settled ?? (await stateOf());
    const named = (state: string) => states.get(state) ?? [];
    const [firing, unknown] = [named("ALARM"), named("INSUFFICIENT_DATA")];
    if (firing.length + unknown.length > 0) {
      deployment.requireAws(
        "the emulator publishes a queue's metrics a minute after its first use, so the dead-letter queue's alarm may have no data yet, and failures in the last few minutes keep other alarms in ALARM",
      );
    }
    requireNoProblems(firing.map((name) => `${name} is in ALARM`));
    if (unknown.length > 0) {
      throw new CheckFailedError(`insufficient data for ${unknown.join(", ")}`);
    }
    return `${named("OK").length} are OK`;
  });
}

interface KnownAlarm {
  readonly name: string;
  readonly found: MetricAlarm | undefined;
}

async function read(deployment: Deployment): Promise<readonly KnownAlarm[]> {
  const names = deployment.resources("aws_cloudwatch_metric_alarm").map((alarm) => `${alarm.alarm_name}`);
  if (names.length === 0) throw new CheckFailedError("the stack has no alarms");
  const { MetricAlarms = [] } = await deployment.clients.cloudWatch.send(
    new DescribeAlarmsCommand({ AlarmNames: names, MaxRecords: 100 }),
  );
  return names.map((name) => ({ name, found: MetricAlarms.find(({ AlarmName }) => AlarmName === name) }));
}

async function missingTopic({ clients }: Deployment, TopicArn: string): Promise<string | undefined> {
  try {
    await clients.sns.send(new GetTopicAttributesCommand({ TopicArn }));
    return undefined;
  } catch (error) {
    return `${TopicArn} does not exist (${awsFailure(error)})`;
  }
}
