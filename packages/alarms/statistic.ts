import { extendedStatistic } from "./extended-statistic";
import { InvalidAlarmError } from "./invalid-alarm-error";
import type { Sample } from "./sample";

/** Aggregates the samples of one period, of which there is at least one. Undefined if they have no such statistic. */
export type Statistic = (samples: readonly Sample[]) => number | undefined;

const simple = new Map<string, Statistic>(
  Object.entries({
    SampleCount: sampleCount,
    Sum: sum,
    Average: (samples) => sum(samples) / sampleCount(samples),
    // Spread as arguments, many samples would overflow the stack.
    Minimum: (samples) => samples.reduce((least, { minimum }) => Math.min(least, minimum), Infinity),
    Maximum: (samples) => samples.reduce((most, { maximum }) => Math.max(most, maximum), -Infinity),
  }),
);

/**
 * Finds a statistic by the name it has in CloudWatch.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Statistics-definitions.html
 * @throws InvalidAlarmError if there is no such statistic
 */
export function statisticNamed(name: string): Statistic {
  const statistic = simple.get(name) ?? extendedStatistic(name);
  if (!statistic) {
    throw new InvalidAlarmError(
      `there is no statistic "${name}": use ${[...simple.keys()].join(", ")}, or one such as p99, tm90 or TM(2%:98%)`,
    );
  }
  return statistic;
}

/** Whether a statistic is one of those that every metric has, such as Sum. */
export function isSimpleStatistic(name: string): boolean {
  return simple.has(name);
}

export function sampleCount(samples: readonly Sample[]): number {
  return samples.reduce((total, sample) => total + sample.sampleCount, 0);
}

function sum(samples: readonly Sample[]): number {
  return samples.reduce((total, sample) => total + sample.sum, 0);
}
