import { type Attributes, asRecords } from "./json-values";

/** The policy that Terraform generates from `data.aws_iam_policy_document`. */
export function policyOf(statement: readonly Attributes[]): unknown {
  const statements = statement.map((statement) => ({
    ...(statement.sid !== undefined && { Sid: statement.sid }),
    Effect: statement.effect ?? "Allow",
    ...(statement.actions !== undefined && { Action: statement.actions }),
    ...(statement.not_actions !== undefined && { NotAction: statement.not_actions }),
    ...(statement.resources !== undefined && { Resource: statement.resources }),
    ...(statement.not_resources !== undefined && { NotResource: statement.not_resources }),
    ...principals("Principal", statement.principals),
    ...principals("NotPrincipal", statement.not_principals),
    ...(statement.condition !== undefined && { Condition: conditions(statement.condition) }),
  }));
  return { Version: "2012-10-17", Statement: statements };
}

function principals(name: string, blocks: unknown): Attributes {
  if (blocks === undefined) return {};
  const byType = asRecords(blocks).map(({ type, identifiers }) => [`${type}`, identifiers] as const);
  return { [name]: byType.some(([type]) => type === "*") ? "*" : Object.fromEntries(byType) };
}

function conditions(blocks: unknown): Attributes {
  const byTest: Record<string, Record<string, unknown>> = {};
  for (const { test, variable, values } of asRecords(blocks)) {
    byTest[`${test}`] = { ...byTest[`${test}`], [`${variable}`]: values };
  }
  return byTest;
}
