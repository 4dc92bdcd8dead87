import { actionCovers, type Statement, statementsOf } from "../policy";
import type { Resource } from "../stack-view";

/** Statements of a resource's policies: its own `policy` attribute and separate policy resources. */
export function policiesOf(resource: Resource, type: string, attribute: string): readonly Statement[] {
  const separate = resource.stack.pointingAt(resource, type, attribute);
  return [resource, ...separate].flatMap((one) => statementsOf(one));
}

/** Whether a resource's policies deny an action to everyone who does not use TLS. */
export function denyWithoutTls(resource: Resource, type: string, attribute: string, action: string): boolean {
  return policiesOf(resource, type, attribute).some(
    (statement) =>
      statement.effect === "Deny" &&
      statement.principals.includes("*") &&
      statement.actions.some((pattern) => actionCovers(pattern, action)) &&
      statement.conditions.some(
        ({ key, values }) => key === "aws:securetransport" && values.includes("false"),
      ),
  );
}
