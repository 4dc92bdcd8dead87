import { type Policy, parsePolicy } from "../../iam/policy";
import { unknown } from "../../iam/unknown";
import { templateParts } from "../expression";
import { asRecord, type Resource, type StackView } from "../stack-view";
import { symbolicText } from "./symbolic-text";

/** A policy of which nothing is known: it could allow anything, and deny anything. */
export const unknownPolicy: Policy = unknownDocument();

function unknownDocument(): Policy {
  const anything = unknown("a policy that only Terraform knows");
  return {
    version: "2012-10-17",
    statements: (["Allow", "Deny"] as const).map((effect) => ({
      effect,
      actions: { values: [anything], inverted: false },
      resources: { values: [anything], inverted: false },
      principals: {
        values: ["AWS", "Service", "Federated"].map((type) => [type, anything] as const),
        inverted: false,
      },
      conditions: [],
    })),
  };
}

/** The policies in an attribute of some resources. */
export function policiesIn(resources: readonly Resource[], attribute = "policy"): readonly Policy[] {
  return resources.flatMap((resource) => policyIn(resource.stack, resource.raw(attribute)) ?? []);
}

/** @returns undefined if there is none, or AWS would reject it as malformed, which is for another rule to say */
export function policyIn(stack: StackView, written: unknown): Policy | undefined {
  if (written === undefined || written === null) return undefined;
  const document = stack.parse(written);
  if (document === undefined || document === null) {
    const isKnown = templateParts(`${stack.evaluate(written)}`).every((part) => "literal" in part);
    return isKnown ? undefined : unknownPolicy;
  }
  return parsed(stack, document);
}

const byStack = new WeakMap<StackView, Map<string, Policy | undefined>>();

/** A stack has few policies, which many rules evaluate. */
function parsed(stack: StackView, document: unknown): Policy | undefined {
  const known = byStack.get(stack) ?? new Map<string, Policy | undefined>();
  byStack.set(stack, known);
  const key = JSON.stringify(document);
  if (!known.has(key)) known.set(key, parsedSymbolic(stack, document));
  return known.get(key);
}

function parsedSymbolic(stack: StackView, document: unknown): Policy | undefined {
  try {
    return parsePolicy(symbolic(stack, document));
  } catch {
    return undefined;
  }
}

function symbolic(stack: StackView, value: unknown): unknown {
  if (typeof value === "string") return value.includes("${") ? symbolicText(stack, value) : value;
  if (Array.isArray(value)) return value.map((entry) => symbolic(stack, entry));
  const record = asRecord(value);
  if (!record) return value;
  return Object.fromEntries(
    Object.entries(record).map(([name, entry]) => [
      name.includes("${") ? symbolicText(stack, name) : name,
      symbolic(stack, entry),
    ]),
  );
}
