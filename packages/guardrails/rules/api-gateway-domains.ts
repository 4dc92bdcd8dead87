import { regionInArn, regionOf } from "../region";
import { restApi, siblings } from "../rest-api";
import { each, type Rule } from "../rule";
import type { Resource } from "../stack-view";

/** The Region of a certificate, by its literal ARN or by the provider of its resource. */
function certificateRegion(domain: Resource, attribute: string): string | undefined {
  const certificate = domain.follow(attribute, "aws_acm_certificate", "data.aws_acm_certificate");
  return certificate ? regionOf(certificate) : regionInArn(domain.text(attribute));
}

export const apiGatewayDomainRules: readonly Rule[] = [
  {
    id: "api-gateway-certificate-region",
    group: "api-gateway",
    demands:
      "A regional domain's certificate is of its own Region, and an edge-optimized domain's of us-east-1",
    why: "AWS rejects the domain at apply: “The provided certificate does not exist”.",
    fix: "Issue the certificate in that Region, with a provider alias if the stack is in another.",
    mirrors: [],
    check: each("aws_api_gateway_domain_name", (domain) => {
      const regional = certificateRegion(domain, "regional_certificate_arn");
      const edge = certificateRegion(domain, "certificate_arn");
      const own = regionOf(domain);
      const type =
        domain.text("endpoint_configuration.types") ?? domain.texts("endpoint_configuration.types")[0];
      return [
        ...(regional && own && regional !== own
          ? [`regional_certificate_arn is of ${regional}, but the domain of ${own}`]
          : []),
        ...(edge && edge !== "us-east-1" ? [`certificate_arn is of ${edge}`] : []),
        ...(type === "REGIONAL" && domain.has("certificate_arn")
          ? ["it is REGIONAL, but has certificate_arn"]
          : []),
        ...(type === "EDGE" && domain.has("regional_certificate_arn")
          ? ["it is EDGE, but has regional_certificate_arn"]
          : []),
      ];
    }),
  },
  {
    id: "api-gateway-web-acl-scope",
    group: "api-gateway",
    demands: "A web ACL for CloudFront is in us-east-1, and one for an API's stage is REGIONAL",
    why: "AWS rejects the web ACL or its association at apply.",
    fix: 'Set scope: "REGIONAL" for an API. Create one for CloudFront with a provider for us-east-1.',
    mirrors: [],
    check: each(["aws_wafv2_web_acl", "aws_wafv2_web_acl_association"], (one) => {
      const acl = one.type === "aws_wafv2_web_acl" ? one : one.follow("web_acl_arn", "aws_wafv2_web_acl");
      if (acl?.text("scope") !== "CLOUDFRONT") return undefined;
      if (one !== acl) return `${acl.path} has the scope CLOUDFRONT`;
      const region = regionOf(acl);
      return (
        region !== undefined && region !== "us-east-1" && `scope is CLOUDFRONT, but the Region is ${region}`
      );
    }),
  },
  {
    id: "api-gateway-base-path",
    group: "api-gateway",
    demands: "A base path maps to a stage that its API has",
    why: "AWS rejects the mapping at apply: “Invalid stage identifier specified”.",
    fix: "Reference the stage's stageName.",
    mirrors: [],
    check: each("aws_api_gateway_base_path_mapping", (mapping) => {
      const api = mapping.follow("api_id", restApi);
      const stage = mapping.text("stage_name");
      const stages = api ? siblings(api, "aws_api_gateway_stage") : [];
      const names = stages.map((one) => one.text("stage_name"));
      if (stage === undefined || names.length === 0 || names.includes(undefined)) return undefined;
      return !names.includes(stage) && `stage_name is ${stage}, but the API has ${names.join(", ")}`;
    }),
  },
  {
    id: "api-gateway-stage-deployment",
    group: "api-gateway",
    demands: "A stage serves a deployment of its own API",
    why: "AWS rejects the stage at apply: “Invalid deployment identifier specified”.",
    fix: "Reference the id of the API's own deployment.",
    mirrors: [],
    check: each("aws_api_gateway_stage", (stage) => {
      const deployment = stage.follow("deployment_id", "aws_api_gateway_deployment");
      const [own, other] = [stage.follow("rest_api_id", restApi), deployment?.follow("rest_api_id", restApi)];
      return own && other && own !== other && `deployment_id is of ${other.path}`;
    }),
  },
];
