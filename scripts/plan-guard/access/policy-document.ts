import { type Policy, parsePolicy } from "../../../packages/iam/policy";
import { PolicyError } from "../../../packages/iam/policy-error";
import { asJson, asList, asRecord } from "../rules/values";

/** One combination of what a policy's statement lists: one principal, one action, one resource. */
export interface Grant {
  readonly effect: string;
  /** For example `Service:logs.amazonaws.com` or `AWS:*`. Empty in an identity policy. */
  readonly principal: string;
  readonly action: string;
  readonly resource: string;
  /** In order of their text: `<operator> <key>` and the values. */
  readonly conditions: readonly Condition[];
}

export interface Condition {
  readonly test: string;
  readonly values: readonly string[];
}

/** @returns undefined if the text is not a policy document */
export function grantsOf(document: unknown): readonly Grant[] | undefined {
  const parsed = typeof document === "string" ? asJson(document) : document;
  const statements = asRecord(parsed)?.Statement;
  if (statements === undefined) return undefined;
  return asList(statements).flatMap((entry) => {
    const statement = asRecord(entry) ?? {};
    const conditions = conditionsOf(statement.Condition);
    return principalsOf(statement).flatMap((principal) =>
      either(statement, "Action").flatMap((action) =>
        either(statement, "Resource").map((resource) => ({
          effect: `${statement.Effect}`,
          principal,
          action,
          resource,
          conditions,
        })),
      ),
    );
  });
}

/** @returns undefined for what AWS would reject as malformed */
export function parsedPolicy(document: unknown): Policy | undefined {
  try {
    return parsePolicy(document);
  } catch (error) {
    if (error instanceof PolicyError) return undefined;
    throw error;
  }
}

/** The texts of Action or Resource. Those of NotAction or NotResource are one text, because they exclude together. */
function either(statement: Readonly<Record<string, unknown>>, name: "Action" | "Resource"): string[] {
  const excluded = statement[`Not${name}`];
  if (excluded !== undefined) return [`all but ${asList(excluded).map(String).sort().join(", ")}`];
  const texts = asList(statement[name]).map(String);
  return texts.length > 0 ? texts : [""];
}

function principalsOf({ Principal, NotPrincipal }: Readonly<Record<string, unknown>>): string[] {
  if (NotPrincipal !== undefined) return [`all but ${JSON.stringify(NotPrincipal)}`];
  if (Principal === undefined) return [""];
  if (Principal === "*") return ["AWS:*"];
  return Object.entries(asRecord(Principal) ?? {}).flatMap(([type, names]) =>
    asList(names).map((name) => `${type}:${name}`),
  );
}

function conditionsOf(condition: unknown): readonly Condition[] {
  return Object.entries(asRecord(condition) ?? {})
    .flatMap(([operator, keys]) =>
      Object.entries(asRecord(keys) ?? {}).map(([key, values]) => ({
        test: `${operator} ${key.toLowerCase()}`,
        values: asList(values).map(String).sort(),
      })),
    )
    .sort((one, other) => (one.test < other.test ? -1 : 1));
}
