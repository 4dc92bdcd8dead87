import { isBroadManagedPolicy } from "../../access/managed-policies";
import { attachmentsOf, managedPolicyNameOf } from "../../access/role-policies";
import { shownText } from "../../access/symbolic-text";
import type { StatementInPlace } from "../../policy";
import type { Rule } from "../../rule";
import type { Resource } from "../../stack-view";
import { coveredServices, patternsOf, wideResources } from "./coverage";
import { eachStatement, rawStatements } from "./statements";

function wideActions({ read }: StatementInPlace): string | undefined {
  if (read?.effect !== "Allow") return undefined;
  const services = coveredServices(read.actions);
  const patterns = services.flatMap((service) => patternsOf(read.actions, service));
  if (patterns.length === 0) return undefined;
  const shown = patterns.length > 3 ? `${patterns.slice(0, 3).join(", ")}, …` : patterns.join(", ");
  const all = patterns.every((pattern) => /^\*$|:\*$/.test(pattern));
  return `Action is ${shown}${all ? "" : `, which covers every action of ${services.join(", ")}`}`;
}

/** Keys that say nothing about which resource is used. */
const unboundKeys = /^(aws:(?!resource)|iam:passedtoservice$|kms:(viaservice|encryptioncontext))/;
const boundingOperators = /^(String(Equals|EqualsIgnoreCase|Like)|Arn(Equals|Like)|Bool)$/;

/** Whether a condition bounds `Resource: *`: on a key of the service itself, or on the tags or the owner of the resource. */
function isBounded({ conditions }: StatementInPlace["statement"]): boolean {
  return conditions.some(
    ({ operator, key, values }) =>
      boundingOperators.test(operator) &&
      !unboundKeys.test(key) &&
      values.every((value) => /[^*?]/.test(value)),
  );
}

export const wildcardRules: readonly Rule[] = [
  {
    id: "iam-no-wildcard-action",
    group: "iam",
    demands:
      "Identity policies name their actions: no *, no service:*, and no patterns that together cover every action of a service",
    why: "Otherwise a compromised function can do everything the service offers, including deletion.",
    fix: "Name the actions that the code uses.",
    mirrors: [
      "CKV_AWS_49",
      "CKV_AWS_63",
      "CKV_AWS_107",
      "CKV_AWS_108",
      "CKV_AWS_110",
      "CKV_AWS_286",
      "CKV_AWS_287",
      "CKV_AWS_288",
      "CKV_AWS_289",
      "CKV2_AWS_40",
      "IAM.21",
      "AwsSolutions-IAM5",
      "cfn-lint-serverless WS1003",
    ],
    check: eachStatement((one) => one.isIdentity && wideActions(one)),
  },
  {
    id: "iam-no-wildcard-grant",
    group: "iam",
    demands:
      "Allow statements of resource policies name their actions: no *, no service:*, and no patterns that together cover every action of a service",
    why: "Otherwise anyone allowed to send a message can also change the policy or delete the resource.",
    fix: "Name the actions, for example sqs:SendMessage.",
    mirrors: ["CKV_AWS_72"],
    check: eachStatement((one) => {
      // AWS expects a key's policy to allow kms:* to its own account.
      const isKey = one.resource.type.startsWith("aws_kms_key");
      const exempt =
        one.isIdentity || (isKey && one.read?.principals?.values.every(([type]) => type === "AWS"));
      return !exempt && wideActions(one);
    }),
  },
  {
    id: "iam-no-wildcard-resource",
    group: "iam",
    demands:
      "Identity policies name their resources: no pattern that covers every table, queue or bucket, unless the actions support no other or a condition of the service bounds it",
    why: "Otherwise the role can reach every table, queue and bucket in the account, including those of other environments.",
    fix: "Set Resource to the ARN. Put actions that support no resource, such as xray:PutTraceSegments, in a separate statement.",
    mirrors: [
      "CKV_AWS_1",
      "CKV_AWS_62",
      "CKV_AWS_109",
      "CKV_AWS_111",
      "CKV_AWS_290",
      "CKV_AWS_355",
      "CKV_AWS_356",
      "IAM.1",
      "KMS.1",
      "KMS.2",
      "AwsSolutions-IAM5",
    ],
    check: eachStatement(({ isIdentity, statement, read }) => {
      if (!isIdentity || !read || read.effect !== "Allow" || isBounded(statement)) return undefined;
      const [first] = wideResources(read);
      return first && `Resource is ${shownText(first.resource)} for ${first.actions.join(", ")}`;
    }),
  },
  {
    id: "iam-no-inverted-allow",
    group: "iam",
    demands: "No Allow statement uses NotAction, NotResource or NotPrincipal",
    why: "It allows everything that is not listed, including whatever AWS adds tomorrow.",
    fix: "List what is allowed, or turn the statement into a Deny.",
    mirrors: [],
    check: ({ stack }) =>
      rawStatements(stack).flatMap(({ resource, statement }) => {
        const inverted = ["NotAction", "NotResource", "NotPrincipal"].filter(
          (name) => statement[name] !== undefined,
        );
        return statement.Effect === "Allow" && inverted.length > 0
          ? [{ resource, found: `an Allow statement has ${inverted.join(", ")}` }]
          : [];
      }),
  },
  {
    id: "iam-no-broad-managed-policy",
    group: "iam",
    demands:
      "No role has an AWS-managed policy that grants a whole service or account, however it is attached",
    why: "Otherwise a compromised function can do everything the service offers.",
    fix: "Write a policy with only the actions and resources that the code needs.",
    mirrors: ["CKV_AWS_274", "CKV_AWS_275", "CKV2_AWS_56", "AwsSolutions-IAM4"],
    check: ({ stack }) => {
      const ofRoles = stack.all("aws_iam_role").flatMap(attachmentsOf);
      const alone = stack
        .all(
          "aws_iam_role_policy_attachment",
          "aws_iam_policy_attachment",
          "aws_iam_role_policy_attachments_exclusive",
        )
        .flatMap((from) =>
          ["policy_arn", "policy_arns"]
            .filter((attribute) => from.has(attribute))
            .map((attribute) => ({ from, attribute, arns: [from.raw(attribute)].flat() })),
        );
      const data = stack
        .all("data.aws_iam_policy")
        .map((from) => ({ from, attribute: "name", arns: [`\${${from.address}.arn}`] }));
      const all = [...ofRoles, ...alone, ...data].flatMap(({ from, attribute, arns }) =>
        (arns ?? []).flatMap((arn) => {
          const name = broadName(from, arn);
          return name === undefined ? [] : [{ resource: from, found: `${attribute} is ${name}` }];
        }),
      );
      const shown = new Map(all.map((one) => [`${one.resource.address} ${one.found}`, one]));
      return [...shown.values()];
    },
  },
];

function broadName(from: Resource, arn: unknown): string | undefined {
  const name = managedPolicyNameOf(from.stack, arn);
  return name !== undefined && isBroadManagedPolicy(name) ? name : undefined;
}
