import { NormalizedSchema } from "@smithy/core/schema";

/** The SDK's package of each service whose name in IAM is another one. */
const packages: Readonly<Record<string, string>> = {
  apigateway: "api-gateway",
  events: "eventbridge",
  logs: "cloudwatch-logs",
};

/** Services whose SDK is not installed. */
export const withoutSdk = ["budgets", "route53", "wafv2"];

/**
 * The members of an action's response that AWS's service model marks as sensitive, such as a function's variables.
 * @param action `lambda:GetFunction`
 * @throws Error if the service has no operation of that name
 */
export function sensitiveMembers(action: string): readonly string[] {
  const [service = "", name = ""] = action.split(":");
  const client = require(`@aws-sdk/client-${packages[service] ?? service}`);
  const operation = client[`${name}$`];
  if (!operation) throw new Error(`${action} is not an operation of ${service}`);
  const [, , , , , output] = operation;
  return sensitiveIn(NormalizedSchema.of(typeof output === "function" ? output() : output), name, []);
}

/** @param within names of the structures around it, which can contain themselves */
function sensitiveIn(schema: NormalizedSchema, place: string, within: readonly string[]): readonly string[] {
  if (schema.getMergedTraits().sensitive) return [place];
  if (schema.isListSchema() || schema.isMapSchema())
    return sensitiveIn(schema.getValueSchema(), place, within);
  const name = `${schema.getName()}`;
  if (!schema.isStructSchema() || within.includes(name)) return [];
  return [...schema.structIterator()].flatMap(([member, inner]) =>
    sensitiveIn(inner, `${place}.${member}`, [...within, name]),
  );
}
