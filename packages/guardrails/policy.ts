import { asRecord, asTexts, type Resource, type StackView } from "./stack-view";

/** A policy statement in normalized form. */
export interface Statement {
  readonly sid: string | undefined;
  readonly effect: string;
  readonly actions: readonly string[];
  readonly notActions: readonly string[];
  readonly resources: readonly string[];
  readonly hasResource: boolean;
  /** `*`, or for example `Service:logs.amazonaws.com`. Empty in an identity policy. */
  readonly principals: readonly string[];
  /** Conditions, with their keys in lower case. */
  readonly conditions: readonly Condition[];
}

export interface Condition {
  readonly operator: string;
  readonly key: string;
  readonly values: readonly string[];
}

/** Attributes that contain policies, by resource type. */
export const policyAttributes: Readonly<Record<string, readonly string[]>> = {
  aws_api_gateway_rest_api: ["policy"],
  aws_api_gateway_rest_api_policy: ["policy"],
  aws_cloudwatch_event_bus_policy: ["policy"],
  aws_cloudwatch_log_resource_policy: ["policy_document"],
  aws_dynamodb_resource_policy: ["policy"],
  aws_iam_group_policy: ["policy"],
  aws_iam_policy: ["policy"],
  aws_iam_role: ["assume_role_policy"],
  aws_iam_role_policy: ["policy"],
  aws_iam_user_policy: ["policy"],
  aws_kms_key: ["policy"],
  aws_kms_key_policy: ["policy"],
  aws_s3_bucket_policy: ["policy"],
  aws_secretsmanager_secret_policy: ["policy"],
  aws_sns_topic: ["policy"],
  aws_sns_topic_policy: ["policy"],
  aws_sqs_queue: ["policy"],
  aws_sqs_queue_policy: ["policy"],
};

/** Identity policies: they define what their holder can do, not who can access a resource. */
export const identityPolicyTypes = [
  "aws_iam_policy",
  "aws_iam_role_policy",
  "aws_iam_user_policy",
  "aws_iam_group_policy",
] as const;

export function statementsOf(resource: Resource, attribute = "policy"): readonly Statement[] {
  const statements = asRecord(resource.json(attribute))?.Statement;
  return (Array.isArray(statements) ? statements : [statements]).flatMap((entry) => {
    const statement = asRecord(entry);
    return statement ? [normalized(statement)] : [];
  });
}

function normalized(statement: Readonly<Record<string, unknown>>): Statement {
  return {
    sid: typeof statement.Sid === "string" ? statement.Sid : undefined,
    effect: `${statement.Effect}`,
    actions: asTexts(statement.Action),
    notActions: asTexts(statement.NotAction),
    resources: asTexts(statement.Resource),
    hasResource: statement.Resource !== undefined || statement.NotResource !== undefined,
    principals: principalsOf(statement.Principal),
    conditions: Object.entries(asRecord(statement.Condition) ?? {}).flatMap(([operator, keys]) =>
      Object.entries(asRecord(keys) ?? {}).map(([key, values]) => ({
        operator,
        key: key.toLowerCase(),
        values: asTexts(values),
      })),
    ),
  };
}

function principalsOf(principal: unknown): readonly string[] {
  if (typeof principal === "string") return [principal];
  return Object.entries(asRecord(principal) ?? {}).flatMap(([type, values]) =>
    asTexts(values).map((value) => (value === "*" ? "*" : `${type}:${value}`)),
  );
}

/** Every policy statement in a stack, with the resource and attribute that contain it. */
export function allStatements(
  stack: StackView,
): readonly { readonly resource: Resource; readonly attribute: string; readonly statement: Statement }[] {
  return Object.entries(policyAttributes).flatMap(([type, attributes]) =>
    stack
      .all(type)
      .flatMap((resource) =>
        attributes.flatMap((attribute) =>
          statementsOf(resource, attribute).map((statement) => ({ resource, attribute, statement })),
        ),
      ),
  );
}

/** Whether an action or a pattern such as `sqs:Send*` covers an action. */
export function actionCovers(pattern: string, action: string): boolean {
  return patternCovers(pattern.toLowerCase(), action.toLowerCase());
}

/** Whether an IAM pattern matches a string. Its * and ? also match slashes and colons. */
export function patternCovers(pattern: string, text: string): boolean {
  const expression = pattern.replace(/[.+^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`^${expression.replaceAll("*", ".*").replaceAll("?", ".")}$`, "s").test(text);
}

export function allows(statement: Statement, action: string): boolean {
  if (statement.effect !== "Allow") return false;
  if (statement.notActions.length > 0)
    return !statement.notActions.some((pattern) => actionCovers(pattern, action));
  return statement.actions.some((pattern) => actionCovers(pattern, action));
}

/** Permissions of some AWS-managed policies. Any other attached policy could grant anything. */
const knownManagedPolicies: Readonly<Record<string, readonly string[]>> = {
  AWSLambdaBasicExecutionRole: ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"],
  AWSXRayDaemonWriteAccess: ["xray:*"],
  AWSLambdaDynamoDBExecutionRole: [
    "dynamodb:*Stream*",
    "dynamodb:GetRecords",
    "dynamodb:GetShardIterator",
    "logs:*",
  ],
  AWSLambdaSQSQueueExecutionRole: [
    "sqs:ReceiveMessage",
    "sqs:DeleteMessage",
    "sqs:GetQueueAttributes",
    "logs:*",
  ],
};

/**
 * Whether a role is allowed an action on a resource.
 * @returns undefined if that is unknown because a policy from outside the stack is attached
 */
export function roleMay(role: Resource, action: string, target: Resource): boolean | undefined {
  const { stack } = role;
  const inline = stack.pointingAt(role, "aws_iam_role_policy", "role");
  const attached = stack.pointingAt(role, "aws_iam_role_policy_attachment", "role");
  let unknown = role.has("inline_policy") || role.has("managed_policy_arns");
  const policies: Resource[] = [...inline];
  for (const attachment of attached) {
    const own = attachment.follow("policy_arn", "aws_iam_policy");
    const managed = knownManagedPolicies[attachment.text("policy_arn")?.split("/").at(-1) ?? ""];
    if (own) policies.push(own);
    else if (!managed) unknown = true;
    else if (managed.some((pattern) => actionCovers(pattern, action))) return true;
  }
  if (policies.some((policy) => policy.has("policy") && policy.json("policy") === undefined)) unknown = true;
  const granted = policies
    .flatMap((policy) => statementsOf(policy))
    .some(
      (statement) => allows(statement, action) && statement.resources.some((text) => covers(text, target)),
    );
  return granted || (unknown ? undefined : false);
}

/** Whether a policy's `Resource` covers a resource of the stack or a part of it. */
export function covers(resourceText: string, target: Resource): boolean {
  if (resourceText === "*") return true;
  if (target.stack.follow(resourceText, target.type) === target) return true;
  const name = target.text("name") ?? target.text("bucket") ?? target.text("function_name");
  if (!name || !resourceText.startsWith("arn:")) return false;
  const last = resourceText.replace(/\/\*$/, "").split(/[:/]/).at(-1) ?? "";
  return actionCovers(last, name);
}
