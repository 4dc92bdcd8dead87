import { deniedRequests } from "../invoke-permission";
import { place, restApi, siblings } from "../rest-api";
import { each, type Rule } from "../rule";
import { asRecord, type Resource } from "../stack-view";
import { aliasesOf } from "./lambda";

/** A resource's path part, if it is a parameter. */
function variableOf(resource: Resource): string | undefined {
  const part = resource.text("path_part");
  return part?.startsWith("{") ? part : undefined;
}

/** What identifies a resource's parent, which can be outside the stack. Undefined if each instance has its own. */
function parentOf(resource: Resource): string | undefined {
  const parent = resource.follow("parent_id", "aws_api_gateway_resource", restApi);
  if (parent) return parent.address;
  const ids = [resource.value("rest_api_id"), resource.value("parent_id")].map((id) => `${id}`);
  return ids.some((id) => /\b(each|count)\./.test(id)) ? undefined : ids.join(" ");
}

/** Whether only Terraform knows where in the API a method or an integration is. */
function isPlacedByTerraform(one: Resource): boolean {
  const elsewhere =
    one.isUnknown("resource_id") && !one.follow("resource_id", "aws_api_gateway_resource", restApi);
  return elsewhere || one.isUnknown("http_method");
}

function lambdaOf(integration: Resource): Resource | undefined {
  return integration.follow("uri", "aws_lambda_function");
}

