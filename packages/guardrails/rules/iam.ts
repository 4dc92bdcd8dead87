import { templateParts } from "../expression";
import { actionsOf } from "../iam-actions";
import { actionCovers, allStatements, identityPolicyTypes, type Statement, statementsOf } from "../policy";
import { each, type Finding, type Rule } from "../rule";
import { asRecord, asTexts, type Resource, type StackView } from "../stack-view";

const isIdentity = ({ type }: Resource): boolean => (identityPolicyTypes as readonly string[]).includes(type);

/** A check that inspects each statement of each policy. */
function eachStatement(
  inspect: (statement: Statement, resource: Resource, attribute: string) => string | false | undefined,
): Rule["check"] {
  return ({ stack }) =>
    allStatements(stack).flatMap(({ resource, attribute, statement }): readonly Finding[] => {
      const found = inspect(statement, resource, attribute);
      return found ? [{ resource, found: statement.sid ? `${statement.sid}: ${found}` : found }] : [];
    });
}

/** Condition keys that show on whose behalf a service acts. */
const sourceKeys =
  /^(aws:(sourcearn|sourceaccount|sourceorgid|sourceorgpaths|principalorgid|sourceowner)|kms:(encryptioncontext.*|viaservice|calleraccount)|sts:externalid)$/;

/** Condition keys that restrict `Principal: *`. */
const narrowingKeys =
  /^(aws:(source(arn|account|orgid|vpce|vpc|ip|owner)|principal(arn|account|orgid|orgpaths)|vpcsourceip)|kms:(viaservice|calleraccount))$/;

/** The service that assumes the role named in a resource's attribute. */
const assumedBy = [
  ["aws_lambda_function", "role", "lambda.amazonaws.com"],
  ["aws_kinesis_firehose_delivery_stream", "extended_s3_configuration.role_arn", "firehose.amazonaws.com"],
  ["aws_api_gateway_account", "cloudwatch_role_arn", "apigateway.amazonaws.com"],
  ["aws_cloudwatch_log_subscription_filter", "role_arn", "logs."],
  ["aws_cloudwatch_event_target", "role_arn", "events.amazonaws.com"],
] as const;

const operators =
  /^(ForAllValues:|ForAnyValue:)?(String(Not)?(Equals(IgnoreCase)?|Like)|Numeric(Not)?Equals|Numeric(LessThan|GreaterThan)(Equals)?|Date(Not)?Equals|Date(LessThan|GreaterThan)(Equals)?|Bool|BinaryEquals|(Not)?IpAddress|Arn(Not)?(Equals|Like))(IfExists)?$|^Null$/;

/** AWS-managed policies that grant far more than one function needs. */
const broadPolicies =
  /\/(AdministratorAccess|PowerUserAccess|IAMFullAccess|\w+FullAccess|AWSLambda_FullAccess)$/;

