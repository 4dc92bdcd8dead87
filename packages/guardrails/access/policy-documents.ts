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

/** The policies in an attribute of some resources. One that AWS would reject is for another rule, and unknown here. */
export function policiesIn(resources: readonly Resource[], attribute = "policy"): readonly Policy[] {
  return resources
    .filter((resource) => resource.has(attribute))
    .map((resource) => policyIn(resource.stack, resource.raw(attribute)) ?? unknownPolicy);
}

/** @returns undefined if there is none, or AWS would reject it as malformed */
export function policyIn(stack: StackView, written: unknown): Policy | undefined {
  if (written === undefined || written === null) return undefined;
  const document = stack.parse(written);
  if (document === undefined || document === null) {
    const isKnown = templateParts(`${stack.evaluate(written)}`).every((part) => "literal" in part);
    return isKnown ? undefined : unknownPolicy;
  }
  return parsed(stack, document);
}

const byDocument = new WeakMap<object, Policy | { readonly malformed: true }>();

/** A stack has few documents, which many rules evaluate. */
function parsed(stack: StackView, document: unknown): Policy | undefined {
  if (typeof document !== "object" || document === null) return undefined;
  const known = byDocument.get(document) ?? parsedSymbolic(stack, document) ?? { malformed: true as const };
  byDocument.set(document, known);
  return "malformed" in known ? undefined : known;
}

function parsedSymbolic(stack: StackView, document: unknown): Policy | undefined {
  try {
    return parsePolicy(symbolic(stack, document));
  } catch {
    return undefined;
  }
}

function symbolic(stack: StackView, value: unknown): unknown {
  if (typeof value === "string") return symbolicText(stack, value);
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
