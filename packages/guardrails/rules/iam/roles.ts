import { hasUnknown } from "../../../iam/unknown";
import { evaluateWith, everything, roleMay } from "../../access/decide";
import { accountOf } from "../../access/place";
import { policyIn } from "../../access/policy-documents";
import { targetPolicies } from "../../access/resource-policies";
import { listIn, removedInline, sharedRoles } from "../../access/role-policies";
import { arnOf, symbolicText } from "../../access/symbolic-text";
import { policySources } from "../../policy";
import type { Finding, Rule } from "../../rule";
import type { Resource, StackView } from "../../stack-view";
import { coveredServices, wideResources } from "./coverage";

/** Actions with which a role can give itself more than it has. */
const escalations = [
  "iam:PutRolePolicy",
  "iam:AttachRolePolicy",
  "iam:UpdateAssumeRolePolicy",
  "iam:DeleteRolePermissionsBoundary",
  "iam:PutRolePermissionsBoundary",
];

export const roleRules: readonly Rule[] = [
  {
    id: "iam-exclusive-lists-all",
    group: "iam",
    demands:
      "A list that is exclusive (of a role's inline policies, of its attached policies, of a policy's roles) names everything that the stack attaches elsewhere",
    why: "Terraform removes what is not listed, in this apply or in the next one, and the role loses it.",
    fix: "Add it to the list, or attach it in one way only.",
    mirrors: [],
    check: ({ stack }) => [
      ...stack.all("aws_iam_role").flatMap((role) => [
        ...removedInline(role).map(({ policy, by }) => ({
          resource: by,
          found: `${by === role ? "inline_policy" : "policy_names"} lacks ${policy.text("name")}, which ${policy.path} adds to ${role.path}`,
        })),
        ...removedAttachments(role),
      ]),
      ...sharedPolicies(stack),
    ],
  },
  {
    id: "iam-no-self-escalation",
    group: "iam",
    demands: "No role of a service can change its own policies, trust or boundary",
    why: "Whoever takes over the function can then give it every permission.",
    fix: "Remove the action, or allow it on other roles only.",
    mirrors: [],
    check: ({ stack }) => {
      const roles = stack.all("aws_iam_role");
      // A grant of everything has rules of its own.
      const isNamed = policySources(stack).some(({ isIdentity, written }) =>
        (isIdentity ? (policyIn(stack, written)?.statements ?? []) : []).some(
          (one) =>
            one.effect === "Allow" &&
            one.actions.values.some((action) => /^iam:/i.test(action)) &&
            coveredServices(one.actions).length === 0 &&
            wideResources(one).length === 0,
        ),
      );
      if (!isNamed) return [];
      return roles.flatMap((role) => {
        const own = escalations.filter((action) => roleMay(role, { action, resource: arnOf(role) }) === true);
        return own.length > 0 ? [{ resource: role, found: `it may call ${own.join(", ")} on itself` }] : [];
      });
    },
  },
];

/** Attachments that an exclusive list of the role, or of its own attribute, does not name. */
function removedAttachments(role: Resource): readonly Finding[] {
  const { stack } = role;
  const arn = (written: unknown) => symbolicText(stack, written);
  const separate = stack.pointingAt(role, "aws_iam_role_policy_attachment", "role");
  const lists = [
    ...stack
      .pointingAt(role, "aws_iam_role_policy_attachments_exclusive", "role_name")
      .map((from) => ({ from, attribute: "policy_arns" })),
    ...(role.has("managed_policy_arns") ? [{ from: role, attribute: "managed_policy_arns" }] : []),
  ];
  return lists.flatMap(({ from, attribute }) => {
    const listed = listIn(from, attribute)?.map(arn);
    if (!listed || listed.some(hasUnknown)) return [];
    return separate
      .filter((one) => !listed.includes(arn(one.raw("policy_arn"))))
      .map((one) => ({ resource: from, found: `${attribute} lacks the policy that ${one.path} attaches` }));
  });
}

/** `aws_iam_policy_attachment` detaches its policy from every role that it does not list. */
function sharedPolicies(stack: StackView): readonly Finding[] {
  return stack.all("aws_iam_policy_attachment").flatMap((shared) => {
    const policy = symbolicText(stack, shared.raw("policy_arn"));
    const roles = sharedRoles(shared);
    return stack
      .all("aws_iam_role_policy_attachment")
      .filter((one) => symbolicText(stack, one.raw("policy_arn")) === policy)
      .filter((one) => !roles.includes(one.follow("role", "aws_iam_role")))
      .map((one) => ({ resource: shared, found: `roles lacks the role of ${one.path}` }));
  });
}

/** Whether the account can manage a key: its root user, to whom the key's policy must leave that. */
export function accountManages(key: Resource): boolean {
  const account = accountOf(key.stack);
  const known = {
    "aws:PrincipalArn": `arn:aws:iam::${account}:root`,
    "aws:PrincipalAccount": account,
    "aws:PrincipalType": "Account",
    "aws:SecureTransport": "true",
    "kms:CallerAccount": account,
  };
  return ["kms:PutKeyPolicy", "kms:ScheduleKeyDeletion"].every((action) => {
    const request = { caller: { type: "root", account } as const, action, resource: arnOf(key) };
    const policies = { identity: [everything], resource: targetPolicies(key) };
    return !evaluateWith(request, policies, account, known).endsWith("deny");
  });
}
