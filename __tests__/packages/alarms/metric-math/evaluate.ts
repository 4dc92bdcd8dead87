import { evaluateExpression, type Scope } from "../../../../packages/alarms/metric-math/evaluate-expression";
import { parseExpression } from "../../../../packages/alarms/metric-math/parse-expression";
import type { Value } from "../../../../packages/alarms/metric-math/value";

export type Points = readonly (number | undefined)[];

/** Undefined is written -. */
export function series(points: string): { readonly points: Points } {
  return { points: points.split(" ").map((point) => (point === "-" ? undefined : Number(point))) };
}

/** Evaluates an expression over metrics such as `{ m1: "1 - 3" }`, with periods of a minute. */
export function evaluate(
  expression: string,
  metrics: Readonly<Record<string, string>> = {},
  { periodSeconds = 60, start = Date.UTC(2026, 0, 31, 23, 58) } = {},
): Value {
  const known = new Map(Object.entries(metrics).map(([id, points]) => [id, series(points)]));
  const length = [...known.values()][0]?.points.length ?? 3;
  const scope: Scope = {
    periodSeconds,
    starts: Array.from({ length }, (_, index) => start + index * periodSeconds * 1000),
    metrics: known,
    lookUp: (id) => known.get(id),
  };
  return evaluateExpression(parseExpression(expression), scope);
}

/** The values of a single time series, as {@link series} reads them. Numbers are as they are. */
export function written(value: Value): string | number {
  if (typeof value === "number") return value;
  return ("points" in value ? [value] : value)
    .map(({ points }) => points.map((point) => point ?? "-").join(" "))
    .join(" | ");
}
