import type { Operator } from "./expression";
import { invalidMath } from "./invalid-math";
import { isList, mapPoints, mapSeries, type Series, seriesOf, type Value } from "./value";

type OfNumbers = (left: number, right: number) => number;

const operations: Readonly<Record<Operator, OfNumbers>> = {
  "+": (left, right) => left + right,
  "-": (left, right) => left - right,
  "*": (left, right) => left * right,
  "/": (left, right) => left / right,
  "^": (left, right) => left ** right,
  "==": (left, right) => Number(left === right),
  "!=": (left, right) => Number(left !== right),
  "<=": (left, right) => Number(left <= right),
  ">=": (left, right) => Number(left >= right),
  "<": (left, right) => Number(left < right),
  ">": (left, right) => Number(left > right),
  AND: (left, right) => Number(left !== 0 && right !== 0),
  OR: (left, right) => Number(left !== 0 || right !== 0),
};

/**
 * Applies an operator point by point. Where only one of two series has a value, the other counts as 0. Where neither has
 * one, or if a series without a value meets a number, the result has none.
 */
export function operate(operator: Operator, left: Value, right: Value): Value {
  const operation = operations[operator];
  if (isList(left) && isList(right)) {
    throw invalidMath(`${operator} needs a time series or a number on one of its sides`);
  }
  if (isList(left))
    return left.map((series) => single(operation, series, right as number | Series) as Series);
  if (isList(right)) return right.map((series) => single(operation, left, series) as Series);
  return single(operation, left, right);
}

export function negate(value: Value): Value {
  if (typeof value === "number") return -value;
  return mapSeries(value, ({ points }) => ({ points: points.map((point) => point && -point) }));
}

function single(operation: OfNumbers, left: number | Series, right: number | Series): number | Series {
  if (typeof left === "number" && typeof right === "number") return operation(left, right);
  if (typeof left === "number") return mapPoints(right as Series, (point) => operation(left, point));
  if (typeof right === "number") return mapPoints(left, (point) => operation(point, right));
  const { points } = right;
  return seriesOf(
    left.points.map((point, index) => {
      const other = points[index];
      return point === undefined && other === undefined ? undefined : operation(point ?? 0, other ?? 0);
    }),
  );
}
