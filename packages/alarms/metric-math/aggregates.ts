import { invalidMath } from "./invalid-math";
import { isList, present, type Series, type Value } from "./value";

export type Aggregate = (values: readonly number[]) => number;

const sum: Aggregate = (values) => values.reduce((total, value) => total + value, 0);
const average: Aggregate = (values) => sum(values) / values.length;

/** Functions that reduce one time series to a number, and several to one. */
export const aggregates = new Map<string, Aggregate>(
  Object.entries({
    AVG: average,
    MAX: (values) => Math.max(...values),
    MIN: (values) => Math.min(...values),
    STDDEV: (values: readonly number[]) => {
      const mean = average(values);
      return Math.sqrt(average(values.map((value) => (value - mean) ** 2)));
    },
    SUM: sum,
  }),
);

/**
 * @param missingAsZero whether a series without a value counts as 0 where another one has a value
 * @returns NaN for one time series without data
 */
export function aggregate(
  value: Value,
  combine: Aggregate,
  { missingAsZero }: { missingAsZero: boolean },
): Value {
  if (typeof value === "number") {
    throw invalidMath("expected one or more time series, got a number");
  }
  if (!isList(value)) {
    const values = present(value);
    return values.length === 0 ? Number.NaN : combine(values);
  }
  const [first = { points: [] }] = value;
  return {
    points: first.points.map((_, index) => {
      const points = value.map((series: Series) => series.points[index]);
      const known = points.filter((point) => point !== undefined);
      if (known.length === 0) return undefined;
      return combine(missingAsZero ? points.map((point) => point ?? 0) : known);
    }),
  };
}
