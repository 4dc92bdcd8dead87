import { templateParts } from "./expression";
import { actionCovers, patternCovers } from "./policy";
import type { Resource } from "./stack-view";

const api = "aws_api_gateway_rest_api";
const methods = ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"];

/** What stands in a path where a caller's value comes: no pattern but one with * has it. */
const anyValue = "\u0000\u0001\u0002";

/**
 * Which requests API Gateway answers 500 to, as no permission of the function that it calls admits them: for example
 * `GET /items/{id} of stage dev`. API Gateway asks for each request as `<execution ARN>/<stage>/<method>/<path>`,
 * and Lambda compares that with each permission's source_arn, whose * reaches over slashes.
 */
export function refusedRequests(integration: Resource, lambda: Resource): readonly string[] {
  const own = integration.follow("rest_api_id", api);
  const path = own && pathOf(integration, own);
  const method = integration.text("http_method");
  if (!own || path === undefined || !method) return [];
  const permissions = permissionsFor(integration, lambda);
  const requested = method === "ANY" ? methods : [method];
  const refused = stagesOf(own).flatMap((stage) =>
    requested
      .filter((one) => !permissions.some((permission) => admits(permission, own, stage, one, path)))
      .map((one) => `${one} ${path}${stage === undefined ? "" : ` of stage ${stage}`}`),
  );
  return [...new Set(refused)];
}

/** Permissions by which API Gateway may call what the integration calls: the function, or its alias. */
function permissionsFor(integration: Resource, lambda: Resource): readonly Resource[] {
  const called = integration.follow("uri", "aws_lambda_alias")?.value("name");
  return integration.stack
    .pointingAt(lambda, "aws_lambda_permission", "function_name")
    .filter((permission) => {
      const principal = permission.text("principal") ?? "*";
      const qualifier =
        permission.value("qualifier") ??
        permission.follow("function_name", "aws_lambda_alias")?.value("name");
      // A permission that lacks the alias is what lambda-permission-alias tells.
      const sameTarget = qualifier === undefined || called === qualifier || `${qualifier}`.includes("${");
      return (
        ["apigateway.amazonaws.com", "*"].includes(principal) &&
        actionCovers(permission.text("action") ?? "*", "lambda:InvokeFunction") &&
        sameTarget
      );
    });
}

/** `/items/{id}`; undefined where a part of it is not known before Terraform runs. */
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

/** Names of an API's stages; undefined stands for one that is made elsewhere or named later. */
function stagesOf(own: Resource): readonly (string | undefined)[] {
  const made = own.stack.pointingAt(own, "aws_api_gateway_stage", "rest_api_id");
  return made.length > 0 ? made.map((stage) => stage.text("stage_name")) : [undefined];
}

function admits(
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
 * What follows the API's ARN in a source ARN: `/dev/GET/items/*`.
 * @returns "" where it is the ARN of something else, undefined where only Terraform knows of what; what only Terraform
 * knows of stage, method and path counts as *
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
  // `arn:partition:execute-api:Region:account:id/stage/method/path`, where any part may be an expression.
  const [, , service, , , ...resource] = textOf(parts, own).split(":");
  const ofAnother = stack.referencedBy(sourceArn).some((block) => block.type === api && block !== own);
  // Of the id only a * matters, which reaches over slashes too.
  return service === "execute-api" && !ofAnother ? resource.join(":").replace(/^[^/*]*/, "") : "";
}

/** A pattern of IAM, with * for what only Terraform knows, and nothing for the API's own id. */
function textOf(parts: ReturnType<typeof templateParts>, own: Resource): string {
  const unknown = (expression: string) => (own.stack.follow(`\${${expression}}`, api) === own ? "" : "*");
  return parts.map((part) => ("literal" in part ? part.literal : unknown(part.expression))).join("");
}
