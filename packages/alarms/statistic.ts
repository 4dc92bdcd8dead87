import { extendedStatistic } from "./extended-statistic";
import type { Sample } from "./sample";
import { UnsupportedAlarmError } from "./unsupported-alarm-error";

/** Aggregates the samples of one period, of which there is at least one. Undefined if they have no such statistic. */
export type Statistic = (samples: readonly Sample[]) => number | undefined;

const simple = new Map<string, Statistic>(
  Object.entries({
    SampleCount: sampleCount,
    Sum: sum,
    Average: (samples) => sum(samples) / sampleCount(samples),
    Minimum: (samples) => Math.min(...samples.map(({ minimum }) => minimum)),
    Maximum: (samples) => Math.max(...samples.map(({ maximum }) => maximum)),
  }),
);

/**
 * Finds a statistic by the name it has in CloudWatch.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Statistics-definitions.html
 * @throws UnsupportedAlarmError if there is no such statistic
 */
export function statisticNamed(name: string): Statistic {
  const statistic = simple.get(name) ?? extendedStatistic(name);
  if (!statistic) {
    throw new UnsupportedAlarmError(
      `there is no statistic "${name}": use ${[...simple.keys()].join(", ")}, or one such as p99, tm90 or TM(2%:98%)`,
    );
  }
  return statistic;
}

export function sampleCount(samples: readonly Sample[]): number {
  return samples.reduce((total, sample) => total + sample.sampleCount, 0);
}

function sum(samples: readonly Sample[]): number {
  return samples.reduce((total, sample) => total + sample.sum, 0);
}
