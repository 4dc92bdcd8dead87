import type { Context } from "./context";
import type { Operator } from "./operators";
import type { Piece } from "./pattern";
import type { Condition } from "./policy";
import { allOf, anyOf, hasUnknown, not, type Ternary } from "./unknown";
import { expandVariables, hasVariables } from "./variables";

/**
 * Whether a condition holds: one key with one operator.
 * @param context undefined if nothing is known about the request: neither is the result
 * @param variables whether the policy's version has policy variables
 */
export function conditionHolds(
  { operator, key, values }: Condition,
  context: Context | undefined,
  variables: boolean,
): Ternary {
  if (!context) return undefined;
  const given = context.get(key);
  const requested = given === undefined ? [] : [given].flat();
  if (!operator.compare) return nullHolds(values, requested.length === 0);
  if (requested.length === 0) return holdsWithoutKey(operator);
  const expanded = values.flatMap((value) => {
    const pieces: readonly Piece[] | undefined =
      variables && operator.variables && hasVariables(value)
        ? expandVariables(value, context)
        : [{ text: value, literal: false }];
    return pieces ? [pieces] : [];
  });
  return quantified(operator, requested, expanded);
}

function quantified(
  { compare, negated, quantifier }: Operator,
  requested: readonly string[],
  expanded: readonly (readonly Piece[])[],
): Ternary {
  const holdsFor = requested.map((value) => {
    const equal = anyOf(expanded.map((pieces) => compare?.(pieces, value)));
    return negated ? not(equal) : equal;
  });
  if (quantifier === "ForAnyValue") return anyOf(holdsFor);
  // Without a quantifier, a key has one value. If it has more, none of them may equal what a negated operator names.
  return quantifier === "ForAllValues" || negated ? allOf(holdsFor) : anyOf(holdsFor);
}

/** "If the key is not present, the values do not match": so a negated operator holds. */
export function holdsWithoutKey({ negated, ifExists, quantifier }: Operator): boolean {
  if (quantifier === "ForAllValues" || ifExists) return true;
  return negated && quantifier !== "ForAnyValue";
}

function nullHolds(values: readonly string[], absent: boolean): Ternary {
  return anyOf(
    values.map((value) => (hasUnknown(value) ? undefined : (value.toLowerCase() === "true") === absent)),
  );
}
