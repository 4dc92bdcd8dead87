import type { Policy } from "../iam/policy";
import { anyOf, unknown } from "../iam/unknown";
import { serviceMay } from "./access/decide";
import { permissionPolicy, targetPolicies } from "./access/resource-policies";
import { arnOf, segmentOf, symbolicText } from "./access/symbolic-text";
import type { Resource } from "./stack-view";

const api = "aws_api_gateway_rest_api";
const methods = ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"];

/** Stands for a path parameter's value. Only a pattern with * covers it. */
const anyValue = "\u0000\u0001\u0002";

/**
 * Requests that API Gateway answers with 500 because no permission on the function allows them, for example
 * `GET /items/{id} of stage dev`. API Gateway identifies each request as `<execution ARN>/<stage>/<method>/<path>`.
 * Lambda matches that against each permission's source_arn, in which * also covers slashes.
 */
export function deniedRequests(integration: Resource, lambda: Resource): readonly string[] {
  const own = integration.follow("rest_api_id", api);
  const path = own && pathOf(integration, own);
  const method = integration.text("http_method");
  if (!own || path === undefined || !method) return [];
  const requested = method === "ANY" ? methods : [method];
  const denied = stagesOf(own).flatMap((stage) =>
    requested
      .filter((one) =>
        isDenied(integration, lambda, { own, stage, rest: `${one}${path.replace(/\{[^}]*\}/g, anyValue)}` }),
      )
      .map((one) => `${one} ${path}${stage === undefined ? "" : ` of stage ${stage}`}`),
  );
  return [...new Set(denied)];
}

interface GatewayRequest {
  readonly own: Resource;
  readonly stage: string | undefined;
  /** `GET/items` */
  readonly rest: string;
}

function isDenied(integration: Resource, lambda: Resource, { own, stage, rest }: GatewayRequest): boolean {
  const request = { services: ["apigateway.amazonaws.com"], action: "lambda:InvokeFunction" };
  const api = symbolicText(own.stack, `\${${own.address}.execution_arn}`);
  const may = (name: string, policies: readonly Policy[]) =>
    anyOf(
      calledArns(integration, lambda).map((resource) =>
        serviceMay(lambda, { ...request, resource, source: `${api}/${name}/${rest}` }, policies),
      ),
    );
  if (stage !== undefined) return may(stage, targetPolicies(lambda)) === false;
  // The stage is created elsewhere: each permission is taken to be for the stage that it names.
  return own.stack
    .pointingAt(lambda, "aws_lambda_permission", "function_name")
    .every((permission) => may(stageIn(permission), [permissionPolicy(permission)]) === false);
}

function stageIn(permission: Resource): string {
  const source = symbolicText(permission.stack, permission.raw("source_arn"));
  const stage = segmentOf(source, 5)?.split("/")[1];
  return stage === undefined || stage === "*" ? unknown("stage") : stage;
}

/** What the gateway calls. The rule lambda-permission-alias reports a permission on the function in place of its alias. */
function calledArns(integration: Resource, lambda: Resource): readonly string[] {
  const alias = integration.follow("uri", "aws_lambda_alias");
  return [...(alias ? [arnOf(alias)] : []), arnOf(lambda)];
}

/** A path such as `/items/{id}`; undefined if a part of it is not known before Terraform runs. */
function pathOf(integration: Resource, own: Resource): string | undefined {
  const parts: string[] = [];
  const seen = new Set<Resource>();
  let from = integration;
  for (let attribute = "resource_id"; ; attribute = "parent_id") {
    const next = from.follow(attribute, "aws_api_gateway_resource");
    if (!next) {
      const isRoot = from.follow(attribute, api) === own;
      return isRoot && `${from.raw(attribute)}`.endsWith(".root_resource_id}")
        ? `/${parts.join("/")}`
        : undefined;
    }
    const part = next.text("path_part");
    if (part === undefined || seen.has(next)) return undefined;
    seen.add(next);
    parts.unshift(part);
    from = next;
  }
}

/** Names of an API's stages. Undefined means that the stage is created elsewhere or its name is not known yet. */
function stagesOf(own: Resource): readonly (string | undefined)[] {
  const made = own.stack.pointingAt(own, "aws_api_gateway_stage", "rest_api_id");
  return made.length > 0 ? made.map((stage) => stage.text("stage_name")) : [undefined];
}
