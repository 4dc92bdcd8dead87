import { actionCovers } from "../../../iam/coverage";
import { mayAssume } from "../../access/decide";
import { regionOf } from "../../access/place";
import { policyIn } from "../../access/policy-documents";
import { hasPolicies } from "../../access/resource-policies";
import { arnOf } from "../../access/symbolic-text";
import { each, type Rule } from "../../rule";
import { asRecords, type Resource } from "../../stack-view";
import { coveredServices } from "./coverage";
import { eachStatement } from "./statements";
import { admitsStranger } from "./strangers";

/** The attributes with a role, and the service that assumes it. `<region>` is the resource's Region. */
const assumedBy: readonly (readonly [type: string, attribute: string, ...services: string[]])[] = [
  ["aws_api_gateway_account", "cloudwatch_role_arn", "apigateway.amazonaws.com"],
  ["aws_api_gateway_integration", "credentials", "apigateway.amazonaws.com"],
  ["aws_cloudwatch_event_target", "role_arn", "events.amazonaws.com"],
  ["aws_cloudwatch_log_subscription_filter", "role_arn", "logs.amazonaws.com", "logs.<region>.amazonaws.com"],
  ["aws_kinesis_firehose_delivery_stream", "extended_s3_configuration.role_arn", "firehose.amazonaws.com"],
  [
    "aws_kinesis_firehose_delivery_stream",
    "extended_s3_configuration.s3_backup_configuration.role_arn",
    "firehose.amazonaws.com",
  ],
  ["aws_kinesis_firehose_delivery_stream", "kinesis_source_configuration.role_arn", "firehose.amazonaws.com"],
  ["aws_lambda_function", "role", "lambda.amazonaws.com"],
  ["aws_pipes_pipe", "role_arn", "pipes.amazonaws.com"],
  ["aws_scheduler_schedule", "target.role_arn", "scheduler.amazonaws.com"],
  ["aws_sfn_state_machine", "role_arn", "states.amazonaws.com"],
  ["aws_sns_topic_subscription", "subscription_role_arn", "sns.amazonaws.com"],
];

/** Whether a statement of a resource policy is about everyone, or about one service. */
const isEveryone = ([, value]: readonly [string, string]): boolean => value === "*";

