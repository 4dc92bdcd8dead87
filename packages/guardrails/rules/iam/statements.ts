import { allStatements, policySources, type StatementInPlace } from "../../policy";
import type { Finding, Rule } from "../../rule";
import { asRecord, type Resource, type StackView } from "../../stack-view";

/** A check that inspects each statement of each policy. */
export function eachStatement(
  inspect: (statement: StatementInPlace) => string | false | undefined,
): Rule["check"] {
  return ({ stack }) =>
    allStatements(stack).flatMap((one): readonly Finding[] => {
      const found = inspect(one);
      const { sid } = one.statement;
      return found ? [{ resource: one.resource, found: sid ? `${sid}: ${found}` : found }] : [];
    });
}

/** Every statement as it is written. */
export function rawStatements(
  stack: StackView,
): readonly { readonly resource: Resource; readonly statement: Readonly<Record<string, unknown>> }[] {
  return policySources(stack).flatMap(({ resource, written }) => {
    const statements = asRecord(stack.parse(written))?.Statement;
    const entries: readonly unknown[] = Array.isArray(statements) ? statements : [statements];
    return entries.flatMap((entry) => {
      const statement = asRecord(entry);
      return statement ? [{ resource, statement }] : [];
    });
  });
}
