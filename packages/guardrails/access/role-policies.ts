import type { Policy } from "../../iam/policy";
import { hasUnknown } from "../../iam/unknown";
import { asRecord, asRecords, type Resource } from "../stack-view";
import { childrenOf } from "./children";
import { managedPolicy, managedPolicyName } from "./managed-policies";
import { policiesIn, policyIn, unknownPolicy } from "./policy-documents";
import { symbolicText } from "./symbolic-text";

/** What decides about the calls that are made with a role, besides the policies of what is called. */
export interface RolePolicies {
  readonly identity: readonly Policy[];
  /** The permissions boundary, if the role has one. */
  readonly boundary: Policy | undefined;
}

/** Undefined if the list itself is only known to Terraform. */
export type PolicyArns = readonly unknown[] | undefined;

export function policiesOfRole(role: Resource): RolePolicies {
  const attached = attachmentsOf(role).flatMap(({ arns }) => arns ?? [undefined]);
  const inline = inlinePoliciesOf(role);
  return {
    identity: [...inline, ...attached.map((arn) => attachedPolicy(role, arn))],
    boundary: role.has("permissions_boundary")
      ? attachedPolicy(role, role.raw("permissions_boundary"))
      : undefined,
  };
}

/** Where a role's attached policies are listed, with the resource that lists them. */
export function attachmentsOf(
  role: Resource,
): readonly { readonly from: Resource; readonly attribute: string; readonly arns: PolicyArns }[] {
  const single = childrenOf(role, "aws_iam_role_policy_attachment", "role");
  const exclusive = childrenOf(role, "aws_iam_role_policy_attachments_exclusive", "role_name");
  const shared = role.stack.all("aws_iam_policy_attachment").filter((one) => sharedRoles(one).includes(role));
  const uncertain = single.possible || exclusive.possible;
  return [
    ...single.own.map((from) => ({ from, attribute: "policy_arn", arns: [from.raw("policy_arn")] })),
    ...exclusive.own.map((from) => ({ from, attribute: "policy_arns", arns: listIn(from, "policy_arns") })),
    ...shared.map((from) => ({ from, attribute: "policy_arn", arns: [from.raw("policy_arn")] })),
    ...(role.has("managed_policy_arns")
      ? [{ from: role, attribute: "managed_policy_arns", arns: listIn(role, "managed_policy_arns") }]
      : []),
    ...(uncertain ? [{ from: role, attribute: "policy_arn", arns: undefined }] : []),
  ];
}

/** The roles of an `aws_iam_policy_attachment`. */
export function sharedRoles(attachment: Resource): readonly (Resource | undefined)[] {
  return (listIn(attachment, "roles") ?? []).map((one) => attachment.stack.follow(one, "aws_iam_role"));
}

/** Undefined if only Terraform knows the list. */
export function listIn(resource: Resource, attribute: string): readonly unknown[] | undefined {
  const raw = resource.raw(attribute);
  if (raw === undefined) return [];
  if (Array.isArray(raw)) return raw;
  const value = resource.value(attribute);
  return Array.isArray(value) ? value : undefined;
}

/** Inline policies that stay: `aws_iam_role_policies_exclusive` removes those that it does not list. */
function inlinePoliciesOf(role: Resource): readonly Policy[] {
  const { own, possible } = childrenOf(role, "aws_iam_role_policy", "role");
  const removed = new Set(removedInline(role).map(({ policy }) => policy));
  const blocks = asRecords(role.raw("inline_policy") ?? []);
  const isUnknown = possible || asRecord(role.raw("dynamic"))?.inline_policy !== undefined;
  return [
    ...policiesIn(own.filter((policy) => !removed.has(policy))),
    ...blocks.map(({ policy }) => policyIn(role.stack, policy) ?? unknownPolicy),
    ...(isUnknown ? [unknownPolicy] : []),
  ];
}

/**
 * Inline policies that Terraform removes in each apply, because an exclusive list does not name them: that of
 * `aws_iam_role_policies_exclusive`, or the `inline_policy` blocks of the role itself.
 */
export function removedInline(
  role: Resource,
): readonly { readonly policy: Resource; readonly by: Resource }[] {
  const policies = childrenOf(role, "aws_iam_role_policy", "role").own;
  return exclusiveInline(role).flatMap(({ by, listed }) =>
    policies.flatMap((policy) => {
      const name = policy.text("name");
      return name !== undefined && !listed.includes(name) ? [{ policy, by }] : [];
    }),
  );
}

/** Lists of names, as far as they are known. */
function exclusiveInline(
  role: Resource,
): readonly { readonly by: Resource; readonly listed: readonly string[] }[] {
  const separate = childrenOf(role, "aws_iam_role_policies_exclusive", "role_name").own.map((by) => ({
    by,
    names: listIn(by, "policy_names"),
  }));
  const blocks = asRecords(role.raw("inline_policy") ?? []);
  const isOwn = blocks.length > 0 && !asRecord(role.raw("dynamic"));
  const own = isOwn ? [{ by: role, names: blocks.map(({ name }) => name) }] : [];
  return [...separate, ...own].flatMap(({ by, names }) => {
    const listed = names?.map((name) => symbolicText(role.stack, name));
    return listed?.some(hasUnknown) === false ? [{ by, listed }] : [];
  });
}

function attachedPolicy(role: Resource, arn: unknown): Policy {
  const { stack } = role;
  const own = stack.follow(arn, "aws_iam_policy");
  if (own) return policyIn(stack, own.raw("policy")) ?? unknownPolicy;
  return managedPolicy(managedPolicyNameOf(stack, arn) ?? "") ?? unknownPolicy;
}

/** The name of the AWS-managed policy that a value means: by its ARN, or through `data.aws_iam_policy`. */
export function managedPolicyNameOf(stack: Resource["stack"], arn: unknown): string | undefined {
  const data = stack.follow(arn, "data.aws_iam_policy");
  if (data?.text("name") !== undefined) return data.text("name");
  return managedPolicyName(symbolicText(stack, data?.raw("arn") ?? arn));
}
