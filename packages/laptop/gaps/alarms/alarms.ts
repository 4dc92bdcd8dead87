import { type AlarmType, DescribeAlarmsCommand, type DescribeAlarmsInput } from "@aws-sdk/client-cloudwatch";
import type { AlarmState } from "../../../alarms/metric-alarm";
import { type Answer, type Call, type Gap, type GapSettings, hasSucceeded, type RequestHead } from "../gap";
import type { AwsClients } from "../shared/aws-clients";
import { bodyWithout, changedOutput, isQuery, queryAnswer, readCall } from "../shared/cloud-watch-call";
import type { Memory } from "../shared/memory";
import { AlarmEvaluations } from "./alarm-evaluations";
import { AlarmStates } from "./alarm-states";
import { type KnownAlarm, KnownAlarms, type KnownState, type PutAlarm } from "./known-alarms";
import { readSamples } from "./metric-samples";

type Attributes = Readonly<Record<string, unknown>>;

const actions = new Set([
  "PutMetricAlarm",
  "PutCompositeAlarm",
  "DescribeAlarms",
  "DescribeAlarmsForMetric",
  "DescribeAlarmHistory",
  "EnableAlarmActions",
  "DisableAlarmActions",
  "SetAlarmState",
  "DeleteAlarms",
]);

/** What MiniStack would otherwise evaluate, and notify, itself. */
const keptFromMiniStack = [
  ...["MetricName", "Metrics"],
  ...["OKActions", "AlarmActions", "InsufficientDataActions"],
];

/** What AWS returns for attributes that were not set. */
const defaults = { ActionsEnabled: true, OKActions: [], AlarmActions: [], InsufficientDataActions: [] };

export interface AlarmsProps extends GapSettings {
  readonly clients: AwsClients;
  readonly alarms: Memory<PutAlarm>;
  readonly states: Memory<KnownState>;
}

/**
 * Evaluates alarms, and makes them read back as they were written. MiniStack evaluates an alarm without its dimensions, its
 * periods and metric math, and forgets many attributes. So it is given neither the metrics nor the actions of an alarm: it
 * stores the alarm, its state and its history.
 */
export class Alarms implements Gap {
  readonly name = "alarms";
  private readonly known: KnownAlarms;
  private readonly states: AlarmStates;
  private readonly evaluations: AlarmEvaluations;
  private readonly clients: AwsClients;

  constructor({ clients, alarms, states, report }: AlarmsProps) {
    const known = new KnownAlarms(alarms, states);
    this.clients = clients;
    this.known = known;
    this.states = new AlarmStates(known, clients, report);
    this.evaluations = new AlarmEvaluations({
      known,
      states: this.states,
      report,
      readSamples: (request) => readSamples(clients.endpoint, request),
    });
  }

  claims(head: RequestHead): boolean {
    return head.service === "monitoring" && (isQuery(head) || actions.has(head.action ?? ""));
  }

  async intercept(call: Call): Promise<Answer> {
    const { action, input } = readCall(call);
    switch (action) {
      case "PutMetricAlarm":
      case "PutCompositeAlarm":
        return this.put(call, input);
      case "DescribeAlarms":
        return this.describe(call, input);
      case "DescribeAlarmsForMetric":
        return this.describeForMetric(call, input);
      case "DescribeAlarmHistory":
        await this.evaluations.evaluate(Date.now());
        return call.pass();
      case "SetAlarmState":
        return this.setState(call, input);
    }
    const answer = await call.pass();
    const names = hasSucceeded(answer) ? ((input.AlarmNames ?? []) as readonly string[]) : [];
    const region = regionOf(call);
    for (const name of names) {
      const alarm = this.known.get(region, name);
      if (action === "DeleteAlarms") this.known.delete(region, name);
      if (!alarm) continue;
      if (action === "EnableAlarmActions") this.known.put(region, name, { ...alarm, ActionsEnabled: true });
      if (action === "DisableAlarmActions") this.known.put(region, name, { ...alarm, ActionsEnabled: false });
    }
    return answer;
  }

  settle(): Promise<void> {
    return this.evaluations.settle();
  }

  close(): void {
    this.evaluations.close();
  }

