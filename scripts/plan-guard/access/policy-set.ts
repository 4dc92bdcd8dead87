import type { Policy } from "../../../packages/iam/policy";
import { type Grant, grantsOf, parsedPolicy } from "./policy-document";

/** All policies that decide together: those of a role, or the one of a resource. */
export interface PolicySet {
  /** identity: of a role, or of whoever they are attached to. resource: of what is used, called or assumed. */
  readonly type: "identity" | "resource";
  readonly grants: readonly Grant[];
  /** Undefined if AWS would reject one of them as malformed: then nothing can be evaluated. */
  readonly policies: readonly Policy[] | undefined;
}

/** What is no policy document, or is not known, grants nothing here. */
export function policySet(type: PolicySet["type"], documents: readonly unknown[]): PolicySet {
  const readable = documents.filter((document) => grantsOf(document) !== undefined);
  const policies = readable.map(parsedPolicy);
  return {
    type,
    grants: readable.flatMap((document) => grantsOf(document) ?? []),
    policies: policies.every((policy) => policy !== undefined) ? policies : undefined,
  };
}

/** What a set allows, whatever it denies. */
export function allowsOf(set: PolicySet): PolicySet {
  return {
    ...set,
    grants: set.grants.filter(({ effect }) => effect === "Allow"),
    policies: set.policies?.map((policy) => ({
      ...policy,
      statements: policy.statements.filter(({ effect }) => effect === "Allow"),
    })),
  };
}
