import {
  type AttributeChange,
  loss,
  type ResourceValues,
  type Values,
  type Verdict,
} from "../rules/attribute-rule";
import { asJson, asList, asRecord } from "../rules/values";
import { type Documents, judgePolicies } from "./judge-policy";

/** For example `role items-dev`, of a role or of what belongs to one. */
export const roleName = ({ before, after, address }: ResourceValues): string =>
  `role ${before?.role ?? after?.role ?? before?.role_name ?? after?.role_name ?? before?.name ?? after?.name ?? address}`;

/** What a role may do by its other policies, as far as they are in the plan. */
export function otherPolicies(resource: ResourceValues): Documents {
  const documents = (side: "before" | "after"): readonly unknown[] => {
    const holder = (resource[side] ?? resource.before)?.role;
    const isOfRole = ({ role: name }: Values) => name !== undefined && name === holder;
    const attached = resource.others("aws_iam_role_policy_attachment", side).filter(isOfRole);
    return [
      ...resource.others("aws_iam_role_policy", side).filter(isOfRole),
      ...resource
        .others("aws_iam_policy", side)
        .filter(({ arn }) => attached.some(({ policy_arn: name }) => name !== undefined && name === arn)),
    ].map((each) => each.policy);
  };
  return { before: documents("before").map(resource.followedArns), after: documents("after") };
}

/** Nothing is lost if the role's other policies allow the same. */
export function endOfRolePolicy(resource: ResourceValues): Verdict {
  const verdicts = judgePolicies(
    {
      before: resource.followedArns(resource.before?.policy),
      after: undefined,
      unknown: false,
      isNew: false,
      others: otherPolicies(resource),
    },
    "identity",
    roleName(resource),
  );
  const [verdict] = verdicts;
  if (verdict?.kind === "harmless") return verdict;
  const texts = verdicts.flatMap((each) => ("text" in each ? [each.text] : []));
  return loss(texts.join("; "));
}

/** Inline policies inside the role, as one. */
export function inlinePolicies({ before, after, unknown, resource }: AttributeChange): readonly Verdict[] {
  const [old, now] = [before, after].map(merged);
  return judgePolicies(
    { before: old, after: now, unknown, isNew: resource.isNew },
    "identity",
    roleName(resource),
  );
}

/** @returns a text that is no policy if one of them is none */
function merged(blocks: unknown): unknown {
  const documents = asList(blocks).map((block) => asRecord(asJson(asRecord(block)?.policy))?.Statement);
  return documents.includes(undefined) ? "" : { Statement: documents.flatMap(asList) };
}
