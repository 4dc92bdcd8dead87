import { UnsupportedAlarmError } from "../unsupported-alarm-error";
import { aggregate, aggregates } from "./aggregates";
import { conditional } from "./conditional";
import type { Expression } from "./expression";
import { type Filler, fill } from "./fill";
import { invalidMath } from "./invalid-math";
import { negate, operate } from "./operators";
import { seriesFunctions, type Timing } from "./series-functions";
import { isList, mapSeries, present, type Series, type Value } from "./value";

/** What an expression can refer to. */
export interface Scope extends Timing {
  /** The alarm's metrics by id, without its expressions, in their order. */
  readonly metrics: ReadonlyMap<string, Series>;
  /** @returns the metric or the result of the expression with this id; undefined if there is none */
  lookUp(id: string): Value | undefined;
}

/** Functions that CloudWatch's alarms have, and this package lacks. */
const unsupported: ReadonlySet<string> = new Set([
  ...["ANOMALY_DETECTION_BAND", "DB_PERF_INSIGHTS", "INSIGHT_RULE_METRIC", "LAMBDA"],
  ...["REMOVE_EMPTY", "SERVICE_QUOTA", "SLICE", "SORT"],
]);

type Call = Extract<Expression, { readonly kind: "call" }>;

/** @throws InvalidAlarmError if the expression has a function, an id or a type that it cannot have, UnsupportedAlarmError if
 * it has a function that this package lacks */
export function evaluateExpression(expression: Expression, scope: Scope): Value {
  const evaluate = (operand: Expression) => evaluateExpression(operand, scope);
  switch (expression.kind) {
    case "number":
      return expression.value;
    case "text":
      throw invalidMath(`the string "${expression.value}" can only be an argument of METRICS`);
    case "name":
      return named(expression.name, scope);
    case "list":
      return expression.items.map(evaluate).flatMap(asList);
    case "negation":
      return negate(evaluate(expression.operand));
    case "operation":
      return operate(expression.operator, evaluate(expression.left), evaluate(expression.right));
    case "call":
      return call(expression, scope);
  }
}

function named(id: string, scope: Scope): Value {
  const value = scope.lookUp(id);
  if (value === undefined) throw invalidMath(`the alarm has no metric or expression "${id}"`);
  return value;
}

function call(expression: Call, scope: Scope): Value {
  const { name, arguments: given } = expression;
  const value = (index: number) => evaluateExpression(argument(expression, index), scope);
  const ofSeries = seriesFunctions.get(name);
  if (ofSeries) return mapSeries(value(0), (series) => ofSeries(series, scope));
  const combine = aggregates.get(name);
  if (combine) return aggregate(value(0), combine, { missingAsZero: name === "AVG" });
  switch (name) {
    case "DATAPOINT_COUNT":
      return countDatapoints(value(0));
    case "FILL":
      return fill(value(0), filler(argument(expression, 1), scope));
    case "FIRST":
      return oneOf(asList(value(0)).at(0), name);
    case "LAST":
      return oneOf(asList(value(0)).at(-1), name);
    case "IF":
      return conditional(value(0), value(1), given.length > 2 ? value(2) : undefined);
    case "METRICS":
      return metrics(given[0], scope);
    case "METRIC_COUNT":
      return asList(value(0)).length;
    case "PERIOD":
      value(0);
      return scope.periodSeconds;
    case "TIME_SERIES":
      return constant(value(0), scope);
  }
  if (unsupported.has(name))
    throw new UnsupportedAlarmError(`metric math: the function ${name} is not supported here`);
  throw invalidMath(`there is no function ${name} for alarms`);
}

function argument({ name, arguments: given }: Call, index: number): Expression {
  const found = given[index];
  if (!found) throw invalidMath(`${name} needs at least ${index + 1} arguments, got ${given.length}`);
  return found;
}

function filler(expression: Expression, scope: Scope): Filler {
  const word = expression.kind === "name" ? expression.name : undefined;
  return word === "REPEAT" || word === "LINEAR" ? word : evaluateExpression(expression, scope);
}

/** All metrics, or those whose id contains a string. */
function metrics(part: Expression | undefined, scope: Scope): readonly Series[] {
  if (part && part.kind !== "text") throw invalidMath("METRICS takes a string in quotation marks");
  return [...scope.metrics].filter(([id]) => !part || id.includes(part.value)).map(([, series]) => series);
}

function countDatapoints(value: Value): Value {
  if (!isList(value)) return present(oneOf(value, "DATAPOINT_COUNT")).length;
  const [first = { points: [] }] = value;
  return {
    points: first.points.map((_, index) => value.filter(({ points }) => points[index] !== undefined).length),
  };
}

function constant(value: Value, { starts }: Scope): Series {
  if (typeof value !== "number") throw invalidMath("TIME_SERIES takes a number");
  return { points: starts.map(() => (Number.isFinite(value) ? value : undefined)) };
}

function asList(value: Value): readonly Series[] {
  if (typeof value === "number") throw invalidMath("expected an array of time series, got a number");
  return isList(value) ? value : [value];
}

function oneOf(value: number | Series | undefined, name: string): Series {
  if (typeof value !== "object") throw invalidMath(`${name} needs a time series`);
  return value;
}
