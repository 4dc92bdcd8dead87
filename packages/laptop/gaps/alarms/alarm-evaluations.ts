import { evaluateMetricAlarm } from "../../../alarms/evaluate-metric-alarm";
import { evaluationSeconds, evaluationWindow } from "../../../alarms/evaluation-window";
import type { SampleSource } from "../../../alarms/watched-series";
import { metricsOf, periodOf } from "../../../alarms/watched-series";
import type { Report } from "../shared/report";
import type { AlarmStates } from "./alarm-states";
import type { KnownAlarm, KnownAlarms } from "./known-alarms";
import { EmulatorRestartsError, type SamplesRequest } from "./metric-samples";

/** How often to see which alarms are due: as often as CloudWatch evaluates its most frequent alarms. */
const tickMilliseconds = 10_000;

export interface AlarmEvaluationsProps {
  readonly known: KnownAlarms;
  readonly states: AlarmStates;
  readonly report: Report;
  readSamples(request: SamplesRequest): Promise<SampleSource>;
}

/** Evaluates metric alarms, one evaluation after the other: every minute as CloudWatch does, and whenever it is asked. */
export class AlarmEvaluations {
  private running = Promise.resolve();
  /** The last evaluation of each alarm, in steps of its interval. */
  private readonly lastSteps = new Map<string, number>();
  /** Alarms that could not be evaluated, with the error that has been reported. */
  private readonly reported = new Map<string, string>();
  private readonly timer: NodeJS.Timeout;

  constructor(private readonly props: AlarmEvaluationsProps) {
    this.timer = setInterval(() => void this.evaluate(Date.now(), { onlyDue: true }), tickMilliseconds);
    this.timer.unref();
  }

  /** @param at in milliseconds since the epoch */
  evaluate(at: number, { onlyDue = false } = {}): Promise<void> {
    this.running = this.running.then(async () => {
      try {
        await this.evaluateRegions(at, onlyDue);
      } catch (error) {
        if (!(error instanceof EmulatorRestartsError)) await this.props.report("alarms", error);
      }
    });
    return this.running;
  }

  /** Waits for the evaluation in progress. */
  settle(): Promise<void> {
    return this.running;
  }

  close(): void {
    clearInterval(this.timer);
  }

  private async evaluateRegions(at: number, onlyDue: boolean): Promise<void> {
    const { known, states } = this.props;
    const all = known.all();
    for (const alarm of all) await states.endPeriods(alarm, at);
    const due = all
      .filter(({ put }) => put.AlarmRule === undefined)
      .filter((alarm) => this.isDue(alarm, at) || !onlyDue);
    for (const region of new Set(due.map((alarm) => alarm.region))) {
      await this.evaluateRegion(
        region,
        due.filter((alarm) => alarm.region === region),
        at,
      );
    }
  }

  private async evaluateRegion(region: string, alarms: readonly KnownAlarm[], at: number): Promise<void> {
    const { known, states, readSamples } = this.props;
    const since = Math.min(...alarms.map(({ put }) => windowOf(put, at)?.starts[0] ?? at));
    const samples = await readSamples({
      region,
      since,
      metrics: alarms.flatMap(({ put }) => metricsOf(put)),
    });
    for (const alarm of alarms) {
      const { name, put } = alarm;
      try {
        const state = known.state(region, name).value;
        const { state: value, ...explanation } = evaluateMetricAlarm(put, { at, state, samples });
        await states.change(alarm, { value, ...explanation }, at);
      } catch (error) {
        this.reportOnce(alarm, error);
      }
    }
  }

  private isDue({ region, name, put }: KnownAlarm, at: number): boolean {
    const window = windowOf(put, at);
    const step = window ? Math.floor(at / (window.seconds * 1000)) : 0;
    const key = `${region}/${name}`;
    const isDue = this.lastSteps.get(key) !== step;
    this.lastSteps.set(key, step);
    return isDue;
  }

  /** An alarm that cannot be evaluated fails every minute: say so once. */
  private reportOnce({ region, name }: KnownAlarm, error: unknown): void {
    const message = error instanceof Error ? error.message : `${error}`;
    const key = `${region}/${name}`;
    if (this.reported.get(key) === message) return;
    this.reported.set(key, message);
    void this.props.report("alarms", new Error(`${name} cannot be evaluated: ${message}`, { cause: error }));
  }
}

/** Undefined if the alarm has no valid period. */
function windowOf(alarm: KnownAlarm["put"], at: number) {
  try {
    const settings = { periodSeconds: periodOf(alarm), evaluationPeriods: alarm.EvaluationPeriods ?? 1 };
    return { ...evaluationWindow(at, settings), seconds: evaluationSeconds(settings) };
  } catch {
    return undefined;
  }
}
