import { actionCovers } from "../../../iam/coverage";
import { parseOperator } from "../../../iam/operators";
import { templateParts } from "../../expression";
import { actionsOf } from "../../iam-actions";
import { type PolicySource, policySources, statementsOf } from "../../policy";
import type { Finding, Rule } from "../../rule";
import { asRecord, asRecords, asTexts, type Resource } from "../../stack-view";
import { wrongValue } from "./condition-values";
import { eachStatement } from "./statements";

const ownedPolicies = [
  ["aws_s3_bucket_policy", "bucket", "aws_s3_bucket"],
  ["aws_sqs_queue_policy", "queue_url", "aws_sqs_queue"],
  ["aws_sns_topic_policy", "arn", "aws_sns_topic"],
] as const;

export const documentRules: readonly Rule[] = [
  {
    id: "iam-action-exists",
    group: "iam",
    demands: "Every action in a policy exists",
    why: "AWS accepts a misspelt action silently, and the call is denied at run time.",
    fix: "Correct the name. https://docs.aws.amazon.com/service-authorization/latest/reference lists each service's actions.",
    mirrors: [],
    check: eachStatement(({ statement }) => {
      const wrong = [...statement.actions, ...statement.notActions].filter((action) => !exists(action));
      return wrong.length > 0 && `IAM has no action ${wrong.join(", ")}`;
    }),
  },
  {
    id: "iam-policy-complete",
    group: "iam",
    demands:
      "A policy is valid JSON with Version 2012-10-17. Each statement has Effect and Action, and Resource in an identity policy or Principal in any other",
    why: "AWS rejects it at apply (MalformedPolicyDocument). An older Version treats policy variables as plain text.",
    fix: "Write it with JSON.stringify, with all parts of each statement.",
    mirrors: [],
    check: ({ stack }) => policySources(stack).flatMap(incomplete),
  },
  {
    id: "iam-condition-operator",
    group: "iam",
    demands: "Every condition has an operator that IAM defines",
    why: "AWS rejects the policy at apply: MalformedPolicyDocument.",
    fix: "Use an operator such as StringEquals, ArnLike or Bool. Operators are case-sensitive.",
    mirrors: [],
    check: eachStatement(({ statement }) => {
      const wrong = statement.conditions.map(({ operator }) => operator).filter((one) => !parseOperator(one));
      return wrong.length > 0 && `IAM has no operator ${wrong.join(", ")}`;
    }),
  },
  {
    id: "iam-condition-value",
    group: "iam",
    demands:
      "A condition's values are what its operator compares: true or false, a number, a date, a range of addresses, and no wildcard that the operator takes literally",
    why: "AWS accepts the policy, but the condition never holds: a statement that allows then allows nobody, and one that denies denies nobody.",
    fix: "Use StringLike or ArnLike for patterns, and an operator of the key's type.",
    mirrors: [],
    check: eachStatement(({ statement }) => {
      const wrong = statement.conditions.flatMap((condition) => wrongValue(condition) ?? []);
      return wrong.length > 0 && wrong.join("; ");
    }),
  },
  {
    id: "iam-policy-size",
    group: "iam",
    demands:
      "A role's inline policies have at most 10,240 characters in total, and a managed policy at most 6,144",
    why: "AWS rejects them at apply: LimitExceeded.",
    fix: "Merge statements, or move some into a managed policy.",
    mirrors: [],
    check: ({ stack }) => [
      ...stack.all("aws_iam_role").flatMap((role) => {
        const separate = stack
          .pointingAt(role, "aws_iam_role_policy", "role")
          .map((policy) => sizeOf(policy.json("policy")));
        const inline = asRecords(role.raw("inline_policy") ?? []).map(({ policy }) =>
          sizeOf(stack.parse(policy)),
        );
        const sum = [...separate, ...inline].reduce((total, size) => total + size, 0);
        return sum > 10_240 ? [{ resource: role, found: `its policies have ${sum} characters` }] : [];
      }),
      ...stack.all("aws_iam_policy").flatMap((policy) => {
        const size = sizeOf(policy.json("policy"));
        return size > 6_144 ? [{ resource: policy, found: `policy has ${size} characters` }] : [];
      }),
    ],
  },
  {
    id: "iam-own-resource",
    group: "iam",
    demands: "The policy of a bucket, queue or topic names that resource",
    why: "AWS rejects it at apply (“Policy has invalid resource”), or it protects nothing.",
    fix: "Set Resource to the ARN of the resource that has the policy.",
    mirrors: [],
    check: ({ stack }) =>
      ownedPolicies.flatMap(([type, attribute, target]) =>
        stack.all(type).flatMap((policy) => {
          const own = policy.follow(attribute, target);
          if (!own) return [];
          const foreign = statementsOf(policy).flatMap(({ resources }) =>
            resources.filter((text) => text !== "*" && stack.follow(text, target) !== own),
          );
          return foreign.length > 0 ? [{ resource: policy, found: `Resource is ${foreign.join(", ")}` }] : [];
        }),
      ),
  },
];

