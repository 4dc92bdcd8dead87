import { holdsWithoutKey } from "../../../packages/iam/conditions";
import { type Context, contextOf } from "../../../packages/iam/context";
import { type Operator, parseOperator } from "../../../packages/iam/operators";
import type { Policy } from "../../../packages/iam/policy";
import { unknown } from "../../../packages/iam/unknown";
import { variableNames } from "../../../packages/iam/variables";
import type { Condition } from "./policy-document";

/** More combinations of keys and values are not tried one by one. */
const mostContexts = 64;

/** Of a key that a request does not have. */
type Value = string | undefined;

/**
 * The contexts of all requests that fulfil a grant's conditions. A key that the grant says nothing of can have any value, or
 * be absent. Keys that the policies do not use make no difference and are left out.
 * @returns undefined if there are too many
 */
export function contextsOf(
  conditions: readonly Condition[],
  policies: readonly Policy[],
): readonly Context[] | undefined {
  const parsed = conditions.map(parsedCondition);
  const keys = new Set([...policies.flatMap(keysIn), ...parsed.map(({ key }) => key)]);
  let combinations: readonly Readonly<Record<string, Value>>[] = [{}];
  for (const key of keys) {
    const values = valuesOf(
      key,
      parsed.filter((condition) => condition.key === key),
    );
    combinations = combinations.flatMap((one) => values.map((value) => ({ ...one, [key]: value })));
    if (combinations.length > mostContexts) return undefined;
  }
  return combinations.map(contextOf);
}

/** Whatever the wildcards and variables of a pattern stand for. @param name which no other pattern has */
export function anyOf(pattern: string, name: string): string {
  let count = 0;
  return pattern.replace(/[*?]|\$\{[^}]*\}/g, () => unknown(`${name} ${count++}`));
}

interface ParsedCondition {
  readonly key: string;
  /** Undefined if IAM has no such operator. */
  readonly operator: Operator | undefined;
  /** Whether the key, if it is there, is equal to one of the values or matches one. */
  readonly binds: boolean;
  readonly values: readonly string[];
}

function parsedCondition({ test, values }: Condition): ParsedCondition {
  const [name = "", key = ""] = test.split(" ");
  const binds = /^(?:String(?:Equals|Like)|Arn(?:Equals|Like)|Bool)(?:IfExists)?$/.test(name);
  return { key, operator: parseOperator(name), binds, values };
}

/** The condition keys that a policy's decisions can depend on. */
function keysIn({ statements }: Policy): readonly string[] {
  return statements.flatMap(({ conditions, resources }) => [
    ...conditions.map(({ key }) => key),
    ...conditions.flatMap(({ values }) => values.flatMap(variableNames)),
    ...(resources?.values ?? []).flatMap(variableNames),
  ]);
}

function valuesOf(key: string, conditions: readonly ParsedCondition[]): readonly Value[] {
  const bound = conditions.find(({ binds }) => binds)?.values ?? [];
  const isFew = bound.length > 0 && bound.length <= mostContexts / 2;
  const present = isFew ? bound.map((value, index) => anyOf(value, `${key} ${index}`)) : [unknown(key)];
  return [
    ...(conditions.every(mayBePresent) ? present : []),
    ...(conditions.every(mayBeAbsent) ? [undefined] : []),
  ];
}

function mayBePresent({ operator, values }: ParsedCondition): boolean {
  return !isNull(operator) || values.some((value) => value.toLowerCase() !== "true");
}

function mayBeAbsent({ operator, values }: ParsedCondition): boolean {
  if (isNull(operator)) return values.some((value) => value.toLowerCase() !== "false");
  return !operator || holdsWithoutKey(operator);
}

function isNull(operator: Operator | undefined): boolean {
  return operator !== undefined && !operator.compare;
}
