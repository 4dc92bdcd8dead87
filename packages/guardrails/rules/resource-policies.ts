import { actionCovers, type Statement, statementsOf } from "../policy";
import { asRecord, type Resource } from "../stack-view";

/** Statements of a resource's policies: its own `policy` attribute and separate policy resources. */
export function policiesOf(resource: Resource, type: string, attribute: string): readonly Statement[] {
  const separate = resource.stack.pointingAt(resource, type, attribute);
  return [resource, ...separate].flatMap((one) => statementsOf(one));
}

/** Whether only Terraform knows a resource's policy, or some of its statements. */
export function hasUnknownPolicy(resource: Resource, type: string, attribute: string): boolean {
  const separate = resource.stack.pointingAt(resource, type, attribute);
  return [resource, ...separate].some((one) => {
    const statements = asRecord(one.json("policy"))?.Statement;
    return one.has("policy") && (statements === undefined ? one.isUnknown("policy") : isTemplate(statements));
  });
}

const isTemplate = (statements: unknown): boolean =>
  [statements].flat().some((one) => typeof one === "string" && one.includes("${"));

/** Whether a resource's policies deny an action to everyone who does not use TLS, or may do so. */
export function denyWithoutTls(resource: Resource, type: string, attribute: string, action: string): boolean {
  if (hasUnknownPolicy(resource, type, attribute)) return true;
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
