import type { Values } from "../../../scripts/plan-guard/rules/attribute-rule";
import { changed, created, deployedResource, judgedPlan, policyWith, updated, valuesOf } from "./prod-plan";

const rolePolicy = "aws_iam_role_policy.api-function_role-policy";

describe("a change of access is told, and not refused", () => {
  it("of a new route", () => {
    const parent = deployedResource("aws_api_gateway_resource.api_items").change.before as Values;
    const route = { rest_api_id: parent.rest_api_id, resource_id: parent.id };

    const { refused, changes } = judgedPlan([
      created("aws_api_gateway_method", { ...route, http_method: "GET", authorization: "AWS_IAM" }),
      created("aws_api_gateway_integration", { ...route, http_method: "GET", type: "AWS_PROXY" }),
      created("aws_lambda_permission", {
        function_name: "serverless-app-api-prod",
        action: "lambda:InvokeFunction",
        principal: "apigateway.amazonaws.com",
        source_arn: "arn:aws:execute-api:eu-west-1:123456789012:a/prod/GET/items",
      }),
    ]);

    expect(refused).toEqual([]);
    expect(changes.flatMap(({ access }) => access)).toEqual([
      "function serverless-app-api-prod may now be called by apigateway.amazonaws.com (lambda:InvokeFunction) if aws:sourcearn is like arn:aws:execute-api:eu-west-1:123456789012:a/prod/GET/items",
    ]);
  });

  it("of a route without authorization", () => {
    const { refused, changes } = judgedPlan([
      created("aws_api_gateway_method", { http_method: "GET", authorization: "NONE" }),
    ]);

    expect(refused).toEqual([]);
    expect(changes[0]?.access).toEqual(["anybody may now call GET /"]);
  });

  it.each([
    [
      "aws_lambda_permission",
      { function_name: "f", action: "lambda:InvokeFunction", principal: "222222222222" },
      /222222222222/,
    ],
    [
      "aws_sns_topic_subscription",
      { topic_arn: "t", protocol: "email", endpoint: "a@example.com" },
      /a@example.com now gets/,
    ],
    ["aws_lambda_function_url", { function_name: "f", authorization_type: "AWS_IAM" }, /f now has a URL/],
    [
      "aws_iam_role_policy_attachment",
      { role: "r", policy_arn: "arn:aws:iam::aws:policy/ReadOnlyAccess" },
      /role r may now do/,
    ],
  ])("of a new %s", (type, after, sentence) => {
    const { refused, changes } = judgedPlan([created(type, after)]);

    expect(refused).toEqual([]);
    expect(changes[0]?.access).toEqual([expect.stringMatching(sentence)]);
  });

  it("of a role that gets more actions and resources", () => {
    const after = policyWith(rolePolicy, "policy", (all) =>
      all.map((each) =>
        each.Sid === "ItemsTable"
          ? {
              ...each,
              Action: ["dynamodb:*Item", "dynamodb:Query"],
              Resource: [each.Resource, `${each.Resource}/index/*`],
            }
          : each,
      ),
    );

    const { refused, changes } = judgedPlan([updated(rolePolicy, after)]);

    expect(refused).toEqual([]);
    const [onTable, onIndexes] = changes[0]?.access ?? [];
    expect(onTable).toMatch(
      / may now also .*dynamodb:BatchWriteItem, .*dynamodb:UpdateItem on \S+items-table\S+$/,
    );
    expect(onTable).not.toMatch(/dynamodb:GetItem|\*/);
    expect(onIndexes).toMatch(/ may now also .*dynamodb:Query, .* on \S+\/index\/\*$/);
  });

  it("of a role whose resources are narrowed", () => {
    const wide = policyWith(rolePolicy, "policy", (all) =>
      all.map((each) => (each.Sid === "ItemsTable" ? { ...each, Resource: "*" } : each)),
    );
    const change = changed(rolePolicy, {
      actions: ["update"],
      before: { ...valuesOf(rolePolicy), ...wide },
    });

    const { refused, changes } = judgedPlan([change]);

    expect(refused).toEqual([]);
    expect(changes[0]?.access).toEqual([expect.stringMatching(/^role .* may no longer .* on \*$/)]);
  });

  it.each<[string, Values, RegExp]>([
    [
      "aws_dynamodb_table.items-table",
      { replica: [{ region_name: "eu-central-1" }] },
      /^all items are now copied to another Region$/,
    ],
    [
      "aws_s3_bucket.artifact-bucket",
      { replication_configuration: [{ rules: [{ destination: [{ bucket: "arn:aws:s3:::elsewhere" }] }] }] },
      /^its objects are now copied to arn:aws:s3:::elsewhere$/,
    ],
    [
      "aws_lambda_function_event_invoke_config.api-function_asynchronous-invocation",
      { destination_config: [{ on_success: [{ destination: "arn:aws:sqs:eu-west-1:999999999999:q" }] }] },
      /^results of asynchronous calls now go to arn:aws:sqs:eu-west-1:999999999999:q$/,
    ],
    [
      "aws_iam_role.api-function_role",
      {
        inline_policy: [
          {
            name: "more",
            policy: JSON.stringify({
              Statement: { Effect: "Allow", Action: "s3:GetObject", Resource: "arn:aws:s3:::a/*" },
            }),
          },
        ],
      },
      /^role \S+ may now also s3:GetObject on arn:aws:s3:::a\/\*$/,
    ],
  ])("of %s, in place", (name, after, sentence) => {
    const { refused, changes } = judgedPlan([updated(name, after)]);

    expect(refused).toEqual([]);
    expect(changes[0]?.access).toEqual([expect.stringMatching(sentence)]);
  });

  it("of a queue whose messages go to another queue when they are received too often", () => {
    const redrive = JSON.stringify({ deadLetterTargetArn: "arn:aws:sqs:eu-west-1:1:b", maxReceiveCount: 1 });

    const { refused, changes } = judgedPlan([
      updated("aws_sqs_queue.dead-letter-queue", { redrive_policy: redrive }),
    ]);

    expect(refused).toEqual([]);
    expect(changes[0]?.access).toEqual([
      "messages that are received too often now go to arn:aws:sqs:eu-west-1:1:b",
    ]);
  });

  it("of the pages that may read an error in a browser", () => {
    const name = "aws_api_gateway_gateway_response.api_responses_throttled";
    const parameters = {
      ...(valuesOf(name).response_parameters as Values),
      "gatewayresponse.header.Access-Control-Allow-Origin": "'https://app.example.com'",
    };

    const { refused, changes } = judgedPlan([updated(name, { response_parameters: parameters })]);

    expect(refused).toEqual([]);
    expect(changes[0]?.access).toEqual([
      "pages of https://app.example.com may now read the response in a browser",
    ]);
  });

  it("of a bucket that refuses what is not encrypted in transit", () => {
    const name = "aws_s3_bucket_policy.log-bucket_policy";
    const before = policyWith(name, "policy", (all) => all.filter(({ Sid }) => Sid !== "DenyWithoutTls"));

    const { refused } = judgedPlan([
      changed(name, { actions: ["update"], before: { ...valuesOf(name), ...before } }),
    ]);

    expect(refused).toEqual([]);
  });
});
