import { deniedRequests } from "../../../packages/guardrails/invoke-permission";
import { type Resource, StackView } from "../../../packages/guardrails/stack-view";

interface Route {
  readonly sourceArn: string | undefined;
  readonly method?: string;
  readonly resourceId?: string;
  readonly stages?: object;
}

const execution = "${aws_api_gateway_rest_api.api.execution_arn}";
const stage = { rest_api_id: "${aws_api_gateway_rest_api.api.id}", stage_name: "dev" };

/** The requests that one permission does not allow, of `GET /items/{id}` in stage dev. */
function denied({
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
  return deniedRequests(integration as Resource, lambda as Resource);
}

describe("deniedRequests", () => {
  it.each([
    ["every request", `${execution}/*`],
    ["every stage and method", `${execution}/*/*/items/*`],
    ["everything, through a local", "${local.everything}"],
    ["the stage, by its own ARN", "${aws_api_gateway_stage.dev.execution_arn}/GET/items/*"],
    [
      "the API, by a reference to its id",
      "arn:aws:execute-api:eu-west-1:123456789012:${aws_api_gateway_rest_api.api.id}/dev/GET/*",
    ],
    ["the API, by a literal id", "arn:aws:execute-api:eu-west-1:123456789012:abc123/dev/GET/items/*"],
    ["every API in the account", "arn:aws:execute-api:eu-west-1:123456789012:*"],
    [
      "the API, with expressions as Region and account",
      "arn:aws:execute-api:${var.region}:${local.id}:*/dev/GET/items/*",
    ],
    ["a source that only Terraform knows", "${var.source_arn}"],
    ["a stage that only Terraform knows", `${execution}/\${var.stage}/GET/items/*`],
    ["any source", undefined],
  ])("returns nothing if a permission allows %s", (_, sourceArn) => {
    expect(denied({ sourceArn })).toEqual([]);
  });

  it.each([
    ["another method", `${execution}/dev/POST/items/*`],
    ["a method in lower case", `${execution}/dev/get/items/*`],
    ["another path", `${execution}/*/GET/item/*`],
    ["only part of the path", `${execution}/*/GET/items`],
    ["one value of the parameter", `${execution}/*/GET/items/1`],
    ["the parameter's name", `${execution}/*/GET/items/{id}`],
    ["another stage", `${execution}/prod/*/*`],
    ["the API without a request", execution],
    ["another API", "${aws_api_gateway_rest_api.other.execution_arn}/*"],
    [
      "another API, by its id",
      "arn:aws:execute-api:eu-west-1:123456789012:${aws_api_gateway_rest_api.other.id}/*",
    ],
    ["the API's management ARN", "arn:aws:apigateway:eu-west-1::/restapis/abc123/*"],
    ["another service", "arn:aws:events:eu-west-1:123456789012:rule/*"],
  ])("returns the request if a permission allows only %s", (_, sourceArn) => {
    expect(denied({ sourceArn })).toEqual(["GET /items/{id} of stage dev"]);
  });

  it("checks each method of ANY", () => {
    expect(denied({ sourceArn: `${execution}/dev/*/items/*`, method: "ANY" })).toEqual([]);
    expect(denied({ sourceArn: `${execution}/dev/GET/items/*`, method: "ANY" })).toHaveLength(6);
  });

  it("checks the root path, which is a slash", () => {
    const resourceId = "${aws_api_gateway_rest_api.api.root_resource_id}";

    expect(denied({ sourceArn: `${execution}/dev/GET/`, resourceId })).toEqual([]);
    expect(denied({ sourceArn: `${execution}/dev/GET`, resourceId })).toEqual(["GET / of stage dev"]);
  });

  it("checks every stage, or accepts any stage if the stack has none", () => {
    const sourceArn = `${execution}/dev/GET/items/*`;

    expect(denied({ sourceArn, stages: { dev: stage, next: { ...stage, stage_name: "next" } } })).toEqual([
      "GET /items/{id} of stage next",
    ]);
    expect(denied({ sourceArn, stages: {} })).toEqual([]);
    expect(denied({ sourceArn: `${execution}/dev/PUT/*`, stages: {} })).toEqual(["GET /items/{id}"]);
  });

  it("returns nothing for a path that is created elsewhere", () => {
    expect(denied({ sourceArn: execution, resourceId: "${aws_api_gateway_resource.foreign.id}" })).toEqual(
      [],
    );
  });
});
