import { ApiGatewayBasePathMapping } from "@cdktf/provider-aws/lib/api-gateway-base-path-mapping";
import { ApiGatewayDomainName } from "@cdktf/provider-aws/lib/api-gateway-domain-name";
import { Route53Record } from "@cdktf/provider-aws/lib/route53-record";
import { Construct } from "constructs";
import { promise } from "../packages/guardrails/promise";

export interface CustomDomainProps {
  /** For example `api.example.com`. */
  readonly name: string;
  /** ARN of an ACM certificate in the API's Region. */
  readonly certificateArn: string;
  /** Route 53 zone to create the record in. @default none: point a record at `target` yourself */
  readonly hostedZoneId?: string;
  readonly restApiId: string;
  /** A reference to the stage: API Gateway refuses a mapping to a stage that does not exist yet. */
  readonly stageName: string;
}

/** A custom domain name for a regional API, with TLS 1.2 or newer. Its root path maps to the stage. */
export class CustomDomain extends Construct {
  readonly url: string;
  /** The host name that a DNS record must point to. */
  readonly target: string;

  constructor(scope: Construct, id: string, props: CustomDomainProps) {
    super(scope, id);
    const domain = new ApiGatewayDomainName(this, "domain", {
      domainName: props.name,
      regionalCertificateArn: props.certificateArn,
      endpointConfiguration: { types: ["REGIONAL"] },
      securityPolicy: "TLS_1_2",
    });
    const mapping = new ApiGatewayBasePathMapping(this, "mapping", {
      domainName: domain.domainName,
      apiId: props.restApiId,
      stageName: props.stageName,
    });
    promise(domain, "callers reach the API by this name, with TLS 1.2 or newer", [
      "domain_name",
      "regional_certificate_arn",
      "endpoint_configuration",
      "security_policy",
    ]);
    promise(mapping, "the name leads to this stage", ["domain_name", "api_id", "stage_name", "base_path"]);
    if (props.hostedZoneId) {
      const record = new Route53Record(this, "record", {
        zoneId: props.hostedZoneId,
        name: props.name,
        type: "A",
        alias: {
          name: domain.regionalDomainName,
          zoneId: domain.regionalZoneId,
          evaluateTargetHealth: false,
        },
      });
      promise(record, "the name leads to this domain", ["zone_id", "name", "type", "alias"]);
    }
    this.url = `https://${props.name}`;
    this.target = domain.regionalDomainName;
  }
}