export const apiGatewayRouteRules: readonly Rule[] = [
  {
    id: "api-gateway-method-authorized",
    group: "api-gateway",
    demands: "Every method except OPTIONS authenticates its caller",
    why: "Otherwise anyone on the internet can call it.",
    fix: "Set authorization to AWS_IAM, COGNITO_USER_POOLS or CUSTOM. Suppress the rule for a method that must be public.",
    mirrors: ["CKV_AWS_59", "CKV2_AWS_70", "AwsSolutions-APIG4"],
    check: each("aws_api_gateway_method", (method) => {
      const open = method.value("authorization") === "NONE" && method.value("http_method") !== "OPTIONS";
      return (
        open &&
        !method.mayBeTrue("api_key_required") &&
        `authorization for ${method.value("http_method")} is NONE`
      );
    }),
  },
  {
    id: "api-gateway-method-authorizer",
    group: "api-gateway",
    demands: "A method with authorization COGNITO_USER_POOLS or CUSTOM names its authorizer",
    why: "AWS rejects the method at apply.",
    fix: "Set authorizerId.",
    mirrors: [],
    check: each("aws_api_gateway_method", (method) => {
      const needs = ["COGNITO_USER_POOLS", "CUSTOM"].includes(`${method.value("authorization")}`);
      return needs && !method.has("authorizer_id") && "authorizer_id is absent";
    }),
  },
  {
    id: "api-gateway-method-validated",
    group: "api-gateway",
    demands: "Every method except OPTIONS has a request validator",
    why: "Otherwise required parameters and models are only documentation, and every bad request costs an invocation.",
    fix: "Set requestValidatorId.",
    mirrors: ["CKV2_AWS_53", "AwsSolutions-APIG2"],
    check: each("aws_api_gateway_method", (method) => {
      const checked = method.value("http_method") === "OPTIONS" || method.has("request_validator_id");
      return !checked && "request_validator_id is absent";
    }),
  },
  {
    id: "api-gateway-integration-post",
    group: "api-gateway",
    demands: "A Lambda integration uses POST, whatever the method is",
    why: "Lambda's API accepts only POST. With GET every request returns 500 (“Malformed Lambda proxy response”) or 403.",
    fix: 'Set integrationHttpMethod: "POST".',
    mirrors: [],
    check: each("aws_api_gateway_integration", (integration) => {
      const type = integration.value("type");
      const callsLambda = type === "AWS_PROXY" || (type === "AWS" && lambdaOf(integration));
      const method = integration.value("integration_http_method");
      if (integration.isUnknown("integration_http_method")) return undefined;
      return callsLambda && method !== "POST" && `integration_http_method is ${method ?? "absent"}`;
    }),
  },
  {
    id: "api-gateway-integration-of-method",
    group: "api-gateway",
    demands: "An integration belongs to a method that exists on its resource",
    why: "AWS rejects it at apply (“Invalid Method identifier specified”), or it serves another path.",
    fix: "Reference httpMethod and resourceId of the method.",
    mirrors: [],
    check: each("aws_api_gateway_integration", (integration) => {
      if (!integration.follow("rest_api_id", restApi)) return undefined;
      const all = siblings(integration, "aws_api_gateway_method");
      const methods = all.map(place);
      if ([integration, ...all].some(isPlacedByTerraform)) return undefined;
      return !methods.includes(place(integration)) && `the API has no method ${place(integration)}`;
    }),
  },
  {
    id: "api-gateway-method-integrated",
    group: "api-gateway",
    demands: "Every method has an integration",
    why: "AWS rejects the deployment at apply: “No integration defined for method”.",
    fix: "Add an ApiGatewayIntegration with the resourceId and httpMethod of the method.",
    mirrors: [],
    check: each("aws_api_gateway_method", (method) => {
      if (!method.follow("rest_api_id", restApi)) return undefined;
      const all = siblings(method, "aws_api_gateway_integration");
      const integrations = all.map(place);
      if ([method, ...all].some(isPlacedByTerraform)) return undefined;
      return !integrations.includes(place(method)) && `${method.value("http_method")} has no integration`;
    }),
  },
  {
    id: "api-gateway-integration-alias",
    group: "api-gateway",
    demands: "An integration calls the function's alias if it has one",
    why: "Otherwise requests reach $LATEST, and moving the alias has no effect.",
    fix: "Set uri to the invokeArn of the alias.",
    mirrors: [],
    check: each("aws_api_gateway_integration", (integration) => {
      const lambda = lambdaOf(integration);
      if (!lambda || aliasesOf(lambda).length === 0) return undefined;
      return !integration.follow("uri", "aws_lambda_alias") && `uri is ${lambda.path} itself, not its alias`;
    }),
  },
  {
    id: "api-gateway-integration-permission",
    group: "api-gateway",
    demands:
      "A Lambda permission allows API Gateway to invoke the function for each route's stage, method and path",
    why: "Every request to that route returns 500 and the function never runs, while the other routes work.",
    fix: "Add a LambdaPermission for apigateway.amazonaws.com with sourceArn <API's execution ARN>/<stage>/<method>/<path>, and * for each path parameter.",
    mirrors: [],
    check: each("aws_api_gateway_integration", (integration) => {
      const lambda = lambdaOf(integration);
      if (!lambda || integration.has("credentials")) return undefined;
      const denied = deniedRequests(integration, lambda);
      return denied.length > 0 && `no permission on ${lambda.path} allows ${denied.join(", ")}`;
    }),
  },
  {
    id: "api-gateway-path-part",
    group: "api-gateway",
    demands: "A resource is one path segment: letters, digits and -._:, or a parameter in braces",
    why: "AWS rejects the resource at apply.",
    fix: "Create one resource per segment: /items/{id} is two, items and {id}.",
    mirrors: [],
    check: each("aws_api_gateway_resource", (resource) => {
      const part = resource.text("path_part");
      return (
        part !== undefined &&
        !/^([\w.:-]+|\{[\w.:-]+\+?\})$/.test(part) &&
        `path_part is ${JSON.stringify(part)}`
      );
    }),
  },
  {
    id: "api-gateway-sibling-variables",
    group: "api-gateway",
    demands: "A resource has at most one child that is a parameter, {proxy+} included",
    why: "AWS rejects the second at apply: “A sibling of this resource already has a variable path part”.",
    fix: "Use the same name for the parameter in all routes that share the path before it.",
    mirrors: [],
    check: each("aws_api_gateway_resource", (resource) => {
      const part = variableOf(resource);
      const parent = parentOf(resource);
      if (!part || !parent) return undefined;
      const others = resource.stack
        .all(resource.type)
        .filter((other) => other !== resource && parentOf(other) === parent && variableOf(other));
      return others.map((other) => `${part} is next to ${variableOf(other)} of ${other.path}`);
    }),
  },
  {
    id: "api-gateway-model",
    group: "api-gateway",
    demands: "A model's name contains only letters and digits, and its schema is valid JSON",
    why: "AWS rejects the model at apply.",
    fix: "Write schema with JSON.stringify, and use a name such as PostItemsBody.",
    mirrors: [],
    check: each("aws_api_gateway_model", (model) => {
      const name = model.text("name");
      if (name !== undefined && !/^[A-Za-z0-9]+$/.test(name)) return `name is ${name}`;
      const schema = model.text("schema");
      return schema !== undefined && !jsonObject(schema) && `schema is ${schema.slice(0, 80)}`;
    }),
  },
  {
    id: "api-gateway-http-authorized",
    group: "api-gateway",
    demands: "Every route of an HTTP API authenticates its caller",
    why: "Otherwise anyone on the internet can call it.",
    fix: "Set authorizationType to AWS_IAM, JWT or CUSTOM.",
    mirrors: ["CKV_AWS_309", "APIGateway.8"],
    check: each("aws_apigatewayv2_route", (route) => {
      const type = route.value("authorization_type");
      // A WebSocket authorizes when it connects, and only then.
      if (isWebSocket(route) && route.value("route_key") !== "$connect") return undefined;
      if (route.isUnknown("authorization_type")) return undefined;
      return (
        (type === undefined || type === "NONE") &&
        `authorization_type for ${route.value("route_key")} is ${type ?? "absent"}`
      );
    }),
  },
];

/** Whether a route belongs to a WebSocket API, as its API or its key says: `GET /orders` is a key of an HTTP API. */
function isWebSocket(route: Resource): boolean {
  const protocol = route.follow("api_id", "aws_apigatewayv2_api")?.text("protocol_type");
  const key = route.text("route_key") ?? "";
  return protocol === undefined ? /^(\$(connect|disconnect)|[^\s$]+)$/.test(key) : protocol === "WEBSOCKET";
}

function jsonObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    return asRecord(JSON.parse(text));
  } catch {
    return undefined;
  }
}