function exists(action: string): boolean {
  if (/^\*+$/.test(action) || action.includes("${")) return true;
  const [service = "", name] = action.split(":");
  const actions = actionsOf(service);
  if (!actions || !name) return false;
  if (!/[*?]/.test(name)) return actions.has(name.toLowerCase());
  return [...actions.values()].some((known) => actionCovers(name, known.name) === true);
}

function sizeOf(policy: unknown): number {
  return JSON.stringify(policy ?? "").replace(/\s/g, "").length;
}

function incomplete({ resource, attribute, written, isIdentity }: PolicySource): readonly Finding[] {
  const { stack } = resource;
  if (typeof written !== "string") return [];
  const policy = asRecord(stack.parse(written));
  // A policy that only Terraform knows passes.
  const text = `${stack.evaluate(written)}`;
  const [only, ...further] = templateParts(text);
  if (!policy) {
    const unknown = further.length === 0 && only && "expression" in only;
    return unknown ? [] : [{ resource, found: `${attribute} is not a JSON object: ${text.slice(0, 60)}` }];
  }
  const statements: readonly unknown[] = Array.isArray(policy.Statement)
    ? policy.Statement
    : [policy.Statement];
  const version = policy.Version === "2012-10-17" ? [] : [`Version is ${policy.Version ?? "absent"}`];
  const problems = [
    ...version,
    ...(statements.length === 0 ? ["Statement is empty"] : []),
    ...statements.flatMap((entry, index) => missingParts(entry, index, { resource, attribute, isIdentity })),
  ];
  return problems.map((found) => ({ resource, found }));
}

function missingParts(
  entry: unknown,
  index: number,
  { resource, attribute, isIdentity }: { readonly resource: Resource } & Omit<PolicySource, "written">,
): readonly string[] {
  // Only Terraform knows this statement, or how many there are.
  if (typeof entry === "string" && entry.includes("${")) return [];
  const statement = asRecord(entry);
  const name = statement?.Sid ?? `statement ${index + 1}`;
  if (!statement) return [`${name} is absent`];
  const needs = isIdentity ? "Resource" : "Principal";
  const hasEffect = ["Allow", "Deny"].includes(`${statement.Effect}`);
  return [
    ...(hasEffect ? [] : [`${name}: Effect is ${statement.Effect ?? "absent"}`]),
    ...(asTexts(statement.Action ?? statement.NotAction).length > 0 ? [] : [`${name} has no Action`]),
    ...((statement[needs] ?? statement[`Not${needs}`]) ? [] : [`${name} has no ${needs}`]),
    ...(isIdentity && statement.Principal ? [`${name} has a Principal`] : []),
    ...(resource.type === "aws_iam_role" && attribute === "assume_role_policy" && statement.Resource
      ? [`${name} has a Resource`]
      : []),
  ];
}
