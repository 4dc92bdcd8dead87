import { DescribeAlarmsCommand, type DescribeAlarmsInput } from "@aws-sdk/client-cloudwatch";
import { type Answer, type Call, type Gap, hasSucceeded, jsonAnswer, type RequestHead } from "./gap";
import type { AwsClients } from "./shared/aws-clients";
import type { Memory } from "./shared/memory";
import { parseQuery, toXml } from "./shared/query-protocol";

/** An alarm's attributes, by their names in the API. */
export type Attributes = Readonly<Record<string, unknown>>;

const actions = new Set([
  "PutMetricAlarm",
  "PutCompositeAlarm",
  "DescribeAlarms",
  "DescribeAlarmsForMetric",
  "EnableAlarmActions",
  "DisableAlarmActions",
  "DeleteAlarms",
]);

/** What AWS returns for attributes that were not set. */
const defaults = { ActionsEnabled: true, OKActions: [], AlarmActions: [], InsufficientDataActions: [] };

/**
 * Makes alarms read back as they were written. MiniStack forgets metric math, suppressors and more, and returns hardly
 * any attributes in the query protocol, which hashicorp/aws 5 uses. An alarm's state is still MiniStack's.
 */
export class Alarms implements Gap {
  readonly name = "alarms";

  constructor(
    private readonly clients: AwsClients,
    private readonly alarms: Memory<Attributes>,
  ) {}

  claims(head: RequestHead): boolean {
    return head.service === "monitoring" && (isQuery(head) || actions.has(head.action ?? ""));
  }

  async intercept(call: Call): Promise<Answer> {
    const { Action, Version, ...input } = readInput(call);
    const action = call.head.action ?? Action;
    if (action === "DescribeAlarms" && isQuery(call.head)) return this.describeByQuery(call, input);
    const answer = await call.pass();
    if (!hasSucceeded(answer)) return answer;
    if (action === "DescribeAlarms" || action === "DescribeAlarmsForMetric") {
      return isQuery(call.head) ? answer : this.complete(call, answer);
    }
    const names = (input.AlarmNames ?? []) as readonly string[];
    if (action === "PutMetricAlarm" || action === "PutCompositeAlarm") {
      const { Tags, ...attributes } = input;
      this.alarms.set(key(call, input.AlarmName), attributes);
    } else if (action === "DeleteAlarms") {
      for (const name of names) this.alarms.delete(key(call, name));
    } else if (action === "EnableAlarmActions" || action === "DisableAlarmActions") {
      const ActionsEnabled = action === "EnableAlarmActions";
      for (const name of names) {
        const alarm = this.alarms.get(key(call, name));
        if (alarm) this.alarms.set(key(call, name), { ...alarm, ActionsEnabled });
      }
    }
    return answer;
  }

  /** Asks in JSON through the gateway, and so through this gap: MiniStack's XML lacks attributes that its JSON has. */
  private async describeByQuery(call: Call, input: DescribeAlarmsInput): Promise<Answer> {
    const cloudWatch = this.clients.cloudWatch(call.head.region ?? "");
    const { $metadata, ...output } = await cloudWatch.send(new DescribeAlarmsCommand(input));
    const body = toXml("DescribeAlarms", "http://monitoring.amazonaws.com/doc/2010-08-01/", output);
    return { status: 200, rawHeaders: ["Content-Type", "text/xml"], body: Buffer.from(body) };
  }

  private complete(call: Call, answer: Answer): Answer {
    const output: Record<string, Attributes[] | undefined> = JSON.parse(answer.body.toString());
    const { MetricAlarms, CompositeAlarms } = output;
    const asPut = (alarm: Attributes) => {
      const attributes = this.alarms.get(key(call, alarm.AlarmName));
      return attributes ? { ...defaults, ...stateOf(alarm), ...attributes } : alarm;
    };
    return jsonAnswer(answer, {
      ...output,
      ...(MetricAlarms && { MetricAlarms: MetricAlarms.map(asPut) }),
      ...(CompositeAlarms && { CompositeAlarms: CompositeAlarms.map(asPut) }),
    });
  }
}

function stateOf(alarm: Attributes): Attributes {
  return Object.fromEntries(Object.entries(alarm).filter(([name]) => /^State|Arn$|Timestamp$/.test(name)));
}

function readInput(call: Call): Record<string, unknown> {
  const text = call.body.toString();
  return isQuery(call.head) ? parseQuery(text) : JSON.parse(text);
}

function isQuery(head: RequestHead): boolean {
  return head.headers["content-type"]?.startsWith("application/x-www-form-urlencoded") ?? false;
}

function key(call: Call, alarmName: unknown): string {
  return `${call.head.region}/${alarmName}`;
}
