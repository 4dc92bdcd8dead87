import { evaluateMetricAlarm } from "../../../alarms/evaluate-metric-alarm";
import { evaluationSeconds, evaluationWindow } from "../../../alarms/evaluation-window";
import { InvalidAlarmError } from "../../../alarms/invalid-alarm-error";
import { metricsOf } from "../../../alarms/metric-alarm";
import { UnsupportedAlarmError } from "../../../alarms/unsupported-alarm-error";
import { periodOf } from "../../../alarms/watched-series";
import { EmulatorRestartsError } from "../shared/patched-emulator";
import type { Report } from "../shared/report";
import type { AlarmStates } from "./alarm-states";
import type { KnownAlarm, KnownAlarms } from "./known-alarms";
import type { FoundSamples, SamplesRequest } from "./metric-samples";

/** How often to see which alarms are due: as often as CloudWatch evaluates its most frequent alarms. */
const tickMilliseconds = 10_000;

export interface AlarmEvaluationsProps {
  readonly known: KnownAlarms;
  readonly states: AlarmStates;
  readonly report: Report;
  /** Puts the metrics that are still in a Region's logs. */
  collect(region: string): Promise<void>;
  readSamples(request: SamplesRequest): Promise<FoundSamples>;
}

/** When an alarm was last evaluated. */
interface Evaluated {
  /** Which of its intervals it was. */
  readonly step: number;
  /** How many samples had been written. Undefined if a caller has set the state, which lasts for the interval. */
  readonly writes: number | undefined;
}

/** Evaluates metric alarms, one evaluation after the other: every minute as CloudWatch does, and whenever they are read. */
export class AlarmEvaluations {
  private running = Promise.resolve();
  private isTicking = false;
  private readonly evaluated = new Map<string, Evaluated>();
  /** Alarms that could not be evaluated, with the error that has been reported. */
  private readonly reported = new Map<string, string>();
  private readonly timer: NodeJS.Timeout;

  constructor(private readonly props: AlarmEvaluationsProps) {
    this.timer = setInterval(() => void this.tick(Date.now()), tickMilliseconds);
    this.timer.unref();
  }

  /**
   * Evaluates alarms of a Region before they are read, unless nothing has been written since they were evaluated.
   * @param names with what their states depend on. @default all alarms
   * @param at in milliseconds since the epoch
   */
  refresh(region: string, at: number, names?: readonly string[]): Promise<void> {
    const { known, readSamples } = this.props;
    return this.enqueue(async () => {
      const alarms = names ? known.withDependencies(region, names) : known.in(region);
      for (const alarm of alarms) await this.props.states.endPeriods(alarm, at);
      const metricAlarms = alarms.filter(isMetricAlarm);
      if (metricAlarms.length === 0) return;
      const { writes } = await readSamples({ region, metrics: [] });
      const stale = metricAlarms.filter((alarm) => !this.isFresh(alarm, at, writes));
      if (stale.length > 0) await this.evaluate(region, stale, at);
    });
  }

  /** Keeps a state that a caller has set until the alarm's next interval. */
  hold(alarm: KnownAlarm, at: number): void {
    this.evaluated.set(keyOf(alarm), { step: stepOf(alarm, at), writes: undefined });
  }

  /** Evaluates an alarm anew, because it has been put. */
  forget(alarm: KnownAlarm): void {
    this.evaluated.delete(keyOf(alarm));
    this.reported.delete(keyOf(alarm));
  }

  /** Waits for the evaluation in progress. */
  settle(): Promise<void> {
    return this.running;
  }

  close(): void {
    clearInterval(this.timer);
  }

  /** Evaluates the alarms whose interval is over. A tick that finds the one before still running does nothing. */
  private async tick(at: number): Promise<void> {
    if (this.isTicking) return;
    this.isTicking = true;
    await this.enqueue(() => this.evaluateDue(at));
    this.isTicking = false;
  }

