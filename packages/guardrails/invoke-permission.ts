import { templateParts } from "./expression";
import { actionCovers, patternCovers } from "./policy";
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
  const permissions = permissionsFor(integration, lambda);
  const requested = method === "ANY" ? methods : [method];
  const denied = stagesOf(own).flatMap((stage) =>
    requested
      .filter((one) => !permissions.some((permission) => allowsRequest(permission, own, stage, one, path)))
      .map((one) => `${one} ${path}${stage === undefined ? "" : ` of stage ${stage}`}`),
  );
  return [...new Set(denied)];
}

/** Permissions that let API Gateway invoke the integration's target: the function or its alias. */
function permissionsFor(integration: Resource, lambda: Resource): readonly Resource[] {
  const called = integration.follow("uri", "aws_lambda_alias")?.value("name");
  return integration.stack
    .pointingAt(lambda, "aws_lambda_permission", "function_name")
    .filter((permission) => {
      const principal = permission.text("principal") ?? "*";
      const qualifier =
        permission.value("qualifier") ??
        permission.follow("function_name", "aws_lambda_alias")?.value("name");
      // The rule lambda-permission-alias reports a permission without the alias.
      const sameTarget = qualifier === undefined || called === qualifier || `${qualifier}`.includes("${");
      return (
        ["apigateway.amazonaws.com", "*"].includes(principal) &&
        actionCovers(permission.text("action") ?? "*", "lambda:InvokeFunction") &&
        sameTarget
      );
    });
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

function allowsRequest(
  permission: Resource,
  own: Resource,
  stage: string | undefined,
  method: string,
  path: string,
): boolean {
  if (!permission.has("source_arn")) return true;
  const pattern = requestPattern(`${permission.value("source_arn")}`, own);
  if (pattern === undefined) return true;
  const inPath = path.replace(/\{[^}]*\}/g, anyValue);
  const inStage = stage ?? pattern.split("/")[1] ?? "";
  return patternCovers(pattern, `/${inStage}/${method}${inPath}`);
}

/**
 * The part of a source ARN after the API's ARN, for example `/dev/GET/items/*`. A stage, method or path that only
 * Terraform knows becomes *.
 * @returns "" if the ARN belongs to something else, undefined if only Terraform knows what it belongs to
 */
function requestPattern(sourceArn: string, own: Resource): string | undefined {
  const { stack } = own;
  const parts = templateParts(sourceArn);
  const [first, ...further] = parts;
  const whole = first && "expression" in first ? `\${${first.expression}}` : undefined;
  if (whole?.endsWith(".execution_arn}")) {
    const stage = stack.follow(whole, "aws_api_gateway_stage");
    const leadsTo = stack.follow(stage?.raw("rest_api_id") ?? whole, api);
    const name = stage ? `/${stage.text("stage_name") ?? "*"}` : "";
    return leadsTo === undefined || leadsTo === own ? `${name}${textOf(further, own)}` : "";
  }
  if (whole !== undefined && !sourceArn.includes(":execute-api:")) return undefined;
  // `arn:partition:execute-api:Region:account:id/stage/method/path`, in which any part can be an expression.
  const [, , service, , , ...resource] = textOf(parts, own).split(":");
  const ofAnother = stack.referencedBy(sourceArn).some((block) => block.type === api && block !== own);
  // The id matters only if it contains *, which also covers slashes.
  return service === "execute-api" && !ofAnother ? resource.join(":").replace(/^[^/*]*/, "") : "";
}

/** An IAM pattern, with * for expressions that only Terraform knows and nothing for the API's own id. */
function textOf(parts: ReturnType<typeof templateParts>, own: Resource): string {
  const unknown = (expression: string) => (own.stack.follow(`\${${expression}}`, api) === own ? "" : "*");
  return parts.map((part) => ("literal" in part ? part.literal : unknown(part.expression))).join("");
}
