import { actionCovers } from "../iam/coverage";
import type { Statement as ReadStatement } from "../iam/policy";
import { policyIn } from "./access/policy-documents";
import { asRecord, asRecords, asTexts, type Resource, type StackView } from "./stack-view";

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
  aws_kinesis_resource_policy: ["policy"],
  aws_kms_key: ["policy"],
  aws_kms_key_policy: ["policy"],
  aws_s3_bucket: ["policy"],
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
  return statementsIn(resource.stack, resource.raw(attribute));
}

function statementsIn(stack: StackView, written: unknown): readonly Statement[] {
  const statements = asRecord(stack.parse(written))?.Statement;
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

/** Where a policy is written. */
export interface PolicySource {
  readonly resource: Resource;
  readonly attribute: string;
  readonly written: unknown;
  /** Whether it says what its holder can do, not who can use a resource. */
  readonly isIdentity: boolean;
}

/** Every policy in a stack, including those inside of roles. */
export function policySources(stack: StackView): readonly PolicySource[] {
  const separate = Object.entries(policyAttributes).flatMap(([type, attributes]) =>
    stack.all(type).flatMap((resource) =>
      attributes
        .filter((attribute) => resource.has(attribute))
        .map((attribute) => ({
          resource,
          attribute,
          written: resource.raw(attribute),
          isIdentity: (identityPolicyTypes as readonly string[]).includes(type),
        })),
    ),
  );
  const inline = stack
    .all("aws_iam_role")
    .flatMap((resource) =>
      asRecords(resource.raw("inline_policy") ?? []).flatMap(({ policy }) =>
        policy === undefined
          ? []
          : [{ resource, attribute: "inline_policy.policy", written: policy, isIdentity: true }],
      ),
    );
  return [...separate, ...inline];
}

/** A statement, where it is written, and the same as IAM reads it. */
export interface StatementInPlace extends PolicySource {
  readonly statement: Statement;
  /** Undefined if AWS would reject the policy as malformed. */
  readonly read: ReadStatement | undefined;
}

/** Every policy statement in a stack. */
export function allStatements(stack: StackView): readonly StatementInPlace[] {
  return policySources(stack).flatMap((source) => {
    const policy = policyIn(stack, source.written);
    return statementsIn(stack, source.written).map((statement, index) => ({
      ...source,
      statement,
      read: policy?.statements[index],
    }));
  });
}

export function allows(statement: Statement, action: string): boolean {
  if (statement.effect !== "Allow") return false;
  if (statement.notActions.length > 0)
    return !statement.notActions.some((pattern) => actionCovers(pattern, action));
  return statement.actions.some((pattern) => actionCovers(pattern, action));
}
