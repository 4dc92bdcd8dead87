import { invalidMath } from "./invalid-math";

/** A time series: one value per period, oldest first, undefined where the period has no data. */
export interface Series {
  readonly points: readonly (number | undefined)[];
}

/** What an expression can evaluate to: a scalar, a time series or an array of time series. */
export type Value = number | Series | readonly Series[];

export function isList(value: Value | undefined): value is readonly Series[] {
  return Array.isArray(value);
}

/** Applies a function to each time series. */
export function mapSeries(value: Value, change: (series: Series) => Series): Value {
  if (isList(value)) return value.map(change);
  if (typeof value === "number") throw invalidMath("expected a time series, got a number");
  return change(value);
}

/** A series whose values are computed one by one. Results that are not finite, such as a division by zero, are dropped. */
export function seriesOf(points: readonly (number | undefined)[]): Series {
  return { points: points.map((point) => (Number.isFinite(point) ? point : undefined)) };
}

/** Applies a function to each value that is present. */
export function mapPoints({ points }: Series, change: (point: number) => number): Series {
  return seriesOf(points.map((point) => (point === undefined ? undefined : change(point))));
}

export function present(series: Series): readonly number[] {
  return series.points.filter((point) => point !== undefined);
}