  private async put(call: Call, { Tags, ...input }: Attributes): Promise<Answer> {
    const answer = await call.pass({ body: bodyWithout(call, keptFromMiniStack) });
    if (!hasSucceeded(answer)) return answer;
    const alarm: KnownAlarm = { region: regionOf(call), name: `${input.AlarmName}`, put: input };
    this.known.put(alarm.region, alarm.name, alarm.put);
    if (alarm.put.AlarmRule !== undefined) {
      await this.states.evaluateRule(alarm, `${alarm.name} was put with this alarm rule`, Date.now());
    }
    return answer;
  }

  /** Asks in JSON through the gateway, and so through this gap: MiniStack's XML lacks attributes that its JSON has. */
  private async describe(call: Call, input: DescribeAlarmsInput): Promise<Answer> {
    if (isQuery(call.head)) return queryAnswer("DescribeAlarms", await this.described(call, input));
    await this.evaluations.evaluate(Date.now());
    const answer = await call.pass();
    return hasSucceeded(answer) ? this.complete(call, answer) : answer;
  }

  /** MiniStack does not know the metrics of an alarm, so it is asked for the alarms by name. */
  private async describeForMetric(call: Call, input: Attributes): Promise<Answer> {
    const region = regionOf(call);
    const AlarmNames = this.known
      .all()
      .filter((alarm) => alarm.region === region && watches(alarm.put, input))
      .map(({ name }) => name);
    if (AlarmNames.length === 0) return call.pass();
    if (isQuery(call.head)) {
      const { MetricAlarms } = await this.described(call, { AlarmNames });
      return queryAnswer("DescribeAlarmsForMetric", { MetricAlarms });
    }
    await this.evaluations.evaluate(Date.now());
    const answer = await call.pass({
      headers: { "x-amz-target": "GraniteServiceVersion20100801.DescribeAlarms" },
      body: Buffer.from(JSON.stringify({ AlarmNames })),
    });
    return hasSucceeded(answer) ? this.complete(call, answer) : answer;
  }

  private async setState(call: Call, { AlarmName, StateValue, StateReason }: Attributes): Promise<Answer> {
    const answer = await call.pass();
    const [region, name] = [regionOf(call), `${AlarmName}`];
    const put = this.known.get(region, name);
    if (hasSucceeded(answer) && put) {
      const state = { value: StateValue as AlarmState, reason: `${StateReason}` };
      await this.states.changedByCaller({ region, name, put }, state, Date.now());
    }
    return answer;
  }

  private async described(call: Call, input: DescribeAlarmsInput) {
    const cloudWatch = this.clients.cloudWatch(regionOf(call));
    const { $metadata, ...output } = await cloudWatch.send(new DescribeAlarmsCommand(input));
    return output;
  }

  private complete(call: Call, answer: Answer): Answer {
    const region = regionOf(call);
    const asPut = (alarm: Attributes) => {
      const put = this.known.get(region, `${alarm.AlarmName}`);
      if (!put) return alarm;
      const by = this.known.state(region, `${alarm.AlarmName}`).suppression?.by;
      const suppressed = by && {
        ActionsSuppressedBy: by,
        ActionsSuppressedReason: `Actions suppressed by ${by}`,
      };
      return { ...defaults, ...stateOf(alarm), ...suppressed, ...put };
    };
    return changedOutput(answer, (output) => {
      const completed = (type: AlarmType) => {
        const alarms = output[`${type}s`];
        return alarms && { [`${type}s`]: alarms.map(asPut) };
      };
      return { ...output, ...completed("MetricAlarm"), ...completed("CompositeAlarm") };
    });
  }
}

function regionOf({ head }: Call): string {
  return head.region ?? "";
}

function stateOf(alarm: Attributes): Attributes {
  return Object.fromEntries(Object.entries(alarm).filter(([name]) => /^State|Arn$|Timestamp$/.test(name)));
}

/** Whether an alarm watches exactly this metric. */
function watches(alarm: PutAlarm, { MetricName, Namespace, Dimensions }: Attributes): boolean {
  const written = (dimensions: PutAlarm["Dimensions"]) =>
    JSON.stringify((dimensions ?? []).map(({ Name, Value }) => `${Name}=${Value}`).sort());
  return (
    alarm.MetricName === MetricName &&
    alarm.Namespace === Namespace &&
    written(alarm.Dimensions) === written(Dimensions as PutAlarm["Dimensions"])
  );
}
