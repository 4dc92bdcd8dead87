import { CustomDomain, type CustomDomainProps } from "../../constructs/custom-domain";
import { synthesizeStack } from "../support/synthesize";

const customDomain = (changes: Partial<CustomDomainProps> = {}) =>
  synthesizeStack((stack) => {
    new CustomDomain(stack, "domain", {
      name: "api.example.com",
      certificateArn: "arn:aws:acm:eu-west-1:111122223333:certificate/a",
      restApiId: "an-api",
      stageName: "test",
      ...changes,
    });
  });

describe("CustomDomain", () => {
  it("maps to the stage, with TLS 1.2 or newer", () => {
    const stack = customDomain();

    const domain = stack.only("aws_api_gateway_domain_name");

    expect(domain.attributes).toEqual({
      domain_name: "api.example.com",
      regional_certificate_arn: "arn:aws:acm:eu-west-1:111122223333:certificate/a",
      endpoint_configuration: { types: ["REGIONAL"] },
      security_policy: "TLS_1_2",
    });
    expect(stack.only("aws_api_gateway_base_path_mapping").attributes).toEqual({
      domain_name: domain.ref("domain_name"),
      api_id: "an-api",
      stage_name: "test",
    });
  });

  it("creates no record unless a zone is given", () => {
    expect(customDomain().resources("aws_route53_record")).toEqual([]);
  });

  it("creates the record in the given zone", () => {
    const stack = customDomain({ hostedZoneId: "Z123" });

    const domain = stack.only("aws_api_gateway_domain_name");

    expect(stack.only("aws_route53_record").attributes).toEqual({
      zone_id: "Z123",
      name: "api.example.com",
      type: "A",
      alias: {
        name: domain.ref("regional_domain_name"),
        zone_id: domain.ref("regional_zone_id"),
        evaluate_target_health: false,
      },
    });
  });
});
