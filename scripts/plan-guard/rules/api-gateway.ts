import { policy } from "../access/judge-policy";
import { changeOfDeployment, changeOfHeaders } from "./api-routes";
import type { ResourceValues, TypeRule } from "./attribute-rule";
import { accepts, keepsMembers } from "./documents";
import {
  disables,
  enables,
  harmless,
  identity,
  keeps,
  leavesItsRange,
  limits,
  removes,
  weakens,
} from "./vocabulary";

const apiName = ({ before, after }: ResourceValues): string =>
  `API ${before?.name ?? after?.name ?? before?.rest_api_id ?? "(a new one)"}`;
const api = { type: "aws_api_gateway_rest_api", by: [["rest_api_id", "id"]] } as const;
const stage = {
  type: "aws_api_gateway_stage",
  by: [
    ["rest_api_id", "rest_api_id"],
    ["stage_name", "stage_name"],
  ],
} as const;
const unlimited = "one caller can use up what all share";
const otherBody = "callers get another response than they read today";

/** REST APIs, their stages and domains: what callers name and what they get. */
export const apiGateway: Readonly<Record<string, TypeRule>> = {
  aws_api_gateway_rest_api: {
    end: "its URL, which callers use, is lost",
    attributes: {
      name: harmless("text"),
      policy: policy({ kind: "called", name: apiName }),
      disable_execute_api_endpoint: enables("callers of the API's own URL get 403"),
      endpoint_configuration: keeps("callers reach it in another way, or not at all"),
      api_key_source: keeps("callers' keys are looked for elsewhere"),
      binary_media_types: keeps("bodies arrive in another encoding"),
      minimum_compression_size: harmless("cost"),
      body: keeps("its routes are other ones than before"),
      parameters: keeps("its routes are other ones than before"),
      put_rest_api_mode: harmless("terraform"),
      fail_on_warnings: harmless("terraform"),
    },
  },
  aws_api_gateway_rest_api_policy: {
    end: "callers whom only the policy lets in get 403, and callers whom it keeps out get in",
    partOf: [api],
    attributes: { rest_api_id: identity, policy: policy({ kind: "called", name: apiName }) },
  },
  aws_api_gateway_gateway_response: {
    end: "callers get AWS's own error instead of problem+json",
    partOf: [api],
    attributes: {
      rest_api_id: identity,
      response_type: identity,
      status_code: keeps("callers get another status than they handle today"),
      response_parameters: changeOfHeaders("callers no longer get a header that they read"),
      response_templates: keeps(otherBody),
    },
  },
  aws_api_gateway_authorizer: {
    end: "callers with its tokens are refused",
    partOf: [api],
    attributes: {
      rest_api_id: identity,
      name: harmless("text"),
      type: keeps("callers with the tokens of today are refused, and others let in"),
      provider_arns: keeps("callers with the tokens of today are refused, and others let in"),
      authorizer_uri: keeps("another function decides who is let in"),
      authorizer_credentials: keeps("the function that decides who is let in is called as another role"),
      authorizer_result_ttl_in_seconds: leavesItsRange(
        "a caller keeps access longer, or each call is decided anew",
        {
          unset: 300,
        },
      ),
      identity_source: keeps("callers' tokens are looked for elsewhere"),
      identity_validation_expression: keeps(
        "callers with the tokens of today are refused, and others let in",
      ),
    },
  },
  aws_api_gateway_model: {
    end: "callers' bodies are no longer checked against it",
    partOf: [api],
    attributes: {
      rest_api_id: identity,
      name: identity,
      content_type: identity,
      schema: accepts("callers whose bodies pass today may get 400"),
    },
  },
  aws_api_gateway_request_validator: {
    end: "callers' requests reach the function unchecked",
    partOf: [api],
    attributes: {
      rest_api_id: identity,
      name: harmless("text"),
      validate_request_body: disables("callers' bodies reach the function unchecked"),
      validate_request_parameters: disables("callers' parameters reach the function unchecked"),
    },
  },
  aws_api_gateway_deployment: {
    // A stage serves one, and Terraform makes the next before it destroys it. A stage that loses its own cannot be planned.
    end: { harmless: "code" },
    attributes: {
      rest_api_id: identity,
      triggers: harmless("code"),
      stage_name: keeps("the stage is deployed beside the resource that manages it"),
      stage_description: harmless("text"),
      variables: harmless("unused"),
      canary_settings: keeps("some callers get another deployment"),
    },
  },
  aws_api_gateway_stage: {
    end: "its URL, which callers use, is lost",
    partOf: [api],
    attributes: {
      rest_api_id: identity,
      stage_name: identity,
      deployment_id: changeOfDeployment,
      variables: removes("what a variable names is no longer found"),
      "access_log_settings.destination_arn": removes("requests are no longer logged where they are read"),
      "access_log_settings.format": keepsMembers("readers of the access log no longer find what they read"),
      xray_tracing_enabled: disables("requests are no longer traced"),
      client_certificate_id: removes("the backend refuses the API, which no longer identifies itself"),
      canary_settings: keeps("some callers get another deployment"),
      cache_cluster_enabled: keeps("callers get cached responses, or each call reaches the function"),
      cache_cluster_size: harmless("cost"),
      documentation_version: harmless("text"),
    },
  },
  aws_api_gateway_method_settings: {
    end: "the stage has no throttle, metrics and log of its own any more",
    partOf: [api, stage],
    configures: true,
    attributes: {
      rest_api_id: identity,
      stage_name: identity,
      method_path: identity,
      "settings.throttling_rate_limit": limits("callers get 429", unlimited, { unset: -1, unlimited: [-1] }),
      "settings.throttling_burst_limit": limits("callers get 429", unlimited, { unset: -1, unlimited: [-1] }),
      "settings.logging_level": weakens("failures inside the API are no longer logged", [
        "OFF",
        "ERROR",
        "INFO",
      ]),
      "settings.metrics_enabled": disables("alarms and dashboard get no metrics of single methods"),
      "settings.data_trace_enabled": enables("callers' bodies are written into the log"),
      "settings.caching_enabled": enables("callers get cached responses"),
      "settings.cache_ttl_in_seconds": leavesItsRange("callers get older responses", { unset: 300 }),
      "settings.cache_data_encrypted": disables("cached responses are not encrypted"),
      "settings.require_authorization_for_cache_control": disables("anybody can empty the cache", true),
      "settings.unauthorized_cache_control_header_strategy": keeps("callers get another response", "unused"),
    },
  },
  aws_api_gateway_domain_name: {
    end: "the target that DNS points to is lost, and callers with it",
    attributes: {
      domain_name: identity,
      certificate_arn: keeps("callers that trust the certificate of today may refuse the next one", "unused"),
      regional_certificate_arn: keeps("callers that trust the certificate of today may refuse the next one"),
      certificate_name: harmless("text"),
      regional_certificate_name: harmless("text"),
      certificate_body: keeps("callers that trust the certificate of today may refuse the next one"),
      certificate_chain: keeps("callers that trust the certificate of today may refuse the next one"),
      certificate_private_key: keeps("callers that trust the certificate of today may refuse the next one"),
      ownership_verification_certificate_arn: harmless("terraform"),
      security_policy: weakens("older and weaker TLS is accepted", ["TLS_1_0", "TLS_1_2"]),
      endpoint_configuration: keeps("the target that DNS points to is lost, and callers with it"),
      mutual_tls_authentication: keeps("callers without a certificate are refused, or let in"),
      policy: policy({ kind: "resource", name: ({ address }) => address }),
    },
  },
  aws_api_gateway_base_path_mapping: {
    end: "callers of the domain get 403",
    partOf: [{ type: "aws_api_gateway_domain_name", by: [["domain_name", "domain_name"]] }],
    attributes: {
      domain_name: identity,
      domain_name_id: harmless("derived"),
      base_path: identity,
      api_id: keeps("callers of the domain reach another API"),
      stage_name: keeps("callers of the domain reach another stage"),
    },
  },
  aws_api_gateway_account: {
    end: { harmless: "terraform" },
    attributes: {
      cloudwatch_role_arn: removes("every API of the account and Region loses its execution log"),
      reset_on_delete: harmless("terraform"),
    },
  },
};
