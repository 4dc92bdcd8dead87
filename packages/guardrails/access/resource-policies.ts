import { type Policy, parsePolicy } from "../../iam/policy";
import { hasUnknown } from "../../iam/unknown";
import type { Resource } from "../stack-view";
import { childrenOf } from "./children";
import { accountOf } from "./place";
import { policiesIn, unknownPolicy } from "./policy-documents";
import { functionArn, segmentOf, symbolicText } from "./symbolic-text";

/** Where the policies of a resource are: its own attribute, and separate resources that name it. */
interface PolicyPlaces {
  readonly own?: string;
  readonly separate?: readonly (readonly [type: string, parent: string, policy?: string])[];
}

const places: Readonly<Record<string, PolicyPlaces>> = {
  aws_api_gateway_rest_api: {
    own: "policy",
    separate: [["aws_api_gateway_rest_api_policy", "rest_api_id"]],
  },
  aws_cloudwatch_event_bus: { separate: [["aws_cloudwatch_event_bus_policy", "event_bus_name"]] },
  aws_dynamodb_table: { separate: [["aws_dynamodb_resource_policy", "resource_arn"]] },
  aws_iam_role: { own: "assume_role_policy" },
  aws_kinesis_stream: { separate: [["aws_kinesis_resource_policy", "resource_arn"]] },
  aws_kms_key: { own: "policy", separate: [["aws_kms_key_policy", "key_id"]] },
  aws_s3_bucket: { own: "policy", separate: [["aws_s3_bucket_policy", "bucket"]] },
  aws_secretsmanager_secret: {
    own: "policy",
    separate: [["aws_secretsmanager_secret_policy", "secret_arn"]],
  },
  aws_sns_topic: { own: "policy", separate: [["aws_sns_topic_policy", "arn"]] },
  aws_sqs_queue: { own: "policy", separate: [["aws_sqs_queue_policy", "queue_url"]] },
};

/** The policies that a resource itself has. For a function and its aliases, the permissions. */
export function targetPolicies(target: Resource): readonly Policy[] {
  const { stack } = target;
  if (target.type === "aws_lambda_function") return permissionPolicies(target);
  // Log groups have no policies of their own. Those of the account name them.
  if (target.type === "aws_cloudwatch_log_group")
    return policiesIn(stack.all("aws_cloudwatch_log_resource_policy"), "policy_document");
  const { own, separate = [] } = places[target.type] ?? {};
  const found = separate.map(([type, parent]) => childrenOf(target, type, parent));
  const written = [
    ...(own ? policiesIn([target], own) : []),
    ...found.flatMap((one) => policiesIn(one.own)),
    ...(found.some(({ possible }) => possible) ? [unknownPolicy] : []),
  ];
  if (written.length > 0) return withGrants(target, written);
  const byDefault = defaultPolicy(target);
  return withGrants(target, byDefault ? [byDefault] : []);
}

/** Whether a resource has policies, whatever they say. */
export function hasPolicies(target: Resource): boolean {
  const { own, separate = [] } = places[target.type] ?? {};
  return (
    (own !== undefined && target.has(own)) ||
    separate.some(([type, parent]) => {
      const { own: children, possible } = childrenOf(target, type, parent);
      return possible || children.length > 0;
    })
  );
}

/** What AWS uses if a stack sets no policy. https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html */
function defaultPolicy({ type, stack }: Resource): Policy | undefined {
  const account = accountOf(stack);
  if (type === "aws_kms_key") {
    return parsePolicy({
      Statement: { Effect: "Allow", Principal: { AWS: account }, Action: "kms:*", Resource: "*" },
    });
  }
  if (type !== "aws_sns_topic") return undefined;
  return parsePolicy({
    Statement: {
      Effect: "Allow",
      Principal: { AWS: "*" },
      Action: ["sns:Publish", "sns:Subscribe"],
      Resource: "*",
      Condition: { StringEquals: { "aws:SourceOwner": account } },
    },
  });
}

/** A grant on a key can allow what its policy does not. */
function withGrants(target: Resource, policies: readonly Policy[]): readonly Policy[] {
  if (target.type !== "aws_kms_key") return policies;
  const { own, possible } = childrenOf(target, "aws_kms_grant", "key_id");
  return own.length > 0 || possible ? [...policies, unknownPolicy] : policies;
}

/** The policy that Lambda makes of a function's permissions. */
function permissionPolicies(lambda: Resource): readonly Policy[] {
  const { own, possible } = childrenOf(lambda, "aws_lambda_permission", "function_name");
  return [...own.map(permissionPolicy), ...(possible ? [unknownPolicy] : [])];
}

const permissions = new WeakMap<object, Policy>();

/** https://docs.aws.amazon.com/lambda/latest/api/API_AddPermission.html */
export function permissionPolicy(permission: Resource): Policy {
  const written = permission.written();
  const policy = permissions.get(written) ?? parsedPermission(permission);
  permissions.set(written, policy);
  return policy;
}

function parsedPermission(permission: Resource): Policy {
  const { stack } = permission;
  const text = (attribute: string) =>
    permission.has(attribute) ? symbolicText(stack, permission.raw(attribute)) : undefined;
  const qualifier =
    text("qualifier") ??
    stack.follow(permission.raw("function_name"), "aws_lambda_alias")?.text("name") ??
    qualifierIn(text("function_name") ?? "");
  const principal = text("principal") ?? "*";
  if (hasUnknown(principal)) return unknownPolicy;
  const sourceArn = text("source_arn");
  const equals = {
    "aws:SourceAccount": text("source_account"),
    "aws:PrincipalOrgID": text("principal_org_id"),
    "lambda:FunctionUrlAuthType": text("function_url_auth_type"),
  };
  const conditions = Object.fromEntries(Object.entries(equals).filter(([, value]) => value !== undefined));
  return parsePolicy({
    Version: "2012-10-17",
    Statement: {
      Effect: "Allow",
      Principal: /\.amazonaws\.com(\.cn)?$/.test(principal) ? { Service: principal } : { AWS: principal },
      Action: text("action") ?? "lambda:InvokeFunction",
      Resource: `${functionArn(permission, permission.raw("function_name"))}${qualifier ? `:${qualifier}` : ""}`,
      Condition: {
        ...(Object.keys(conditions).length > 0 && { StringEquals: conditions }),
        ...(sourceArn !== undefined && { ArnLike: { "aws:SourceArn": sourceArn } }),
      },
    },
  });
}

/** `live` in `arn:aws:lambda:…:function:orders:live` and in `orders:live`. */
function qualifierIn(name: string): string | undefined {
  return segmentOf(name, name.startsWith("arn:") ? 7 : 1);
}