export const iamRules: readonly Rule[] = [
  {
    id: "iam-action-exists",
    group: "iam",
    demands: "Every action in a policy exists",
    why: "AWS accepts a misspelt action silently, and the call is denied at run time.",
    fix: "Correct the name. https://docs.aws.amazon.com/service-authorization/latest/reference lists each service's actions.",
    mirrors: [],
    check: eachStatement((statement) => {
      const wrong = [...statement.actions, ...statement.notActions].filter((action) => !exists(action));
      return wrong.length > 0 && `IAM has no action ${wrong.join(", ")}`;
    }),
  },
  {
    id: "iam-no-wildcard-action",
    group: "iam",
    demands: "Identity policies name their actions: no * and no service:*",
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
    check: eachStatement((statement, resource) => {
      const wide = statement.actions.filter((action) => /^\*$|:\*$/.test(action));
      return (
        isIdentity(resource) &&
        statement.effect === "Allow" &&
        wide.length > 0 &&
        `Action is ${wide.join(", ")}`
      );
    }),
  },
  {
    id: "iam-no-wildcard-grant",
    group: "iam",
    demands: "Allow statements of resource policies name their actions: no * and no service:*",
    why: "Otherwise anyone allowed to send a message can also change the policy or delete the resource.",
    fix: "Name the actions, for example sqs:SendMessage.",
    mirrors: ["CKV_AWS_72"],
    check: eachStatement((statement, resource) => {
      const wide = statement.actions.filter((action) => /^\*$|:\*$/.test(action));
      // AWS expects a key's policy to allow kms:* to its own account.
      const exempt = isIdentity(resource) || resource.type.startsWith("aws_kms_key");
      return !exempt && statement.effect === "Allow" && wide.length > 0 && `Action is ${wide.join(", ")}`;
    }),
  },
  {
    id: "iam-no-lockout",
    group: "iam",
    demands: "No resource policy denies everything to everyone",
    why: "Not even an administrator can undo it. For a bucket or a queue, only the account's root user can.",
    fix: "Add a Condition, for example Bool aws:SecureTransport false, or deny only specific actions.",
    mirrors: ["CKV_AWS_93"],
    check: eachStatement((statement, resource) => {
      const all = statement.actions.some((action) => /^\*$|:\*$/.test(action));
      const everyone = statement.principals.includes("*") && statement.conditions.length === 0;
      return (
        !isIdentity(resource) &&
        statement.effect === "Deny" &&
        all &&
        everyone &&
        `everyone is denied ${statement.actions.join(", ")}`
      );
    }),
  },
  {
    id: "iam-no-wildcard-resource",
    group: "iam",
    demands: "Identity policies name their resources: * only for actions that support no other",
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
    check: eachStatement((statement, resource) => {
      if (!isIdentity(resource) || statement.effect !== "Allow" || !statement.resources.includes("*"))
        return undefined;
      const bound = statement.actions.filter(takesResource);
      return bound.length > 0 && `Resource is * for ${bound.join(", ")}`;
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
    id: "iam-policy-complete",
    group: "iam",
    demands:
      "A policy is valid JSON with Version 2012-10-17. Each statement has Effect and Action, and Resource in an identity policy or Principal in any other",
    why: "AWS rejects it at apply (MalformedPolicyDocument). An older Version treats policy variables as plain text.",
    fix: "Write it with JSON.stringify, with all parts of each statement.",
    mirrors: [],
    check: ({ stack }) =>
      policyTexts(stack).flatMap(({ resource, attribute }) => incomplete(resource, attribute)),
  },
  {
    id: "iam-condition-operator",
    group: "iam",
    demands: "Every condition has an operator that IAM defines",
    why: "AWS rejects the policy at apply: MalformedPolicyDocument.",
    fix: "Use an operator such as StringEquals, ArnLike or Bool. Operators are case-sensitive.",
    mirrors: [],
    check: eachStatement((statement) => {
      const wrong = statement.conditions
        .map(({ operator }) => operator)
        .filter((one) => !operators.test(one));
      return wrong.length > 0 && `IAM has no operator ${wrong.join(", ")}`;
    }),
  },
  {
    id: "iam-not-public",
    group: "iam",
    demands:
      "No resource policy or trust policy allows everyone (Principal *), unless a condition restricts it",
    why: "Otherwise anyone with an AWS account can use it.",
    fix: "Name the principal, or add a Condition on aws:SourceArn, aws:PrincipalArn or aws:PrincipalOrgID.",
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
    check: eachStatement((statement) => {
      const narrowed = statement.conditions.some(({ key }) => narrowingKeys.test(key));
      return (
        statement.effect === "Allow" && statement.principals.includes("*") && !narrowed && "Principal is *"
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
    check: eachStatement((statement, resource) => {
      if (isIdentity(resource) || resource.type === "aws_iam_role" || statement.effect !== "Allow")
        return undefined;
      const services = statement.principals.filter((principal) => principal.startsWith("Service:"));
      const bound = statement.conditions.some(({ key }) => sourceKeys.test(key));
      return services.length > 0 && !bound && `${services.join(", ")} is not restricted to a source`;
    }),
  },
  {
    id: "iam-trust-service",
    group: "iam",
    demands: "A role trusts the service that it is assigned to",
    why: "AWS rejects it at apply: “The role defined for the function cannot be assumed by Lambda”.",
    fix: 'Set Principal: { Service: "…" } in assumeRolePolicy to that service.',
    mirrors: [],
    check: ({ stack }) =>
      assumedBy.flatMap(([type, attribute, service]) =>
        stack.all(type).flatMap((resource) => {
          const role = resource.follow(attribute, "aws_iam_role");
          const statements = role ? statementsOf(role, "assume_role_policy") : [];
          const trusts = statements.some(
            ({ effect, actions, principals }) =>
              effect === "Allow" &&
              actions.some((action) => actionCovers(action, "sts:AssumeRole")) &&
              principals.some((principal) => principal.startsWith(`Service:${service}`)),
          );
          return statements.length === 0 || trusts
            ? []
            : [{ resource, found: `role ${role?.path} does not trust ${service.replace(/\.$/, "")}` }];
        }),
      ),
  },
  {
    id: "iam-trust-federated",
    group: "iam",
    demands: "A role that trusts an identity provider has a condition on sub, and not *",
    why: "Otherwise every repository on GitHub, or every customer of another issuer, can assume it.",
    fix: "Add a StringLike condition on <issuer>:sub, such as repo:my-org/my-repo:*.",
    mirrors: ["CKV_AWS_358", "CKV_AWS_393"],
    check: eachStatement((statement) => {
      if (statement.effect !== "Allow" || !statement.principals.some((one) => one.startsWith("Federated:")))
        return undefined;
      const subjects = statement.conditions.filter(({ key }) => /:(sub|aud)$|^saml:/.test(key));
      const named = subjects.filter(
        ({ key }) => !key.endsWith(":aud") || !statement.actions.includes("sts:AssumeRoleWithWebIdentity"),
      );
      if (named.length === 0) return "it has no condition on sub";
      return (
        named.some(({ values }) => values.includes("*") || values.includes("repo:*")) && "sub can be anything"
      );
    }),
  },
  {
    id: "iam-no-broad-managed-policy",
    group: "iam",
    demands: "No role has an AWS-managed policy that grants a whole service or account",
    why: "Otherwise a compromised function can do everything the service offers.",
    fix: "Write a policy with only the actions and resources that the code needs.",
    mirrors: ["CKV_AWS_274", "CKV_AWS_275", "CKV2_AWS_56", "AwsSolutions-IAM4"],
    check: each(
      ["aws_iam_role_policy_attachment", "aws_iam_policy_attachment", "data.aws_iam_policy"],
      (one) => {
        const attribute = ["policy_arn", "arn", "name"].find((name) => one.has(name)) ?? "";
        const policy = one.text(attribute) ?? "";
        return broadPolicies.test(`/${policy}`) && `${attribute} is ${policy}`;
      },
    ),
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
  {
    id: "iam-s3-resource-level",
    group: "iam",
    demands: "Object actions have an object ARN (…/*), and bucket actions have the bucket's ARN",
    why: "Otherwise the statement matches nothing, and the call is denied at run time.",
    fix: "Use <bucket ARN>/* for GetObject and PutObject, and the bucket ARN for ListBucket.",
    mirrors: [],
    check: eachStatement((statement) => {
      const named = statement.resources.filter((text) => text !== "*");
      if (statement.effect !== "Allow" || named.length === 0) return undefined;
      const wrong = statement.actions.filter((action) => {
        const type = s3Level(action);
        return type && !named.some((text) => (type === "object" ? objectLevel(text) : !objectLevel(text)));
      });
      return wrong.length > 0 && `${wrong.join(", ")} has Resource ${named.join(", ")}`;
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
        const sizes = stack.pointingAt(role, "aws_iam_role_policy", "role").map(sizeOf);
        const sum = sizes.reduce((total, size) => total + size, 0);
        return sum > 10_240 ? [{ resource: role, found: `its policies have ${sum} characters` }] : [];
      }),
      ...stack.all("aws_iam_policy").flatMap((policy) => {
        const size = sizeOf(policy);
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

const ownedPolicies = [
  ["aws_s3_bucket_policy", "bucket", "aws_s3_bucket"],
  ["aws_sqs_queue_policy", "queue_url", "aws_sqs_queue"],
  ["aws_sns_topic_policy", "arn", "aws_sns_topic"],
] as const;

function exists(action: string): boolean {
  if (action === "*" || action.includes("${")) return true;
  const [service = "", name] = action.split(":");
  const actions = actionsOf(service);
  if (!actions || !name) return false;
  if (!/[*?]/.test(name)) return actions.has(name.toLowerCase());
  return [...actions.keys()].some((known) => actionCovers(name, known));
}

/** Whether an action supports resources. A pattern does if any action it covers does. */
function takesResource(action: string): boolean {
  if (action === "*") return true;
  const [service = "", name = ""] = action.split(":");
  const covered = [...(actionsOf(service)?.values() ?? [])].filter((known) => actionCovers(name, known.name));
  return covered.some(({ resourceTypes }) => resourceTypes.length > 0);
}

function s3Level(action: string): "bucket" | "object" | undefined {
  if (!/^s3:\w+$/i.test(action)) return undefined;
  const types =
    actionsOf("s3")
      ?.get(action.slice(3).toLowerCase())
      ?.resourceTypes.map(({ name }) => name) ?? [];
  if (types.includes("object") && !types.includes("bucket")) return "object";
  return types.includes("bucket") && !types.includes("object") ? "bucket" : undefined;
}

/** Whether an ARN names objects: it has a slash after the bucket, whatever the bucket's name. */
function objectLevel(arn: string): boolean {
  return /[/*]/.test(arn.replace(/\$\{[^}]*\}/g, "x").replace(/^arn:[^:]*:s3:::/, ""));
}

function sizeOf(policy: Resource): number {
  return JSON.stringify(policy.json("policy") ?? "").replace(/\s/g, "").length;
}

function policyTexts(
  stack: StackView,
): readonly { readonly resource: Resource; readonly attribute: string }[] {
  const seen = new Set<string>();
  const declared = [...stack.blocks]
    .filter(({ mode }) => mode === "resource")
    .flatMap((resource) =>
      ["policy", "assume_role_policy", "policy_document"].map((attribute) => ({ resource, attribute })),
    )
    .filter(
      ({ resource, attribute }) => typeof resource.raw(attribute) === "string" && isPolicyType(resource.type),
    );
  return declared.filter(({ resource, attribute }) => {
    const key = `${resource.address} ${attribute}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

/** Some types, such as `aws_iam_…_attachment`, have a `policy` that is not a document. */
function isPolicyType(type: string): boolean {
  return /^aws_(iam_(role|policy|role_policy|user_policy|group_policy)|s3_bucket_policy|sqs_queue(_policy)?|sns_topic(_policy)?|kms_key(_policy)?|api_gateway_rest_api(_policy)?|cloudwatch_log_resource_policy|cloudwatch_event_bus_policy)$/.test(
    type,
  );
}

function rawStatements(
  stack: StackView,
): readonly { readonly resource: Resource; readonly statement: Readonly<Record<string, unknown>> }[] {
  return policyTexts(stack).flatMap(({ resource, attribute }) => {
    const statements = asRecord(resource.json(attribute))?.Statement;
    const entries: readonly unknown[] = Array.isArray(statements) ? statements : [statements];
    return entries.flatMap((entry) => {
      const statement = asRecord(entry);
      return statement ? [{ resource, statement }] : [];
    });
  });
}

function incomplete(resource: Resource, attribute: string): readonly Finding[] {
  const policy = asRecord(resource.json(attribute));
  // A policy that only Terraform knows passes.
  const text = `${resource.value(attribute)}`;
  const [only, ...further] = templateParts(text);
  if (!policy) {
    const unknown = further.length === 0 && only && "expression" in only;
    return unknown ? [] : [{ resource, found: `${attribute} is not a JSON object: ${text.slice(0, 60)}` }];
  }
  const statements: readonly unknown[] = Array.isArray(policy.Statement)
    ? policy.Statement
    : [policy.Statement];
  const problems = [
    ...(policy.Version === "2012-10-17" ? [] : [`Version is ${policy.Version ?? "absent"}`]),
    ...statements.flatMap((entry, index) => {
      const statement = asRecord(entry);
      const name = statement?.Sid ?? `statement ${index + 1}`;
      if (!statement) return [`${name} is absent`];
      const needs = isIdentity(resource) ? "Resource" : "Principal";
      return [
        ...(["Allow", "Deny"].includes(`${statement.Effect}`)
          ? []
          : [`${name}: Effect is ${statement.Effect ?? "absent"}`]),
        ...(asTexts(statement.Action ?? statement.NotAction).length > 0 ? [] : [`${name} has no Action`]),
        ...((statement[needs] ?? statement[`Not${needs}`]) ? [] : [`${name} has no ${needs}`]),
        ...(isIdentity(resource) && statement.Principal ? [`${name} has a Principal`] : []),
        ...(attribute === "assume_role_policy" && statement.Resource ? [`${name} has a Resource`] : []),
      ];
    }),
  ];
  return problems.map((found) => ({ resource, found }));
}
