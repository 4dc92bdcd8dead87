/**
 * How many periods CloudWatch looks at beyond the evaluation periods, in case some of those have no data. The number is
 * undocumented; every documented example uses a range of 5 for 3 evaluation periods.
 */
const extraPeriods = 2;

export interface WindowSettings {
  readonly periodSeconds: number;
  readonly evaluationPeriods: number;
}

/** The periods that an alarm looks at, oldest first. */
export interface EvaluationWindow {
  readonly periodSeconds: number;
  /** When each period begins, in milliseconds since the epoch. */
  readonly starts: readonly number[];
}

/**
 * The periods that an alarm looks at when it is evaluated at a moment. They end with the last full minute: the window
 * slides on every minute, even if the period is longer. It slides every 10 seconds for periods below a minute, and every
 * hour if the evaluation periods together exceed a day.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation.html
 */
export function evaluationWindow(at: number, settings: WindowSettings): EvaluationWindow {
  const { periodSeconds, evaluationPeriods } = settings;
  const step = evaluationSeconds(settings) * 1000;
  const end = Math.floor(at / step) * step;
  const count = evaluationPeriods + extraPeriods;
  const starts = Array.from({ length: count }, (_, index) => end - (count - index) * periodSeconds * 1000);
  return { periodSeconds, starts };
}

/** How often an alarm is evaluated. */
export function evaluationSeconds({ periodSeconds, evaluationPeriods }: WindowSettings): number {
  if (periodSeconds * evaluationPeriods > 86_400) return 3_600;
  return periodSeconds < 60 ? 10 : 60;
}
