import {
  changeOfAuthorization,
  changeOfHeaders,
  changeOfParameters,
  changeOfPathPart,
  pathOf,
  routeOf,
} from "./api-routes";
import type { ResourceValues, TypeRule } from "./attribute-rule";
import { enables, harmless, identity, keeps, removes, starves } from "./vocabulary";

const api = { type: "aws_api_gateway_rest_api", by: [["rest_api_id", "id"]] } as const;
const method = {
  type: "aws_api_gateway_method",
  by: [
    ["resource_id", "resource_id"],
    ["http_method", "http_method"],
    ["rest_api_id", "rest_api_id"],
  ],
} as const;
const callersGet = (what: string) => (resource: ResourceValues) => `callers of ${routeOf(resource)} ${what}`;
const otherBody = "callers get another response than they read today";

/** The routes of REST APIs: which callers they let in, and what these get. */
export const apiMethods: Readonly<Record<string, TypeRule>> = {
  aws_api_gateway_resource: {
    end: ({ before, all }) => `callers of ${before?.path ?? pathOf(before?.id, all)} get 403`,
    partOf: [api],
    attributes: { path_part: changeOfPathPart, parent_id: identity, rest_api_id: identity },
  },
  aws_api_gateway_method: {
    end: callersGet("get 403"),
    partOf: [api, { type: "aws_api_gateway_resource", by: [["resource_id", "id"]] }],
    attributes: {
      http_method: identity,
      resource_id: identity,
      rest_api_id: identity,
      authorization: changeOfAuthorization,
      authorizer_id: keeps("callers with the tokens of today may be refused, and others let in"),
      authorization_scopes: keeps("callers with the tokens of today may be refused, and others let in"),
      api_key_required: keeps("callers without a key are refused, or let in"),
      request_parameters: changeOfParameters,
      request_models: keeps("callers' bodies are checked against another model"),
      request_validator_id: removes("callers' requests reach the function unchecked"),
      operation_name: harmless("text"),
    },
  },
  aws_api_gateway_integration: {
    end: callersGet("get 500"),
    partOf: [api, method],
    attributes: {
      http_method: identity,
      resource_id: identity,
      rest_api_id: identity,
      type: keeps("requests are served in another way"),
      uri: keeps("requests are served by something else"),
      integration_http_method: keeps("the function is called with a method that it refuses"),
      credentials: keeps("the function is called as another role, or as none"),
      connection_id: keeps("requests take another network"),
      connection_type: keeps("requests take another network"),
      content_handling: keeps("bodies arrive in another encoding"),
      passthrough_behavior: keeps("bodies of some types are refused, or let through unchanged"),
      request_parameters: removes("the function no longer gets what it reads"),
      request_templates: removes("the function no longer gets what it reads"),
      timeout_milliseconds: starves("callers get 504 before the function is done", { unset: 29_000 }),
      "tls_config.insecure_skip_verification": enables("the server's certificate is not checked"),
      cache_key_parameters: keeps("callers may get each other's cached responses"),
      cache_namespace: harmless("cost"),
    },
  },
  aws_api_gateway_integration_response: {
    end: callersGet("get 500"),
    partOf: [api, method],
    attributes: {
      http_method: identity,
      resource_id: identity,
      rest_api_id: identity,
      status_code: identity,
      content_handling: keeps(otherBody),
      response_parameters: changeOfHeaders(otherBody),
      response_templates: removes(otherBody),
      selection_pattern: keeps(otherBody),
    },
  },
  aws_api_gateway_method_response: {
    end: callersGet("get 500"),
    partOf: [api, method],
    attributes: {
      http_method: identity,
      resource_id: identity,
      rest_api_id: identity,
      status_code: identity,
      response_models: harmless("text"),
      response_parameters: removes(otherBody),
    },
  },
};
