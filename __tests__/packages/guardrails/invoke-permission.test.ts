import { refusedRequests } from "../../../packages/guardrails/invoke-permission";
import { type Resource, StackView } from "../../../packages/guardrails/stack-view";

interface Route {
  readonly sourceArn: string | undefined;
  readonly method?: string;
  readonly resourceId?: string;
  readonly stages?: object;
}

const execution = "${aws_api_gateway_rest_api.api.execution_arn}";
const stage = { rest_api_id: "${aws_api_gateway_rest_api.api.id}", stage_name: "dev" };

/** What is refused of `GET /items/{id}` in stage dev, by one permission. */
function refused({
  sourceArn,
  method = "GET",
  resourceId,
  stages = { dev: stage },
}: Route): readonly string[] {
  const restApi = { rest_api_id: "${aws_api_gateway_rest_api.api.id}" };
  const stack = new StackView({
    locals: { everything: `${execution}/*` },
    resource: {
      aws_api_gateway_rest_api: { api: { name: "api" }, other: { name: "other" } },
      aws_api_gateway_stage: stages as Record<string, Record<string, unknown>>,
      aws_api_gateway_resource: {
        items: {
          ...restApi,
          parent_id: "${aws_api_gateway_rest_api.api.root_resource_id}",
          path_part: "items",
        },
        item: { ...restApi, parent_id: "${aws_api_gateway_resource.items.id}", path_part: "{id}" },
        foreign: { ...restApi, parent_id: "${var.parent}", path_part: "x" },
      },
      aws_lambda_function: { f: { function_name: "f" } },
      aws_api_gateway_integration: {
        i: {
          ...restApi,
          resource_id: resourceId ?? "${aws_api_gateway_resource.item.id}",
          http_method: method,
          uri: "${aws_lambda_function.f.invoke_arn}",
        },
      },
      aws_lambda_permission: {
        p: {
          action: "lambda:InvokeFunction",
          function_name: "f",
          principal: "apigateway.amazonaws.com",
          ...(sourceArn !== undefined && { source_arn: sourceArn }),
        },
      },
    },
  });
  const [integration, lambda] = ["aws_api_gateway_integration", "aws_lambda_function"].map(
    (type) => stack.all(type)[0],
  );
  return refusedRequests(integration as Resource, lambda as Resource);
}

describe("refusedRequests", () => {
  it.each([
    ["every request", `${execution}/*`],
    ["every stage and method", `${execution}/*/*/items/*`],
    ["what a local says", "${local.everything}"],
    ["the stage by its own ARN", "${aws_api_gateway_stage.dev.execution_arn}/GET/items/*"],
    [
      "the API by its id",
      "arn:aws:execute-api:eu-west-1:123456789012:${aws_api_gateway_rest_api.api.id}/dev/GET/*",
    ],
    [
      "the API by an id that is written out",
      "arn:aws:execute-api:eu-west-1:123456789012:abc123/dev/GET/items/*",
    ],
    ["every API of the account", "arn:aws:execute-api:eu-west-1:123456789012:*"],
    [
      "a Region and an account by expressions",
      "arn:aws:execute-api:${var.region}:${local.id}:*/dev/GET/items/*",
    ],
    ["what only Terraform knows", "${var.source_arn}"],
    ["a stage that only Terraform knows", `${execution}/\${var.stage}/GET/items/*`],
    ["whoever asks", undefined],
  ])("is nothing where a permission admits %s", (_, sourceArn) => {
    expect(refused({ sourceArn })).toEqual([]);
  });

  it.each([
    ["another method", `${execution}/dev/POST/items/*`],
    ["a method in lower case", `${execution}/dev/get/items/*`],
    ["another path", `${execution}/*/GET/item/*`],
    ["a part of the path", `${execution}/*/GET/items`],
    ["one value of a parameter", `${execution}/*/GET/items/1`],
    ["a parameter by its name", `${execution}/*/GET/items/{id}`],
    ["another stage", `${execution}/prod/*/*`],
    ["the API and no request", execution],
    ["another API", "${aws_api_gateway_rest_api.other.execution_arn}/*"],
    [
      "another API by its id",
      "arn:aws:execute-api:eu-west-1:123456789012:${aws_api_gateway_rest_api.other.id}/*",
    ],
    ["the API's ARN as a resource", "arn:aws:apigateway:eu-west-1::/restapis/abc123/*"],
    ["another service", "arn:aws:events:eu-west-1:123456789012:rule/*"],
  ])("is the request where a permission admits %s", (_, sourceArn) => {
    expect(refused({ sourceArn })).toEqual(["GET /items/{id} of stage dev"]);
  });

  it("asks for each method of ANY", () => {
    expect(refused({ sourceArn: `${execution}/dev/*/items/*`, method: "ANY" })).toEqual([]);
    expect(refused({ sourceArn: `${execution}/dev/GET/items/*`, method: "ANY" })).toHaveLength(6);
  });

  it("asks for the root by its slash", () => {
    const resourceId = "${aws_api_gateway_rest_api.api.root_resource_id}";

    expect(refused({ sourceArn: `${execution}/dev/GET/`, resourceId })).toEqual([]);
    expect(refused({ sourceArn: `${execution}/dev/GET`, resourceId })).toEqual(["GET / of stage dev"]);
  });

  it("asks for every stage, and for any where none is in the stack", () => {
    const sourceArn = `${execution}/dev/GET/items/*`;

    expect(refused({ sourceArn, stages: { dev: stage, next: { ...stage, stage_name: "next" } } })).toEqual([
      "GET /items/{id} of stage next",
    ]);
    expect(refused({ sourceArn, stages: {} })).toEqual([]);
    expect(refused({ sourceArn: `${execution}/dev/PUT/*`, stages: {} })).toEqual(["GET /items/{id}"]);
  });

  it("cannot tell of a path that is made elsewhere", () => {
    expect(refused({ sourceArn: execution, resourceId: "${aws_api_gateway_resource.foreign.id}" })).toEqual(
      [],
    );
  });
});