export const principalRules: readonly Rule[] = [
  {
    id: "iam-no-lockout",
    group: "iam",
    demands: "No resource policy denies everything to everyone",
    why: "Not even an administrator can undo it. For a bucket or a queue, only the account's root user can.",
    fix: "Add a Condition, for example Bool aws:SecureTransport false, or deny only specific actions.",
    mirrors: ["CKV_AWS_93"],
    check: eachStatement(({ isIdentity, statement, read }) => {
      if (isIdentity || read?.effect !== "Deny" || read.conditions.length > 0) return undefined;
      const everyone = !read.principals?.inverted && read.principals?.values.some(isEveryone);
      const all = coveredServices(read.actions).length > 0;
      return everyone && all && `everyone is denied ${statement.actions.join(", ")}`;
    }),
  },
  {
    id: "iam-not-public",
    group: "iam",
    demands:
      "No resource policy or trust policy allows everyone (Principal *), unless a condition restricts it that nobody else can fulfil",
    why: "Otherwise anyone with an AWS account can use it.",
    fix: "Name the principal, or add a Condition on aws:SourceArn, aws:PrincipalArn or aws:PrincipalOrgID, without IfExists and ForAllValues.",
    mirrors: [
      "CKV_AWS_33",
      "CKV_AWS_60",
      "CKV_AWS_61",
      "CKV_AWS_70",
      "CKV_AWS_168",
      "CKV_AWS_169",
      "CKV_AWS_283",
      "CKV_AWS_387",
      "KMS.5",
      "S3.2",
      "S3.3",
      "SNS.4",
      "SQS.3",
      "AwsSolutions-EVB1",
    ],
    check: eachStatement(({ resource, written, read }) => {
      const policy = policyIn(resource.stack, written);
      if (!policy || read?.effect !== "Allow" || read.principals?.inverted) return undefined;
      if (!read.principals?.values.some(isEveryone)) return undefined;
      const open = { ...read, principals: { values: [["AWS", "*"]] as const, inverted: false } };
      const keys = [...new Set(read.conditions.map(({ key }) => key))];
      return (
        admitsStranger(policy, open, undefined) &&
        `Principal is *${keys.length > 0 ? `, and anybody can fulfil the condition on ${keys.join(", ")}` : ""}`
      );
    }),
  },
  {
    id: "iam-service-source",
    group: "iam",
    demands:
      "A resource policy that allows a service restricts it to your own source: aws:SourceArn or aws:SourceAccount",
    why: "Otherwise the service acts for any account that asks (the confused deputy problem).",
    fix: "Add a Condition on aws:SourceArn or aws:SourceAccount. For a key, kms:ViaService or the encryption context also works.",
    mirrors: [],
    check: eachStatement(({ isIdentity, resource, written, read }) => {
      const policy = policyIn(resource.stack, written);
      if (!policy || isIdentity || resource.type === "aws_iam_role" || read?.effect !== "Allow")
        return undefined;
      const services = (read.principals?.values ?? [])
        .filter(([type, value]) => type === "Service" && value !== "*")
        .map(([, value]) => value);
      const open = services.filter((service) => admitsStranger(policy, read, service));
      return (
        open.length > 0 &&
        `${open.map((service) => `Service:${service}`).join(", ")} is not restricted to a source`
      );
    }),
  },
  {
    id: "iam-trust-service",
    group: "iam",
    demands: "A role can be assumed by the service that it is assigned to",
    why: "AWS rejects it at apply: “The role defined for the function cannot be assumed by Lambda”.",
    fix: 'Allow sts:AssumeRole to Principal: { Service: "…" } in assumeRolePolicy, with no Deny that it matches.',
    mirrors: [],
    check: ({ stack }) =>
      assumedBy.flatMap(([type, attribute, ...services]) =>
        stack.all(type).flatMap((resource) =>
          rolesAt(resource, attribute).flatMap((role) => {
            const names = services.map((name) => name.replace("<region>", () => regionOf(resource)));
            const trusted = names.some((name) => mayAssume(role, name, sourcesOf(resource)) !== false);
            return trusted || !hasPolicies(role)
              ? []
              : [{ resource, found: `role ${role.path} does not trust ${names[0]}` }];
          }),
        ),
      ),
  },
  {
    id: "iam-trust-federated",
    group: "iam",
    demands: "A role that trusts an identity provider has a condition on sub, and not *",
    why: "Otherwise every repository on GitHub, or every customer of another issuer, can assume it.",
    fix: "Add a StringLike condition on <issuer>:sub, such as repo:my-org/my-repo:*.",
    mirrors: ["CKV_AWS_358", "CKV_AWS_393"],
    check: eachStatement(({ statement }) => {
      if (statement.effect !== "Allow" || !statement.principals.some((one) => one.startsWith("Federated:")))
        return undefined;
      const subjects = statement.conditions.filter(({ key }) => /:(sub|aud)$|^saml:/.test(key));
      const named = subjects.filter(
        ({ key }) =>
          !key.endsWith(":aud") ||
          !statement.actions.some((one) => actionCovers(one, "sts:AssumeRoleWithWebIdentity")),
      );
      if (named.length === 0) return "it has no condition on sub";
      return (
        named.some(({ values }) => values.includes("*") || values.includes("repo:*")) && "sub can be anything"
      );
    }),
  },
  {
    id: "iam-no-users",
    group: "iam",
    demands: "A stack creates no IAM users and no access keys",
    why: "Access keys never expire, are stored in Terraform's state, and leak.",
    fix: "Use a role: the function's, or one that the pipeline assumes through OpenID Connect.",
    mirrors: ["CKV_AWS_40", "CKV_AWS_273", "IAM.2"],
    check: each(
      ["aws_iam_user", "aws_iam_access_key", "aws_iam_user_policy", "aws_iam_user_policy_attachment"],
      (one) => `it is an ${one.type}`,
    ),
  },
];

/** What the service names as aws:SourceArn, in all forms. Undefined if that is not documented. */
function sourcesOf(resource: Resource): readonly (string | undefined)[] {
  if (resource.type !== "aws_cloudwatch_log_subscription_filter") return [undefined];
  const group = resource.follow("log_group_name", "aws_cloudwatch_log_group");
  return group ? [arnOf(group), `${arnOf(group)}:*`] : [undefined];
}

function rolesAt(resource: Resource, attribute: string): readonly Resource[] {
  const names = attribute.split(".");
  const last = names.pop() ?? "";
  let blocks: readonly Readonly<Record<string, unknown>>[] = [
    { [names[0] ?? last]: resource.raw(names[0] ?? last) },
  ];
  for (const name of names) blocks = blocks.flatMap((block) => asRecords(block[name] ?? []));
  return blocks.flatMap((block) => resource.stack.follow(block[last], "aws_iam_role") ?? []);
}
