/** What was published at one moment: a value, a value that occurred several times, or a statistic set. */
export interface Sample {
  /** In milliseconds since the epoch. */
  readonly at: number;
  readonly unit?: string | undefined;
  readonly sampleCount: number;
  readonly sum: number;
  readonly minimum: number;
  readonly maximum: number;
}

/** A value that was published `count` times. */
export function sampleOf(at: number, value: number, count = 1): Sample {
  return { at, sampleCount: count, sum: value * count, minimum: value, maximum: value };
}
