import { mapPoints, type Series, seriesOf } from "./value";

/** When the periods of a series begin. */
export interface Timing {
  readonly periodSeconds: number;
  /** In milliseconds since the epoch, oldest first. */
  readonly starts: readonly number[];
}

export type SeriesFunction = (series: Series, timing: Timing) => Series;

/** Functions that turn one time series into another. */
export const seriesFunctions = new Map<string, SeriesFunction>(
  Object.entries({
    ABS: each(Math.abs),
    CEIL: each(Math.ceil),
    FLOOR: each(Math.floor),
    LOG: each(Math.log),
    LOG10: each(Math.log10),
    DIFF: changes((difference) => difference),
    DIFF_TIME: changes((_, seconds) => seconds),
    RATE: changes((difference, seconds) => difference / seconds),
    RUNNING_SUM: runningSum,
    MINUTE: ofTime((time) => time.getUTCMinutes()),
    HOUR: ofTime((time) => time.getUTCHours()),
    // Monday is 1, Sunday is 7.
    DAY: ofTime((time) => time.getUTCDay() || 7),
    DATE: ofTime((time) => time.getUTCDate()),
    MONTH: ofTime((time) => time.getUTCMonth() + 1),
    YEAR: ofTime((time) => time.getUTCFullYear()),
    EPOCH: ofTime((time) => time.getTime() / 1000),
  }),
);

function each(change: (point: number) => number): SeriesFunction {
  return (series) => mapPoints(series, change);
}

/** Compares each value with the last one before it. The first has none. */
function changes(change: (difference: number, seconds: number) => number): SeriesFunction {
  return ({ points }, { periodSeconds }) =>
    seriesOf(
      points.map((point, index) => {
        const before = points.findLastIndex((other, at) => at < index && other !== undefined);
        const last = points[before];
        if (point === undefined || last === undefined) return undefined;
        return change(point - last, (index - before) * periodSeconds);
      }),
    );
}

function runningSum({ points }: Series): Series {
  let total = 0;
  return {
    points: points.map((point) => {
      total += point ?? 0;
      return point === undefined ? undefined : total;
    }),
  };
}

/** A value for every period, whether or not it has data. */
function ofTime(read: (time: Date) => number): SeriesFunction {
  return (_, { starts }) => ({ points: starts.map((start) => read(new Date(start))) });
}
