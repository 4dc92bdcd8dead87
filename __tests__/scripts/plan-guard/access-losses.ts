import type { Values } from "../../../scripts/plan-guard/rules/attribute-rule";
import { policyWith, valuesOf } from "./prod-plan";
import type { RefusedUpdate } from "./refused-update";

const api = "aws_api_gateway_rest_api.api";
const getItems = "aws_api_gateway_method.api_get-items-id";
const gatewayResponse = "aws_api_gateway_gateway_response.api_responses_throttled";
const role = "aws_iam_role.api-function_role";
const rolePolicy = "aws_iam_role_policy.api-function_role-policy";
const trust = (principal: unknown, condition?: unknown): Values => ({
  assume_role_policy: JSON.stringify({
    Statement: { Effect: "Allow", Principal: principal, Action: "sts:AssumeRole", Condition: condition },
  }),
});
const anybody = { Effect: "Allow", Principal: "*", Action: "*", Resource: "*" };
const withoutSid = (sid: string) => (statements: readonly Values[]) =>
  statements.filter(({ Sid }) => Sid !== sid);

/** What others may do more than before, or no longer. */
export const accessLosses: readonly RefusedUpdate[] = [
  [getItems, "authorization", { authorization: "NONE", api_key_required: true }],
  [
    getItems,
    "request_parameters",
    {
      request_parameters: {
        ...(valuesOf(getItems).request_parameters as Values),
        "method.request.querystring.limit": true,
      },
    },
  ],
  [api, "policy", { policy: JSON.stringify({ Statement: { ...anybody, Action: "execute-api:Invoke" } }) }],
  ...["aws_api_gateway_rest_api.api", "aws_api_gateway_rest_api_policy.api_policy"].map(
    (name): RefusedUpdate => {
      const invoke = { ...anybody, Action: "execute-api:Invoke" };
      const ofAccount = { StringEquals: { "aws:PrincipalAccount": "222222222222" } };
      return [
        name,
        "policy",
        { policy: JSON.stringify({ Statement: invoke }) },
        { policy: JSON.stringify({ Statement: { ...invoke, Condition: ofAccount } }) },
      ];
    },
  ),
  [
    gatewayResponse,
    "response_parameters",
    {
      response_parameters: {
        ...(valuesOf(gatewayResponse).response_parameters as Values),
        "gatewayresponse.header.Access-Control-Allow-Origin": "'*'",
      },
    },
  ],
  [
    role,
    "permissions_boundary",
    { permissions_boundary: null },
    { permissions_boundary: "arn:aws:iam::123456789012:policy/boundary" },
  ],
  [api, "disable_execute_api_endpoint", { disable_execute_api_endpoint: true }],
  [api, "endpoint_configuration", { endpoint_configuration: [{ types: ["PRIVATE"] }] }],
  [role, "assume_role_policy", trust({ Service: ["lambda.amazonaws.com", "edgelambda.amazonaws.com"] })],
  [role, "assume_role_policy", trust({ AWS: "*" }, { StringLike: { "aws:PrincipalArn": "*" } })],
  [role, "assume_role_policy", trust({ Service: "ec2.amazonaws.com" })],
  ...["StringEqualsIfExists", "StringLike", undefined].map(
    (operator): RefusedUpdate => [
      "aws_iam_role.access-log-delivery_delivery-role",
      "assume_role_policy",
      trust(
        { Service: "firehose.amazonaws.com" },
        operator && { [operator]: { "sts:ExternalId": operator === "StringLike" ? "*" : "123456789012" } },
      ),
    ],
  ),
  ...[JSON.stringify({ Statement: { ...anybody, Principal: undefined } }), "no policy"].map(
    (policy): RefusedUpdate => [role, "inline_policy", { inline_policy: [{ name: "more", policy }] }],
  ),
  [role, "managed_policy_arns", { managed_policy_arns: ["arn:aws:iam::aws:policy/AdministratorAccess"] }],
  [
    rolePolicy,
    "policy",
    policyWith(rolePolicy, "policy", (all) => [...all, { ...anybody, Principal: undefined }]),
  ],
  [
    rolePolicy,
    "policy",
    policyWith(rolePolicy, "policy", (all) =>
      all.map((each) =>
        Array.isArray(each.Action)
          ? { ...each, Action: each.Action.filter((action) => action !== "dynamodb:DeleteItem") }
          : each,
      ),
    ),
  ],
  [
    "aws_sns_topic_policy.alarm-topic_policy",
    "policy",
    policyWith("aws_sns_topic_policy.alarm-topic_policy", "policy", withoutSid("DenyWithoutTls")),
  ],
  ...(["artifact-bucket", "log-bucket"] as const).map(
    (bucket): RefusedUpdate => [
      `aws_s3_bucket_policy.${bucket}_policy`,
      "policy",
      policyWith(`aws_s3_bucket_policy.${bucket}_policy`, "policy", (all) =>
        all.map((each) =>
          each.Sid === "DenyWithoutTls"
            ? { ...each, Condition: { Bool: { "aws:SecureTransport": "true" } } }
            : each,
        ),
      ),
    ],
  ),
  [
    "aws_s3_bucket_public_access_block.log-bucket_public-access",
    "restrict_public_buckets",
    { restrict_public_buckets: false },
  ],
  [
    "aws_s3_bucket_ownership_controls.log-bucket_ownership",
    "rule.object_ownership",
    { rule: [{ object_ownership: "ObjectWriter" }] },
  ],
  [
    "aws_s3_bucket_server_side_encryption_configuration.artifact-bucket_encryption",
    "rule.apply_server_side_encryption_by_default.sse_algorithm",
    { rule: [{ apply_server_side_encryption_by_default: [{ sse_algorithm: "AES256" }] }] },
  ],
  ["aws_s3_bucket.log-bucket", "force_destroy", { force_destroy: true }],
];