  private enqueue(evaluation: () => Promise<void>): Promise<void> {
    this.running = this.running.then(async () => {
      try {
        await evaluation();
      } catch (error) {
        if (!(error instanceof EmulatorRestartsError)) await this.props.report("alarms", error);
      }
    });
    return this.running;
  }

  private async evaluateDue(at: number): Promise<void> {
    const { known, states, collect } = this.props;
    const all = known.all();
    this.prune(all);
    for (const alarm of all) await states.endPeriods(alarm, at);
    const due = all.filter(
      (alarm) => isMetricAlarm(alarm) && this.evaluated.get(keyOf(alarm))?.step !== stepOf(alarm, at),
    );
    for (const region of new Set(due.map((alarm) => alarm.region))) {
      await collect(region);
      const alarms = due.filter((alarm) => alarm.region === region);
      await this.evaluate(region, alarms, at);
    }
  }

  private async evaluate(region: string, alarms: readonly KnownAlarm[], at: number): Promise<void> {
    const { known, states, readSamples } = this.props;
    const { samples, writes } = await readSamples({
      region,
      metrics: alarms.flatMap(({ put }) => {
        const [since = at] = windowOf(put, at)?.starts ?? [];
        return metricsOf(put).map((stat) => ({ stat, since }));
      }),
    });
    for (const alarm of alarms) {
      const { name, put } = alarm;
      try {
        const state = known.state(region, name).value;
        const { state: value, ...explanation } = evaluateMetricAlarm(put, { at, state, samples });
        await states.change(alarm, { value, ...explanation }, at);
        this.reported.delete(keyOf(alarm));
      } catch (error) {
        this.reportOnce(alarm, error);
        // Anything but the alarm itself may be well by the next tick.
        if (!isOfAlarm(error)) continue;
      }
      this.evaluated.set(keyOf(alarm), { step: stepOf(alarm, at), writes });
    }
  }

  private isFresh(alarm: KnownAlarm, at: number, writes: number): boolean {
    const last = this.evaluated.get(keyOf(alarm));
    return last?.step === stepOf(alarm, at) && (last.writes === undefined || last.writes === writes);
  }

  private prune(all: readonly KnownAlarm[]): void {
    const keys = new Set(all.map(keyOf));
    for (const memory of [this.evaluated, this.reported]) {
      for (const key of memory.keys()) if (!keys.has(key)) memory.delete(key);
    }
  }

  /** An alarm that cannot be evaluated fails every minute: say so once. */
  private reportOnce(alarm: KnownAlarm, error: unknown): void {
    const message = error instanceof Error ? error.message : `${error}`;
    if (this.reported.get(keyOf(alarm)) === message) return;
    this.reported.set(keyOf(alarm), message);
    void this.props.report(
      "alarms",
      new Error(`${alarm.name} cannot be evaluated: ${message}`, { cause: error }),
    );
  }
}

/** Whether an alarm cannot be evaluated, however often it is tried. */
function isOfAlarm(error: unknown): boolean {
  return error instanceof InvalidAlarmError || error instanceof UnsupportedAlarmError;
}

function isMetricAlarm({ put }: KnownAlarm): boolean {
  return put.AlarmRule === undefined;
}

function keyOf({ region, name }: KnownAlarm): string {
  return `${region}/${name}`;
}

/** Which of its intervals an alarm is in. Always the same one for an alarm without a valid period. */
function stepOf({ put }: KnownAlarm, at: number): number {
  const window = windowOf(put, at);
  return window ? Math.floor(at / (window.seconds * 1000)) : 0;
}

function windowOf(alarm: KnownAlarm["put"], at: number) {
  try {
    const settings = { periodSeconds: periodOf(alarm), evaluationPeriods: alarm.EvaluationPeriods ?? 1 };
    return { ...evaluationWindow(at, settings), seconds: evaluationSeconds(settings) };
  } catch {
    return undefined;
  }
}
