import { invalidMath } from "./invalid-math";
import { isList, type Series, type Value } from "./value";

/**
 * IF(condition, then, otherwise). A condition without a value has no result. Where it is true, a missing value of `then`
 * is 0; where it is false, a missing value of `otherwise` stays missing.
 */
export function conditional(condition: Value, then: Value, otherwise: Value | undefined): Value {
  if (isList(condition) || isList(then) || isList(otherwise)) {
    throw invalidMath("IF takes time series and numbers, not arrays of time series");
  }
  if (typeof condition === "number") {
    return condition !== 0 ? then : (otherwise ?? emptyLike(then));
  }
  return {
    points: condition.points.map((point, index) => {
      if (point === undefined) return undefined;
      return point !== 0 ? (pointOf(then, index) ?? 0) : pointOf(otherwise, index);
    }),
  };
}

function pointOf(value: number | Series | undefined, index: number): number | undefined {
  return typeof value === "object" ? value.points[index] : value;
}

function emptyLike(value: number | Series): Series {
  if (typeof value === "number") {
    throw invalidMath("IF with a number as its condition needs a time series as its second argument");
  }
  return { points: value.points.map(() => undefined) };
}
