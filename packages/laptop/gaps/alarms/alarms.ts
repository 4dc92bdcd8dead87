import type { AlarmType, DescribeAlarmsInput } from "@aws-sdk/client-cloudwatch";
import { alarmArn } from "../../../alarms/alarm-arn";
import type { AlarmState } from "../../../alarms/metric-alarm";
import { type Answer, type Call, type Gap, type GapSettings, hasSucceeded, type RequestHead } from "../gap";
import type { AwsClients } from "../shared/aws-clients";
import {
  bodyWithout,
  changedOutput,
  isQuery,
  queryAnswer,
  readCall,
  validationError,
} from "../shared/cloud-watch-call";
import type { Memory } from "../shared/memory";
import type { PatchedEmulator } from "../shared/patched-emulator";
import { AlarmEvaluations } from "./alarm-evaluations";
import { AlarmStates } from "./alarm-states";
import { type KnownAlarm, KnownAlarms, type KnownState, type PutAlarm } from "./known-alarms";
import { readSamples } from "./metric-samples";
import { refusalOf, watches } from "./put-alarm";

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
  readonly account: string;
  readonly clients: AwsClients;
  readonly emulator: PatchedEmulator;
  /** Puts the metrics that are still in a Region's logs. */
  collect(region: string): Promise<void>;
  readonly alarms: Memory<PutAlarm>;
  readonly states: Memory<KnownState>;
}

/**
 * Evaluates alarms, and makes them read back as they were written. MiniStack evaluates an alarm without its dimensions, its
 * periods and metric math, and forgets many attributes. MiniStack therefore receives alarms without metrics and actions, and
 * only stores them with their state and history.
 */
export class Alarms implements Gap {
  readonly name = "alarms";
  private readonly known: KnownAlarms;
  private readonly states: AlarmStates;
  private readonly evaluations: AlarmEvaluations;

  constructor(private readonly props: AlarmsProps) {
    const { account, clients, emulator, report, collect } = props;
    const known = new KnownAlarms(props.alarms, props.states, report);
    this.known = known;
    this.states = new AlarmStates({ account, known, clients, emulator, report });
    this.evaluations = new AlarmEvaluations({
      known,
      states: this.states,
      report,
      collect,
      readSamples: (request) => readSamples(emulator, request),
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
        return this.put(call, action, input);
      case "DescribeAlarms":
        return this.describe(call, input);
      case "DescribeAlarmsForMetric":
        return this.describeForMetric(call, input);
      case "DescribeAlarmHistory":
        await this.refresh(call, input.AlarmName === undefined ? undefined : [`${input.AlarmName}`]);
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

  private async put(call: Call, action: string, { Tags, ...input }: Attributes): Promise<Answer> {
    const refused = refusalOf(action, input);
    if (refused) return validationError(call, refused);
    const answer = await call.pass({ body: bodyWithout(call, keptFromMiniStack) });
    if (hasSucceeded(answer)) await this.hasBeenPut(regionOf(call), `${input.AlarmName}`, input);
    return answer;
  }

  /** MiniStack has the alarm by now, so the call has succeeded whatever happens here. */
  private async hasBeenPut(region: string, name: string, put: PutAlarm): Promise<void> {
    const alarm: KnownAlarm = { region, name, put };
    const verb = this.known.get(region, name)
      ? "was updated and its new alarm rule"
      : "was created and its alarm rule";
    try {
      this.known.put(region, name, put);
      this.evaluations.forget(alarm);
      const arn = alarmArn(name, { account: this.props.account, partition: "aws", region });
      const cause = (state: AlarmState) => ({ reason: `${arn} ${verb} evaluates to ${state}` });
      await this.states.evaluateRule(alarm, cause, Date.now());
    } catch (error) {
      await this.props.report(this.name, error);
    }
  }

  private refresh(call: Call, names?: readonly string[]): Promise<void> {
    return this.evaluations.refresh(regionOf(call), Date.now(), names?.length ? names : undefined);
  }

  private async describe(call: Call, input: DescribeAlarmsInput): Promise<Answer> {
    const { output, answer } = await this.described(call, input);
    return isQuery(call.head) && output ? queryAnswer("DescribeAlarms", output) : answer;
  }

  /** MiniStack does not know the metrics of an alarm, so it is asked for the alarms by name. */
  private async describeForMetric(call: Call, input: Attributes): Promise<Answer> {
    const AlarmNames = this.known
      .in(regionOf(call))
      .filter(({ put }) => watches(put, input))
      .map(({ name }) => name);
    if (AlarmNames.length === 0) return call.pass();
    const { output, answer } = await this.described(call, { AlarmNames });
    const { MetricAlarms } = output ?? {};
    return isQuery(call.head) && output ? queryAnswer("DescribeAlarmsForMetric", { MetricAlarms }) : answer;
  }

  private async setState(call: Call, { AlarmName, StateValue, StateReason }: Attributes): Promise<Answer> {
    const answer = await call.pass();
    const [region, name, at] = [regionOf(call), `${AlarmName}`, Date.now()];
    const put = this.known.get(region, name);
    if (hasSucceeded(answer) && put) {
      const state = { value: StateValue as AlarmState, reason: `${StateReason}` };
      this.evaluations.hold({ region, name, put }, at);
      await this.states.changedByCaller({ region, name, put }, state, at);
    }
    return answer;
  }

  /**
   * MiniStack is asked in JSON, whatever the call's protocol: its XML lacks attributes.
   * @returns the response in JSON; without an output if the call fails, in the call's own protocol
   */
  private async described(
    call: Call,
    input: DescribeAlarmsInput,
  ): Promise<{ readonly answer: Answer; readonly output?: Attributes }> {
    await this.refresh(call, input.AlarmNames);
    const answer = await call.pass({
      headers: {
        "content-type": "application/x-amz-json-1.0",
        "x-amz-target": "GraniteServiceVersion20100801.DescribeAlarms",
      },
      body: Buffer.from(JSON.stringify(input)),
    });
    if (!hasSucceeded(answer)) return { answer: isQuery(call.head) ? await call.pass() : answer };
    const completed = this.complete(call, answer);
    return { answer: completed, output: JSON.parse(completed.body.toString()) };
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
